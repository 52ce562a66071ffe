#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl doctor on a machine that is well: each thing is broken, its line changes and
# no other, and it comes back.
# depends on: neither. What it asks the kernel for is in the suites of module and records;
# the files that it reads are in doctor_files.

# shellcheck source=tests/lib/running.bash
. "$BATS_TEST_DIRNAME/../../lib/running.bash"
# shellcheck source=tests/lib/doctor.bash
. "$BATS_TEST_DIRNAME/../../lib/doctor.bash"

setup() {
	dir=$BATS_TEST_TMPDIR
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	auditctl --reset-lost >/dev/null
	rule -S mkdir
	# the probes were never off, and none was passed over
	modprobe -r audit_contid
	modprobe audit_contid
	remember
}

teardown() {
	auditctl -e 1 >/dev/null
	auditctl -D >/dev/null
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	! crun state crunned >/dev/null 2>&1 || crun delete --force crunned
	[ ! -e "$cgroups/machine.slice" ] || find "$cgroups/machine.slice" -depth -type d -exec rmdir {} +
	until_true no_containers
}

@test "on a machine that is well, module, audit, auditd, log and containers are" {
	for name in module-built module-next module-signed module-loaded device version probes \
		audit backlog lost rules exclude-rules auditd write-logs log containers; do
		echo "$name"
		grep -x "$name ok" "$BATS_TEST_TMPDIR/before"
	done
}

@test "audit switched off is a failure, and comes back" {
	auditctl -e 0 >/dev/null
	[ "$(changed)" = 'audit FAIL' ]
	line audit | grep -- '-> auditctl -e 1$'
	auditctl -e 1 >/dev/null
	as_before
}

@test "rules that exclude the module's records are found, and no other rules" {
	auditctl -a exclude,always -F msgtype=KERNEL_OTHER
	[ "$(changed)" = 'exclude-rules FAIL' ]
	auditctl -d exclude,always -F msgtype=KERNEL_OTHER
	as_before
	auditctl -a exclude,always -F 'msgtype>=1300' -F 'msgtype<=1320'
	[ "$(changed)" = 'exclude-rules FAIL' ]
	auditctl -d exclude,always -F 'msgtype>=1300' -F 'msgtype<=1320'
	auditctl -a exclude,always -F msgtype=KERNEL_OTHER -F auid=1000
	[ "$(changed)" = 'exclude-rules WARN' ]
	auditctl -d exclude,always -F msgtype=KERNEL_OTHER -F auid=1000
	auditctl -a exclude,always -F msgtype=CWD
	auditctl -a exclude,always -F 'msgtype>1316'
	as_before
}

@test "no rule is a warning, 'never,task' a failure, and each comes back" {
	auditctl -D >/dev/null
	[ "$(changed)" = 'rules WARN' ]
	auditctl -a never,exit -F arch=b64 -S mkdir
	[ "$(changed)" = 'rules WARN' ]
	rule -S mkdir
	as_before
	auditctl -a never,task
	[ "$(changed)" = 'rules FAIL' ]
	auditctl -d never,task
	as_before
}

@test "a small backlog is a warning, and comes back" {
	auditctl -b 64 >/dev/null
	[ "$(changed)" = 'backlog WARN' ]
	auditctl -b 8192 >/dev/null
	as_before
}

@test "auditd that was killed is a failure, and comes back" {
	auditd=$(</run/auditd.pid)
	kill -KILL "$auditd"
	until_true "[ ! -e /proc/$auditd ]"
	changed=$(changed)
	line auditd
	# not of this test's: it stays
	env -i PATH="$PATH" auditd 3>&-
	[ "$changed" = 'auditd FAIL' ]
	until_true as_before
}

@test "probes that are switched off are a failure; that they were is a warning, until a reload" {
	echo 0 >/sys/kernel/debug/kprobes/enabled
	[ "$(changed)" = 'probes FAIL' ]
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ "$(changed)" = 'probes WARN' ]
	modprobe -r audit_contid
	modprobe audit_contid
	as_before
}

@test "without the module one line fails, and what depends on it is not known" {
	modprobe -r audit_contid
	[ "$(changed)" = "containers unknown device unknown module-loaded FAIL probes unknown \
probes-missed unknown probes-packets unknown version unknown" ]
	modprobe audit_contid
	as_before
}

@test "a container of crun's without an ID is named, and comes back with adopt" {
	crun_container "machine.slice/libpod-$(digits 01).scope/container"
	[ "$(changed)" = 'containers WARN' ]
	line containers | grep "1 run without an ID.*: podman:$(digits 01) -> contidctl adopt\$"
	contidctl adopt >/dev/null
	as_before
}
