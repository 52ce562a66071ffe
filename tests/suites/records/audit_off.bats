#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A machine that was booted with audit=0.
# depends on: kernel
# vm: APPEND='audit=0' NOAUDITD=1 NOLOAD=1

A=0123abcd-0123-4123-8123-0123456789ab B=11111111-0123-4123-8123-0123456789ab

setup_file() {
	modprobe audit_contid
}

@test "the module loads, and says what it could not prove" {
	[ -d /sys/module/audit_contid ]
	dmesg | grep 'audit_contid: audit takes no records now: audit_log_end.* could not be proven'
}

@test "a container is registered, inherited, nested, listed, and ends" {
	run contidctl run "$A" -- sh -c 'sh -c "contidctl get \$\$"; contidctl list'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$A" ]
	[[ $output == *$'\n'"$A "* ]]
	run contidctl run "$A" -- contidctl run "$B" -- sh -c 'exec contidctl get $$'
	[ "$output" = "$B,^$A" ]
	[[ "$(contidctl list)" != *"$A"* ]]
}

@test "a refusal is one without a record too" {
	run contidctl run "$A" -- contidctl run "$A" -- true
	[ "$status" -eq 1 ]
}

@test "the module goes and comes" {
	modprobe -r audit_contid
	modprobe audit_contid
}
