#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The label for people that a registration brings: on record, escaped, and read back.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# The module copies, keeps and reads a label by the same lines on each kernel; how it
# is printed and decoded is audit's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

label=$bin/label_ioctl

# times COUNT TEXT: TEXT so many times
times() {
	local all

	printf -v all "%$1s" ''
	printf %s "${all// /$2}"
}

# ended: what was started last is gone, and its container with it
ended() {
	kill -9 "$pid"
	wait_for no_containers
}

# labelled TEXT FIELD LENGTH: a container with this label has this field at the end of the
# records of its begin and its end, and its label is read back
labelled() {
	local op

	start plain
	log_mark
	answers OK "$label" register "pid=$pid" "contid=$A" "text=$1"
	answers "OK $3 $1" "$label" get "contid=$A"
	ended
	log >records
	for op in register drop; do
		grep -aE ": op=$op opid=$pid ocontid=$A .* res=1 vm=" records | sed 's/\o35.*//' >record
		cat -v record
		[ "$(wc -l <record)" -eq 1 ]
		[[ $(sed "s/ contid=$A\$//" record) == *" res=1 vm=$2" ]]
		# the last thread of the container may be its subject
		[ "$(grep -ao ' contid=' record | wc -l)" -le 1 ]
	done
}

# bats test_tags=everywhere
@test "a label is in the records of its container's begin and end, and is read back" {
	cd "$BATS_TEST_TMPDIR"
	labelled web '"web"' 3
	labelled shop/web-0/nginx '"shop/web-0/nginx"' 16
	labelled x '"x"' 1
}

@test "a label with any byte but NUL is coded, and is read back byte for byte" {
	cd "$BATS_TEST_TMPDIR"
	labelled 'a\x20b' 612062 3
	labelled 'a\x0atype=USER' 610A747970653D55534552 11
	labelled '"' 22 1
	labelled 'x"\x20contid=1' 782220636F6E7469643D31 11
	labelled 'a\x1db' 611D62 3
	labelled 'res=0' 7265733D30 5
	labelled '\xff\xc3(\x7f' FFC3287F 4
	labelled '\xc3\xa9' C3A9 2
	labelled '\x01' 01 1
}

# bats test_tags=everywhere
@test "ausearch -i prints the text of a label, and no field that is in it" {
	cd "$BATS_TEST_TMPDIR"
	start plain
	log_mark
	answers OK "$label" register "pid=$pid" "contid=$A" 'text=two\x20words\x20auid=1000\x20res=0'
	log >records
	LC_ALL=C ausearch -if records -m KERNEL_OTHER -i >decoded
	cat decoded
	grep -F " res=yes vm=two words auid=1000 res=0" decoded
	# that of Debian 11 finds none by its result
	on_bullseye ||
		LC_ALL=C ausearch -if records -m KERNEL_OTHER -sv yes --raw | grep -a "ocontid=$A "
	[ -z "$(LC_ALL=C ausearch -if records -m KERNEL_OTHER -ul 1000 --raw 2>/dev/null)" ]
}

@test "255 bytes are kept, and 256 are E2BIG" {
	cd "$BATS_TEST_TMPDIR"
	labelled "$(times 255 n)" "\"$(times 255 n)\"" 255
	labelled "$(times 255 '\xfe')" "$(times 255 FE)" 255
	start plain
	watched=("$pid")
	refused E2BIG "op=register opid=? ocontid=$A old-ocontid=?" \
		"$label" register "pid=$pid" "contid=$A" "text=$(times 256 n)"
	for len in 256 4096 65536 0x7fffffff 0xffffffff; do
		answers "E2BIG 7" "$label" register "pid=$pid" "contid=$A" text=web "len=$len"
	done
}

# bats test_tags=everywhere
@test "255 bytes that are coded, five containers deep: the record has its field" {
	cd "$BATS_TEST_TMPDIR"
	reload max_depth=5
	start_in "$A $B $C $D" parent
	log_mark
	answers OK in_container "$D" "$label" register "pid=${said[1]}" "contid=$E" \
		"text=$(times 255 '\x07')"
	log | grep -aE ": op=register opid=${said[1]} " | sed 's/\o35.*//' >record
	cat record
	[[ $(<record) == *" ocontid=$E,^$D,^$C,^$B,^$A old-ocontid=$D,^$C,^$B,^$A "* ]]
	[[ $(<record) == *" res=1 vm=$(times 255 07) contid=$D,^$C,^$B,^$A" ]]
}

@test "a caller whose program has the longest path loses its label, and not its field" {
	cd "$BATS_TEST_TMPDIR"
	reload max_depth=5
	start_in "$A $B $C $D" parent
	log_mark
	in_container "$D" deep_exec 4095 "$label" register "pid=${said[1]}" "contid=$E" \
		"text=$(times 255 '\x07')"
	log | grep -aE ": op=register opid=${said[1]} " | sed 's/\o35.*//' >record
	sed 's/exe=[0-9A-F]*/exe=.../' record
	[[ $(<record) == *" ocontid=$E,^$D,^$C,^$B,^$A old-ocontid=$D,^$C,^$B,^$A "* ]]
	grep -E ' contid='"$D"',(\^'"$C,\\^$B,\\^$A"'|\^\?)$' record
	answers "OK 255 $(times 255 '\x07')" "$label" get "contid=$E"
}

@test "such a caller on the host loses it too, and its record is not lost" {
	cd "$BATS_TEST_TMPDIR"
	start plain
	log_mark
	deep_exec 4095 "$label" register "pid=$pid" "contid=$A" "text=$(times 255 '\x07')"
	log | grep -aE "^type=KERNEL_OTHER .*: op=register opid=$pid ocontid=$A " |
		sed 's/\o35.*//' >record
	sed 's/exe=[0-9A-F]*/exe=.../' record
	[ "$(wc -c <record)" -le 8950 ]
	grep -F " res=1 vm=0707" record
}

@test "without a label the records are as they were, and the answer is empty" {
	start plain
	log_mark
	answers OK "$label" register "pid=$pid" "contid=$A"
	answers "OK 0 " "$label" get "contid=$A"
	ended
	log | grep -a ": op=register .*ocontid=$A .*res=1"
	log | grep -a ": op=drop .*ocontid=$A .*res=1"
	[ "$(log | grep -ac ' vm=')" -eq 0 ]
}

@test "a label with a NUL byte is EINVAL, wherever that stands" {
	start plain
	watched=("$pid")
	for text in '\x00' 'a\x00b' 'ab\x00' '\x00ab'; do
		refused EINVAL "op=register opid=? ocontid=$A" \
			"$label" register "pid=$pid" "contid=$A" "text=$text"
	done
	[ "$(log | grep -ac ' vm=')" -eq 0 ]
}

@test "a label that cannot be read is EFAULT" {
	start plain
	watched=("$pid")
	for at in kernel edge; do
		refused EFAULT "op=register opid=? ocontid=$A" \
			"$label" register "pid=$pid" "contid=$A" text=web "at=$at"
	done
	refused EFAULT "op=register opid=? ocontid=$A" \
		"$label" register "pid=$pid" "contid=$A" text=web len=4
	answers OK "$label" register "pid=$pid" "contid=$A" text=web at=readonly
}

@test "a label without a length, a length without a label, and JOIN with one are EINVAL" {
	put "$B"
	start plain
	watched=("$pid")
	refused EINVAL "op=register opid=? ocontid=$A" \
		"$label" register "pid=$pid" "contid=$A" text=web len=0
	refused EINVAL "op=register opid=? ocontid=$A" \
		"$label" register "pid=$pid" "contid=$A" len=3 at=null
	refused EINVAL "op=join opid=? ocontid=$B" \
		"$label" register join "pid=$pid" "contid=$B" text=web
	answers OK "$label" register join "pid=$pid" "contid=$B"
}

@test "of several faults the first in the manual page is the answer" {
	put "$B"
	start plain
	watched=("$pid")
	# a reserved contid, then the length, the address, NUL, then the process and the ID
	answers "EINVAL 22" "$label" register "pid=$pid" "contid=$zeros" text=web len=256
	answers "E2BIG 7" "$label" register pid=0 "contid=$A" text=web len=256 at=kernel
	answers "EFAULT 14" "$label" register pid=0 "contid=$A" text=web at=kernel
	answers "EINVAL 22" "$label" register pid=0 "contid=$A" 'text=\x00'
	answers "ESRCH 3" "$label" register pid=0 "contid=$A" text=web
	answers "ENOTUNIQ 76" "$label" register "pid=$pid" "contid=$B" text=web
}

@test "a refusal has the label that was asked for on record, and keeps none" {
	put "$B"
	start plain
	watched=("$pid")
	log_mark
	answers "ENOTUNIQ 76" "$label" register "pid=$pid" "contid=$B" text=late
	log | grep -a ": op=register opid=$pid ocontid=$B .* errno=76 res=0 vm=\"late\""
	answers "OK 0 " "$label" get "contid=$B"
}

@test "without memory nothing is registered and no label is kept" {
	reload hide=memory
	start plain
	watched=("$pid")
	refused ENOMEM "op=register opid=$pid ocontid=$A" \
		"$label" register "pid=$pid" "contid=$A" text=web
	answers "ENOENT 2" "$label" get "contid=$A"
}

@test "a label is read of a live container alone, and of those in a caller's own" {
	start_in "$A" plain
	put "$B"
	start plain
	answers OK "$label" register "pid=$pid" "contid=$C" text=web
	watched=("$pid")
	refused ENOENT "op=label opid=?" "$label" get "contid=$D"
	answers "OK 3 web" "$label" get "contid=$C"
	answers "OK 3 web" in_container "$C" "$label" get "contid=$C"
	answers "ENOENT 2" in_container "$C" "$label" get "contid=$B"
	answers "ENOENT 2" in_container "$B" "$label" get "contid=$C"
	kill -9 "$pid"
	timeout 60 sh -c "until $label get contid=$C | grep -qx 'ENOENT 2'; do :; done"
}

@test "an argument of the call that is wrong has its errno" {
	put "$A"
	for at in null kernel edge readonly; do
		answers "EFAULT 14" "$label" get "contid=$A" "at=$at"
	done
	refused EFAULT "op=label opid=?" "$label" get "contid=$A" at=null
	refused EINVAL "op=label opid=?" "$label" get "contid=$A" poke=16
	for poke in 20 24 63 64 200 319; do
		answers "EINVAL 22" "$label" get "contid=$A" "poke=$poke"
	done
	plain_user "$label" get "contid=$A" | grep -E '^(EACCES|EPERM) '
}

# bats test_tags=everywhere
@test "a 32-bit process registers with a label, and reads it" {
	start plain
	answers OK "${label}32" register "pid=$pid" "contid=$A" text=web
	answers "OK 3 web" "${label}32" get "contid=$A"
	answers "OK 3 web" "$label" get "contid=$A"
	start plain
	answers "EFAULT 14" "${label}32" register "pid=$pid" "contid=$B" text=web at=edge
}

@test "what labels take is counted, and given back" {
	[ "$(contidctl stats --json | jq .bytes_labels)" -eq 0 ]
	start plain
	answers OK "$label" register "pid=$pid" "contid=$A" "text=$(times 200 n)"
	start plain
	answers OK "$label" register "pid=$pid" "contid=$B" "text=$(times 55 n)"
	[ "$(contidctl stats --json | jq .bytes_labels)" -eq 255 ]
	kill -9 "${jobs[@]}"
	wait_for no_containers
	[ "$(contidctl stats --json | jq .bytes_labels)" -eq 0 ]
}
