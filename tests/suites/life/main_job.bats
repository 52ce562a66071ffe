#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The main job: register, inherit, tag, end.
# depends on: kernel

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

setup() {
	auditctl -D >/dev/null
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k contid-test >/dev/null
	dir=$BATS_TEST_TMPDIR/made-$RANDOM$RANDOM
}

teardown() {
	auditctl -D >/dev/null
}

@test "a child of a contained process carries the contid in its SYSCALL record" {
	contidctl run "$A" -- sh -c "sh -c 'mkdir $dir'; true"
	id=$(log_now | grep -a "type=PATH.*$dir" | tail -1 | grep -aoE 'audit\([^)]*\)')
	log_now | grep -aF "$id" | grep -a "^type=SYSCALL" | tr '\035' '\n' |
		grep -aE "key=\"contid-test\" contid=$A\$"
	[ "$(log_now | grep -aF "$id" | grep -acE '^type=(CWD|PATH|PROCTITLE).*contid=')" -eq 0 ]
}

@test "a host process's record is not touched" {
	mkdir "$dir"
	id=$(log_now | grep -a "type=PATH.*$dir" | tail -1 | grep -aoE 'audit\([^)]*\)')
	[ -n "$id" ]
	[ "$(log_now | grep -aF "$id" | grep -ac 'contid=')" -eq 0 ]
}

@test "in a user message contid is the first field" {
	mark=said-$RANDOM$RANDOM
	contidctl run "$A" -- auditctl -m "$mark"
	log_now | grep -a "$mark" | grep -aE "^type=USER msg=audit\([^)]*\): contid=$A pid="
}

@test "a nested container is printed with what encloses it" {
	run contidctl run "$A" -- contidctl run "$B" -- sh -c 'exec contidctl get $$'
	[ "$status" -eq 0 ]
	[[ $output == "$B,^$A" ]]
}

@test "the end of a container is recorded once and frees its contid" {
	contidctl run "$A" -- true
	contidctl run "$A" -- true
	[[ "$(contidctl list)" != *"$A"* ]]
	[ "$(log_now | grep -ac "op=drop .*ocontid=$A ")" -ge 2 ]
}

@test "a contid in use is refused with ENOTUNIQ and a record" {
	contidctl run "$A" -- sh -c "contidctl run $A -- true" && false
	log_now | grep -a "op=register .*ocontid=$A .* errno=76 res=0"
}

@test "a second registration of a process is refused" {
	contidctl run "$A" -- sh -c 'read -r _ </proc/self/stat; sleep 1000' 3>&- &
	runner=$!
	until child=$(pgrep -P "$runner" -x sh); do :; done
	until contidctl get "$child"; do :; done
	run contidctl register "$child" "$B"
	until_true "pkill -P $child"
	kill "$child" || true
	wait "$runner" || true
	[ "$status" -eq 1 ]
	[[ $output == *"registered before"* ]]
}

@test "live containers pin the module" {
	contidctl run "$A" -- sh -c '! modprobe -r audit_contid'
}
