#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Somebody switches the probes off.
# depends on: kernel

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

enabled=/sys/kernel/debug/kprobes/enabled

teardown() {
	echo 1 >"$enabled"
	sysctl -q kernel.ftrace_enabled=1
	contidctl stats >/dev/null
}

# said: how often it is on record that the probes were found to be off
said() { grep -ac 'op=hooks .*res=0' "$audit_log" || true; }

said_again() { [ "$(said)" -gt "$before" ]; }

@test "kernel.ftrace_enabled=0 is refused if the probes are ftrace's, and labels go on" {
	run sysctl kernel.ftrace_enabled=0
	if grep -q '\[FTRACE\]' /sys/kernel/debug/kprobes/list; then
		[ "$(</proc/sys/kernel/ftrace_enabled)" -eq 1 ]
	else
		# Linux 7.3 refuses it to all
		[ "$(</proc/sys/kernel/ftrace_enabled)" -eq 0 ] || [[ $output == *"not supported"* ]]
	fi
	run contidctl run "$A" -- sh -c 'sh -c "contidctl get \$\$"'
	[ "$output" = "$A" ]
}

@test "debugfs kprobes/enabled=0 is noticed by the next ioctl, recorded and shown" {
	before=$(said)
	echo 0 >"$enabled"
	contidctl stats | grep -E '^hooks_on +0$'
	until_true said_again
	echo 1 >"$enabled"
	contidctl stats | grep -E '^hooks_on +1$'
	contidctl stats | grep -E '^hooks_off_seen +[1-9]'
}

@test "debugfs kprobes/enabled=0 is noticed without an ioctl" {
	before=$(said)
	echo 0 >"$enabled"
	until_true said_again
}

@test "a load while kprobes are switched off says so" {
	modprobe -r audit_contid
	echo 0 >"$enabled"
	run modprobe audit_contid
	echo 1 >"$enabled"
	modprobe audit_contid
	[ "$status" -ne 0 ]
	dmesg | grep 'kprobes are switched off: write 1'
}

@test "a death that nobody saw ends its container all the same, and is recorded" {
	before=$(said)
	sleep 1000 3>&- &
	pid=$!
	contidctl register "$pid" "$A" >/dev/null
	echo 0 >"$enabled"
	kill -KILL "$pid"
	wait "$pid" || true
	echo 1 >"$enabled"
	until_true no_containers
	contidctl stats | grep -E '^stale +[1-9]'
	until_true said_again
}

all_said() { [ "$(wc -l <said)" -eq 20 ]; }

all_gone() {
	local thread

	for thread in "${threads[@]}"; do is_gone "$thread" || return; done
}

@test "threads that were somewhere alone, and have ended unseen, make no exit cost more" {
	names_variables || skip "this kernel has no names of a module's variables"
	cd "$BATS_TEST_TMPDIR" || return
	: >said
	# one of them might be forgotten as another thread that ends has its place in memory
	# shellcheck disable=SC2016 # for the shell in there
	contidctl run "$A" -- sh -c 'for n in $(seq 20); do thread_net >>said & done; wait' 3>&- &
	until_true all_said
	mapfile -t threads <said
	[ "$(module_int partings)" = 20 ]
	echo 0 >"$enabled"
	contidctl stats >/dev/null
	kill -USR2 "${threads[@]}"
	until_true all_gone
	echo 1 >"$enabled"
	contidctl stats >/dev/null
	[ "$(module_int partings)" = 0 ]
	pkill -KILL -x thread_net
	until_true no_containers
}
