#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A target that forks, executes or dies in the middle of its registration.
# depends on: kernel

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

rounds=25

setup() {
	log_mark
}

teardown() {
	until_true no_containers
}

# midway_is_right WHAT: and the log has a begin and an end of each that was registered
midway_is_right() {
	run midway "$1" "$rounds"
	echo "$output"
	[ "$status" -eq 0 ]
	until_true no_containers
	written >"$BATS_TEST_TMPDIR/records"
	begun=$(grep -acE 'op=register opid=[0-9]+ ocontid=[0-9a-f]{8}-e0e0-.* res=1( |$)' "$BATS_TEST_TMPDIR/records")
	[ "$begun" -ge "${output%% *}" ]
	until_true ended "$begun"
}

ended() {
	[ "$(written | grep -acE 'op=drop opid=[0-9]+ ocontid=[0-9a-f]{8}-e0e0-.* res=1( |$)')" -eq "$1" ]
}

@test "it forks: all of its children carry the contid, or it is EBUSY and none does" {
	midway_is_right forks
}

@test "it executes: it is registered, and stays so" {
	midway_is_right execs
}

@test "it executes from a thread that is not the leader: it is registered, and stays so" {
	midway_is_right leaps
}

@test "it exits: it was registered or is ESRCH, and the contid is free" {
	midway_is_right exits
}

@test "it is a zombie by then: it was registered or is ESRCH, and the contid is free" {
	midway_is_right zombie
}
