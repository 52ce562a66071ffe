#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Somebody switches the probes off.
# depends on: kernel

A=0123abcd-0123-4123-8123-0123456789ab
enabled=/sys/kernel/debug/kprobes/enabled

teardown() {
	echo 1 >"$enabled"
	sysctl -q kernel.ftrace_enabled=1
	contidctl stats >/dev/null
}

log_has() {
	timeout 20 sh -c "until grep -qaE '$1' /var/log/audit/audit.log; do :; done"
}

@test "kernel.ftrace_enabled=0 is refused and labels go on" {
	run sysctl kernel.ftrace_enabled=0
	[ "$(cat /proc/sys/kernel/ftrace_enabled)" -eq 1 ]
	run contidctl run "$A" -- sh -c 'sh -c "contidctl get \$\$"'
	[ "$output" = "$A" ]
}

@test "debugfs kprobes/enabled=0 is noticed by the next ioctl, recorded and shown" {
	echo 0 >"$enabled"
	contidctl stats | grep -E '^hooks_on +0$'
	log_has 'op=hooks .*res=0'
	echo 1 >"$enabled"
	contidctl stats | grep -E '^hooks_on +1$'
	contidctl stats | grep -E '^hooks_off_seen +[1-9]'
}

@test "debugfs kprobes/enabled=0 is noticed without an ioctl" {
	before=$(grep -ac 'op=hooks .*res=0' /var/log/audit/audit.log) || true
	echo 0 >"$enabled"
	timeout 60 sh -c "until [ \$(grep -ac 'op=hooks .*res=0' /var/log/audit/audit.log) -gt $before ]; do :; done"
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
	before=$(grep -ac 'op=hooks .*res=0' /var/log/audit/audit.log) || true
	sleep 1000 3>&- &
	pid=$!
	contidctl register "$pid" "$A" >/dev/null
	echo 0 >"$enabled"
	kill -KILL "$pid"
	wait "$pid" || true
	echo 1 >"$enabled"
	timeout 60 sh -c "until ! contidctl list | grep $A; do sleep 1; done"
	contidctl stats | grep -E '^stale +[1-9]'
	timeout 60 sh -c "until [ \$(grep -ac 'op=hooks .*res=0' /var/log/audit/audit.log) -gt $before ]; do :; done"
}
