#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Audit without auditd: records go to the kernel log, and to who listens.
# vm: NOAUDITD=1

PATH=$BATS_TEST_DIRNAME/helpers/bin:$PATH
A=0123abcd-0123-4123-8123-0123456789ab

setup_file() {
	auditctl -e 1 >/dev/null
	# every record, not ten in five seconds
	sysctl -q kernel.printk_ratelimit=0
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k t >/dev/null
}

teardown_file() {
	auditctl -D >/dev/null
	auditctl -e 0 >/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	end=end-$RANDOM$RANDOM
}

@test "the kernel log has the field, once, in its place" {
	contidctl run "$A" -- sh -c "mkdir $end-made; auditctl -m $end-said; seccomp_kill; true"
	auditctl -m "$end-over"
	timeout 20 sh -c "until dmesg | grep -q $end-over; do sleep 0.05; done"
	dmesg | grep -o 'audit: type=[0-9]* audit(.*' >records
	id=$(grep "$end-made" records | grep -o 'audit([^)]*)' | tail -n 1)
	grep -F "$id" records | grep "type=1300 .* key=\"t\" contid=$A\$"
	[ "$(grep -F "$id" records | grep -c contid=)" -eq 1 ]
	grep "type=1005 audit([^)]*): contid=$A pid=.*$end-said" records
	grep "type=1326 .* contid=$A\$" records
	[ "$(grep "$end-over" records | grep -c contid=)" -eq 0 ]
}

@test "who listens, as journald does, gets the field, once, in its place" {
	audit_hear "$end-over" contidctl run "$A" -- \
		sh -c "mkdir $end-made; auditctl -m $end-said; seccomp_kill; auditctl -m $end-over" >records
	id=$(grep "$end-made" records | grep -o 'audit([^)]*)' | head -n 1)
	grep -F "$id" records | grep "type=1300 .* key=\"t\" contid=$A\$"
	[ "$(grep -F "$id" records | grep -c ' contid=')" -eq 1 ]
	grep "type=1005 audit([^)]*): contid=$A pid=.*$end-said" records
	grep "type=1326 .* contid=$A\$" records
}

@test "who listens in a container is recorded with its contid" {
	contidctl run "$A" -- audit_hear "$end" auditctl -m "$end" >records
	timeout 20 sh -c "until dmesg | grep -q $end; do sleep 0.05; done"
	dmesg | grep "audit: type=1335 .*op=connect .* contid=$A\$"
}
