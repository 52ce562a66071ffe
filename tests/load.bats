#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Loading: what can not attach, or attaches beside the point, is refused.
# vm: alone

setup() {
	modprobe -r audit_contid
}

teardown() {
	modprobe -r audit_contid
	modprobe audit_contid
}

@test "a symbol that can not be found refuses the load and is named" {
	for symbol in wake_up_new_task exit_files audit_log_start; do
		run modprobe audit_contid "hide=$symbol"
		[ "$status" -ne 0 ]
		dmesg | tail -5 | grep "cannot attach to $symbol"
	done
}

@test "a probe on the whole of a split function is refused" {
	grep -q ' audit_log_end.part.0$' /proc/kallsyms ||
		skip "this kernel's compiler did not split audit_log_end"
	run modprobe audit_contid hide=audit_log_end.part.0
	[ "$status" -ne 0 ]
	dmesg | tail -5 | grep 'audit_log_end is attached but was passed by'
}

@test "an exclude rule for KERNEL_OTHER does not refuse the load" {
	auditctl -a always,exclude -F msgtype=KERNEL_OTHER
	run modprobe audit_contid
	auditctl -D
	[ "$status" -eq 0 ]
}

@test "a depth out of range is refused" {
	run modprobe audit_contid max_depth=6
	[ "$status" -ne 0 ]
}
