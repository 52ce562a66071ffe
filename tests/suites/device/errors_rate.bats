#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A limit of records that is refused, and one that is set: errno, record, and what it was.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# The module judges by the same lines on each kernel.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

rate() { "$ioctl" rate "$@"; }

# limit CONTID: what contidctl says that it is
limit() { contidctl rate "$1"; }

# bats test_tags=everywhere
@test "a limit is set, changed and taken away, and each is on record with what it was before" {
	local nr=1 expected

	cd "$BATS_TEST_TMPDIR"
	start_in "$A $B" plain
	log_mark
	answers OK rate "contid=$A" rate=100 burst=7
	[ "$(limit "$A")" = "100 records a second, 7 at once" ]
	answers OK rate "contid=$A" rate=50
	[ "$(limit "$A")" = "50 records a second, 50 at once" ]
	answers OK rate "contid=$A"
	[ "$(limit "$A")" = "no limit" ]
	answers OK rate "contid=$B" rate=1000000 burst=1000000
	log | LC_ALL=C sed -n 's/\x1d.*//; s/^type=KERNEL_OTHER .*): \(op=rate .*\)/\1/p' >records
	cat records
	while read -r expected; do
		sed -n "${nr}p" records >record
		nr=$((nr + 1))
		grep -E "^$expected ppid=[0-9]+ pid=[0-9]+ .* res=1\$" record
	done <<-EOF
		op=rate opid=\\? ocontid=$A rate=100 burst=7 old-rate=0 old-burst=0
		op=rate opid=\\? ocontid=$A rate=50 burst=50 old-rate=100 old-burst=7
		op=rate opid=\\? ocontid=$A rate=0 burst=0 old-rate=50 old-burst=50
		op=rate opid=\\? ocontid=$B,\\^$A rate=1000000 burst=1000000 old-rate=0 old-burst=0
	EOF
	[ "$(wc -l <records)" -eq 4 ]
}

@test "a flag, or a reserved field that is not zero, is EINVAL" {
	start_in "$A" plain
	watched=("$pid")
	for wrong in flags=1 flags=0x80000000 poke=36-36:1 poke=40-40:1 poke=63-63:80; do
		refused EINVAL "op=rate opid=? ocontid=$A rate=5 burst=0" \
			rate "contid=$A" rate=5 "$wrong"
	done
	[ "$(limit "$A")" = "no limit" ]
}

@test "more than a million, 2^32 and 2^64 - 1 are ERANGE, and not another number" {
	local number

	start_in "$A" plain
	watched=("$pid")
	answers OK rate "contid=$A" rate=5 burst=6
	for number in 1000001 4294967295 4294967296 4294967297 18446744073709551615; do
		refused ERANGE "op=rate opid=? ocontid=$A rate=$number burst=0" \
			rate "contid=$A" "rate=$number"
		refused ERANGE "op=rate opid=? ocontid=$A rate=1 burst=$number" \
			rate "contid=$A" rate=1 "burst=$number"
	done
	# before the burst without a limit
	refused ERANGE "op=rate opid=? ocontid=$A rate=0 burst=1000001" \
		rate "contid=$A" burst=1000001
	[ "$(limit "$A")" = "5 records a second, 6 at once" ]
}

@test "a burst without a limit is EINVAL" {
	start_in "$A" plain
	watched=("$pid")
	refused EINVAL "op=rate opid=? ocontid=$A rate=0 burst=1" rate "contid=$A" burst=1
}

@test "a container that does not live is ENOENT, after what is wrong with the numbers" {
	refused ENOENT "op=rate opid=? ocontid=$A rate=1 burst=0" rate "contid=$A" rate=1
	refused ENOENT "op=rate opid=? ocontid=$zeros rate=1 burst=0" rate "contid=$zeros" rate=1
	refused ERANGE "op=rate opid=? ocontid=$A rate=1000001" rate "contid=$A" rate=1000001
	refused EINVAL "op=rate opid=? ocontid=$A rate=1" rate "contid=$A" rate=1 flags=2
}

# bats test_tags=everywhere
@test "a caller in a container limits those in its own, not its own, and finds no others" {
	start_in "$A $B" plain
	watched=("$pid")
	put "$C"
	watched+=("$pid")
	refused EXDEV "op=rate opid=? ocontid=$A rate=9 burst=0" \
		in_container "$A" "$ioctl" rate "contid=$A" rate=9
	refused ENOENT "op=rate opid=? ocontid=$C rate=9 burst=0" \
		in_container "$A" "$ioctl" rate "contid=$C" rate=9
	refused ENOENT "op=rate opid=? ocontid=$A rate=9 burst=0" \
		in_container "$B" "$ioctl" rate "contid=$A" rate=9
	run in_container "$A" "$ioctl" rate "contid=$B" rate=9
	[ "$output" = OK ]
	[ "$(limit "$B")" = "9 records a second, 9 at once" ]
	[ "$(limit "$A")" = "no limit" ]
}

@test "an argument that cannot be read is EFAULT" {
	start_in "$A" plain
	watched=("$pid")
	for at in null kernel edge; do
		refused EFAULT "op=rate opid=? ocontid=?" rate "contid=$A" rate=1 "at=$at"
	done
	[ "$(limit "$A")" = "no limit" ]
}
