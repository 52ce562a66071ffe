#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What docs/analysis.md says of keeping a container's chatter out: by audit's own rules.
# depends on: neither. The rules are audit's, and the same on each kernel.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

bats_require_minimum_version 1.5.0

setup() {
	auditctl -D >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p root/bin
	cp /bin/busybox root/bin/busybox
	ln -s busybox root/bin/mkdir
	rule -S mkdir
	log_mark
}

teardown() { auditctl -D >/dev/null; }

# made: by which programs, in the container and on the host, there are events of the rule
made() {
	contidctl run "$A" -- chroot root mkdir /in
	busybox mkdir out
	rmdir root/in out
	log | LC_ALL=C sed -nE 's/\x1d.*//
		s/^type=SYSCALL .*comm="(mkdir|busybox)" .*key="t"( contid=.*)?$/\1\2/p' |
		sed -E 's/^busybox$/host/; s/^mkdir contid=.*/container/' | xargs
}

@test "without a rule of these both are there" {
	[ "$(made)" = "container host" ]
}

@test "never,exit by a program, by its path on the host; the container's own path is the host's" {
	auditctl -A never,exit -F arch=b64 -F "exe=$PWD/root/bin/busybox"
	[ "$(made)" = host ]
	auditctl -d never,exit -F arch=b64 -F "exe=$PWD/root/bin/busybox"
	log_mark
	auditctl -A never,exit -F arch=b64 -F exe=/bin/busybox
	[ "$(made)" = container ]
}

@test "a rule that stands behind another one comes too late" {
	auditctl -a never,exit -F arch=b64 -F "exe=$PWD/root/bin/busybox"
	[ "$(made)" = "container host" ]
}

@test "always,exclude by a program leaves out all that it causes, and not the container's begin and end" {
	auditctl -a always,exclude -F "exe=$PWD/root/bin/busybox"
	[ "$(made)" = host ]
	log >written
	grep -a KERNEL_OTHER written
	[ "$(grep -ac "op=register .*ocontid=$A" written)" -eq 1 ]
	[ "$(grep -ac "op=drop .*ocontid=$A" written)" -eq 1 ]
}

@test "never,exit by the users of a user namespace" {
	auditctl -A never,exit -F arch=b64 -F 'uid>=100000' -F 'uid<=165535'
	chmod 777 root
	contidctl run "$A" -- chroot --userspec=100000:100000 root mkdir /in
	[ "$(log | grep -ac 'comm="mkdir".*key="t"' || true)" -eq 0 ]
	rmdir root/in
	[ "$(made)" = "container host" ]
}

@test "never,exit by AppArmor's profile of the container" {
	[ "$(</sys/module/apparmor/parameters/enabled)" = Y ] || skip "this kernel has none"
	[[ $(apparmor_parser --version) != *" 2."* ]] || skip "AppArmor 2 has no flag unconfined"
	printf 'profile quiet-test flags=(unconfined) {}\n' >profile
	apparmor_parser -r profile
	auditctl -A never,exit -F arch=b64 -F subj_role=quiet-test
	contidctl run "$A" -- aa-exec -p quiet-test -- chroot root mkdir /in
	log >written
	rmdir root/in
	others=$(made)
	# while the profile is there: without it the rule cannot be deleted
	auditctl -D >/dev/null
	apparmor_parser -R profile
	[ "$(grep -ac 'comm="mkdir".*key="t"' written || true)" -eq 0 ]
	[ "$others" = "container host" ]
}

@test "one rule goes by its key; the others stay" {
	auditctl -a always,exit -F arch=b64 -S rmdir -k noise >/dev/null
	auditctl -D -k noise
	[ "$(auditctl -l | grep -c -- '-k t$\|key=t$')" -eq 1 ]
	[ "$(made)" = "container host" ]
}

@test "events --not leaves out what is in the log" {
	made
	log >written
	# a record has the path as the container sees it
	contidctl events --input written --not -x /bin/busybox "$A" >shown || true
	[ "$(grep -c 'type=SYSCALL.*comm="*mkdir' shown || true)" -eq 0 ]
	contidctl events --input written --not -k noise "$A" | grep 'type=SYSCALL.*mkdir'
}

@test "no rule of audit's knows a container" {
	for field in contid ocontid; do
		run ! auditctl -a never,exit -F arch=b64 -F "$field=$A"
		[[ $output == *"$field"* ]]
	done
	run ! auditctl -a always,exclude -F key=t
	echo "$output"
}
