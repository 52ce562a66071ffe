#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Arguments that cannot be read, written or understood.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: neither. The module reads its arguments by the same lines on each
# kernel, and abi asks every kernel for the bytes.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- EFAULT

@test "an argument that cannot be read is EFAULT, for each ioctl" {
	start plain
	watched=("$pid")
	refused EFAULT "op=register opid=?" "$ioctl" register "pid=$pid" "contid=$A" at=null
	refused EFAULT "op=register opid=?" "$ioctl" register "pid=$pid" "contid=$A" at=edge
	refused EFAULT "op=get opid=?" "$ioctl" get "pid=$pid" at=null
	refused EFAULT "op=list opid=?" "$ioctl" list at=null
	refused EFAULT "op=stats opid=?" "$ioctl" stats at=null
	refused EFAULT "op=info opid=?" "$ioctl" info at=null
	for command in "register pid=$pid contid=$A" "get pid=$pid" list stats info; do
		for at in kernel edge; do
			# shellcheck disable=SC2086 # several words
			answers "EFAULT 14" "$ioctl" $command "at=$at"
		done
	done
}

@test "an argument that cannot be written is EFAULT if there is an answer" {
	start plain
	watched=("$pid")
	refused EFAULT "op=get opid=?" "$ioctl" get "pid=$pid" at=readonly
	refused EFAULT "op=list opid=?" "$ioctl" list at=readonly
	refused EFAULT "op=stats opid=?" "$ioctl" stats at=readonly
	refused EFAULT "op=info opid=?" "$ioctl" info at=readonly
	answers OK "$ioctl" register "pid=$pid" "contid=$A" at=readonly
}

@test "a buffer that cannot be written is EFAULT" {
	put "$A"
	refused EFAULT "op=list opid=?" "$ioctl" list buffer=bad
	refused EFAULT "op=stats opid=?" "$ioctl" stats buffer=bad
}

# --- EINVAL

@test "a target named in no way, or in both, is EINVAL" {
	start plain
	watched=("$pid")
	for flags in 0 3; do
		refused EINVAL "op=register opid=? ocontid=$A" \
			"$ioctl" register "pid=$pid" "contid=$A" flags=$flags
		refused EINVAL "op=get opid=?" "$ioctl" get "pid=$pid" flags=$flags
	done
}

@test "an unknown flag is EINVAL" {
	start plain
	watched=("$pid")
	for bit in 5 31; do
		refused EINVAL "op=register opid=? ocontid=$A" "$ioctl" register \
			"pid=$pid" "contid=$A" flags=$((2 | 1 << bit))
	done
	refused EINVAL "op=get opid=?" "$ioctl" get "pid=$pid" flags=$((2 | 1 << 2))
	for ((bit = 5; bit < 32; bit++)); do
		flags=$((2 | 1 << bit))
		answers "EINVAL 22" "$ioctl" register "pid=$pid" "contid=$A" flags=$flags
		answers "EINVAL 22" "$ioctl" get "pid=$pid" flags=$flags
	done
	answers "EINVAL 22" "$ioctl" get "pid=$pid" flags=$((2 | 1 << 3))
	answers "OK none -1" "$ioctl" get "pid=$pid"
}

@test "a contid of all zeros or all ones is EINVAL" {
	start plain
	watched=("$pid")
	refused EINVAL "op=register opid=? ocontid=$zeros" \
		"$ioctl" register "pid=$pid" "contid=$zeros"
	refused EINVAL "op=register opid=? ocontid=$ones" \
		"$ioctl" register "pid=$pid" "contid=$ones"
	refused EINVAL "op=join opid=? ocontid=$zeros" \
		"$ioctl" register join "pid=$pid" "contid=$zeros"
}

@test "a contid of all zeros or all ones but for one bit is taken" {
	for contid in "${zeros%0}1" "8${zeros#0}" "${ones%f}e" "7${ones#f}"; do
		start plain
		answers OK "$ioctl" register "pid=$pid" "contid=$contid"
		answers "OK registered $contid" "$ioctl" get "pid=$pid"
	done
}

# every_byte COUNT COMMAND...: all COUNT attempts are EINVAL, with a record each
every_byte() {
	local before

	before=$(state)
	log_mark
	run "${@:2}"
	echo "$output"
	[ "$(sort <<<"$output" | uniq -c | xargs)" = "$1 EINVAL 22" ]
	[ "$(log | grep -ac '^type=KERNEL_OTHER .* errno=22 res=0')" -eq "$1" ]
	[ "$(state)" = "$before" ]
}

@test "any byte of a reserved or unused field that is not zero is EINVAL" {
	start plain
	watched=("$pid")
	every_byte 40 "$ioctl" register "pid=$pid" "contid=$A" poke=24-63:1
	every_byte 40 "$ioctl" register "pid=$pid" "contid=$A" poke=24-63:80
	every_byte 120 "$ioctl" get "pid=$pid" poke=8-127:1
	every_byte 44 "$ioctl" list poke=20-63:1
	every_byte 156 "$ioctl" stats poke=12-167:1
}

@test "a list into no room is EINVAL" {
	put "$A"
	refused EINVAL "op=list opid=?" "$ioctl" list room=0
}

@test "statistics into no room, or no buffer, still count the probes" {
	count=$("$ioctl" stats | grep '^count=')
	"$ioctl" stats room=0 | grep -x "$count"
	"$ioctl" stats room=0 buffer=bad | grep -x "$count"
	[ "$("$ioctl" stats room=2 | grep -c '^probe ')" -eq 2 ]
}

@test "EINVAL comes before EBADF, ESRCH and EXDEV" {
	start zombie
	watched=("$pid")
	refused EINVAL "op=register opid=? ocontid=$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$A" poke=63-63:1
	refused EINVAL "op=register opid=? ocontid=$ones" \
		"$ioctl" register tfd=-1 "contid=$ones"
	refused EINVAL "op=register opid=? ocontid=$zeros" \
		"$ioctl" register pid=self "contid=$zeros"
}

# --- ENOTTY

@test "an unknown number, size or direction is ENOTTY, each with its record" {
	put "$A"
	watched=("$pid")
	before=$(state)
	lost=$(auditctl -s | grep '^lost ')
	log_mark
	run "$bin/ioctl_numbers"
	echo "$output"
	[ "${output% of *}" -gt 500 ]
	[ "$output" = "${output% of *} of ${output% of *} ENOTTY" ]
	[ "$(log | grep -ac ': op=ioctl opid=? .* errno=25 res=0')" -eq "${output% of *}" ]
	[ "$(auditctl -s | grep '^lost ')" = "$lost" ]
	[ "$(state)" = "$before" ]
}
