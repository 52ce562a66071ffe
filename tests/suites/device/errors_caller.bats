#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Callers that may not ask at all, and what the record of a refusal says.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# The order of answers is the same on each kernel; whose capability counts, and what
# else is in the event, are the kernel's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- EPERM

@test "a plain user is kept out by the mode of the node" {
	answers "EACCES 13" plain_user "$ioctl" open
}

@test "a plain user whom the mode would let in gets EPERM at open" {
	chmod 0666 /dev/audit_contid
	run refused EPERM "op=open opid=?" plain_user "$ioctl" open
	chmod 0600 /dev/audit_contid
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "root without CAP_AUDIT_CONTROL gets EPERM at open" {
	refused EPERM "op=open opid=?" without_capability "$ioctl" open
}

@test "root of a user namespace is kept out by the mode of the node" {
	answers "EACCES 13" plain_user unshare -Ur "$ioctl" open
}

@test "root of a user namespace that is root outside too gets EPERM at open" {
	refused EPERM "op=open opid=?" unshare -Ur "$ioctl" open
}

# bats test_tags=everywhere
@test "root of a user namespace gets EPERM from each ioctl of a passed fd" {
	put "$A"
	watched=("$pid")
	start plain
	watched+=("$pid")
	exec 5<>/dev/audit_contid
	for command in info "register pid=$pid contid=$B" "get pid=$pid" list stats release \
		"rate contid=$A rate=1" "raw nr=1"; do
		# shellcheck disable=SC2086 # several words
		refused EPERM "op=ioctl opid=?" plain_user unshare -Ur "$ioctl" $command fd=5
	done
	exec 5>&-
}

# bats test_tags=everywhere
@test "a process that lost the capability after open gets EPERM from each ioctl" {
	start plain
	watched=("$pid")
	exec 5<>/dev/audit_contid
	for command in info "register pid=$pid contid=$B" "get pid=$pid" list stats release \
		"rate contid=$A rate=1"; do
		# shellcheck disable=SC2086 # several words
		refused EPERM "op=ioctl opid=?" without_capability "$ioctl" $command fd=5
	done
	exec 5>&-
}

@test "the capability alone is enough, with a fd that was passed" {
	start plain
	exec 5<>/dev/audit_contid
	answers OK plain_user --inh-caps=+audit_control --ambient-caps=+audit_control \
		"$ioctl" register "pid=$pid" "contid=$A" fd=5
	exec 5>&-
	answers "OK registered $A" "$ioctl" get "pid=$pid"
}

@test "EPERM comes before EFAULT, EINVAL and ENOTTY" {
	exec 5<>/dev/audit_contid
	for command in "register at=null" "register flags=0" "raw nr=1"; do
		# shellcheck disable=SC2086 # several words
		refused EPERM "op=ioctl opid=?" without_capability "$ioctl" $command fd=5
	done
	exec 5>&-
}

# --- what is unknown is not called unset

@test "a record that cannot know what the target carries says old-ocontid=?" {
	refused ESRCH "op=register opid=? ocontid=$A old-ocontid=?" \
		"$ioctl" register pid=0 "contid=$A"
	refused EINVAL "op=register opid=? ocontid=$A old-ocontid=?" \
		"$ioctl" register flags=0 "contid=$A"
	refused EFAULT "op=register opid=? ocontid=? old-ocontid=?" "$ioctl" register at=null
	refused EINVAL "op=get opid=? ocontid=? old-ocontid=?" "$ioctl" get flags=0
}

# bats test_tags=everywhere
@test "a refusal stands in the event of its ioctl, with the auid of the person who typed it" {
	put "$A"
	for arch in b64 b32; do
		auditctl -a "always,exit" -F "arch=$arch" -S ioctl -F a1=0x4040be01 >/dev/null
	done
	for one in "$ioctl" "${ioctl}32"; do
		log_mark
		answers "EEXIST 17" "$one" register "pid=$pid" "contid=$B"
		id=$(log | grep -a ": op=register opid=$pid .* errno=17 res=0" |
			grep -aoE 'audit\([0-9.:]+\)')
		log | grep -aF "$id" | grep -a '^type=SYSCALL .* success=no exit=-17 '
		log | grep -aF "$id" | grep -a '^type=PROCTITLE '
	done
}

@test "with audit switched off the answers are the same, and nothing is recorded" {
	put "$A"
	start plain
	log_mark
	auditctl -e 0 >/dev/null
	answers "EEXIST 17" "$ioctl" register "pid=${jobs[0]}" "contid=$B"
	answers "ENOTUNIQ 76" "$ioctl" register "pid=$pid" "contid=$A"
	answers OK "$ioctl" register "pid=$pid" "contid=$B"
	auditctl -e 1 >/dev/null
	answers "OK registered $B" "$ioctl" get "pid=$pid"
	[ "$(log | grep -ac ': op=register ')" -eq 0 ]
}

# counted NAME: one of the module's counters
counted() {
	"$ioctl" stats | sed -n "s/^$1=//p"
}

@test "registrations and refusals are counted" {
	start plain
	done=$(counted registered)
	refused=$(counted refused)
	answers OK "$ioctl" register "pid=$pid" "contid=$A"
	answers "EEXIST 17" "$ioctl" register "pid=$pid" "contid=$B"
	answers "ESRCH 3" "$ioctl" register pid=0 "contid=$B"
	answers "EINVAL 22" "$ioctl" register flags=0 "contid=$B"
	[ "$(counted registered)" -eq $((done + 1)) ]
	[ "$(counted refused)" -eq $((refused + 3)) ]
}
