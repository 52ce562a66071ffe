#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Loading: a probe that cannot attach, or attaches beside the point, is refused.
# depends on: kernel
# A missing symbol, a rule and a parameter are looked at by the same lines on each kernel; what
# the compiler has split, and how a structure is laid out, are the kernel's.

# shellcheck source=tests/lib/traces.bash
. "$BATS_TEST_DIRNAME/../../lib/traces.bash"

declare -gA splits=(
	[namespaces]=switch_task_namespaces.isra.0.part.0
	[lost]=audit_log_lost.constprop.0
)

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	modprobe -r audit_contid
}

teardown() {
	modprobe -r audit_contid
	modprobe audit_contid
}

@test "a symbol that cannot be found refuses the load and is named" {
	for symbol in wake_up_new_task audit_log_lost audit_receive signal_generate; do
		run modprobe audit_contid "hide=$symbol"
		[ "$status" -ne 0 ]
		dmesg | tail -5 | grep -E "cannot attach to (the tracepoint )?$symbol"
	done
}

# bats test_tags=everywhere
@test "a probe on the whole of a split function is refused" {
	grep -q ' audit_log_end.part.0$' /proc/kallsyms ||
		skip "this kernel's compiler did not split audit_log_end"
	run modprobe audit_contid hide=audit_log_end.part.0
	[ "$status" -ne 0 ]
	dmesg | tail -5 | grep 'audit_log_end is attached but was passed by'
}

# split_module NAME: loads the module whose function is called like that
split_module() {
	insmod "$BATS_TEST_DIRNAME/../../helpers/split/$1.ko"
	grep " ${splits[$1]}" /proc/kallsyms
}

# bats test_tags=everywhere
@test "a split function whose arguments cannot be proven is refused, and named" {
	split_module namespaces
	run modprobe audit_contid
	rmmod namespaces
	[ "$status" -ne 0 ]
	dmesg | tail -5 | grep -F 'switch_task_namespaces.isra.0.part.0 is attached but its arguments could not be proven'
}

# bats test_tags=everywhere
@test "a copy of audit_log_lost, which the self-test cannot call, is refused, and named" {
	split_module lost
	run modprobe audit_contid
	rmmod lost
	[ "$status" -ne 0 ]
	dmesg | tail -5 | grep -F 'audit_log_lost.constprop.0 is attached but its arguments could not be proven'
	dmesg | tail -5 | grep 'lost records could not be counted'
}

# bats test_tags=everywhere
@test "a mount namespace that is not laid out as known refuses the load" {
	run modprobe audit_contid hide=mnt_namespace
	[ "$status" -ne 0 ]
	dmesg | tail -5 | grep 'struct mnt_namespace is not laid out as known: a process that enters a container would not be adopted'
	# contidctl has it, too
	run contidctl list
	[[ $output == *'the kernel log said last: struct mnt_namespace is not laid out as known'* ]]
}

# hits PURPOSE: how often that probe has fired; nothing if there is none
hits() { contidctl stats --json | jq ".probes[] | select(.purpose == \"$1\").hits"; }

# bats test_tags=everywhere
@test "each exit is seen by one probe: by that of namespaces, if it sees exits, or by its own" {
	modprobe audit_contid
	before=$(hits namespaces) exits=$(hits exit)
	for ((i = 0; i < 50; i++)); do (:); done
	after=$(hits namespaces)
	echo "namespaces $before to $after, exit $exits to $(hits exit)"
	if [ $((after - before)) -ge 50 ]; then
		[ -z "$exits" ]
	else
		[ $(($(hits exit) - exits)) -ge 50 ]
	fi
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
