#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl events --follow where no auditd runs: the records come from the kernel itself.
# depends on: kernel
# vm: NOAUDITD=1

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

setup_file() {
	auditctl -e 1 >/dev/null
	rule -S mkdir,mkdirat
}

teardown_file() {
	auditctl -D >/dev/null
	auditctl -e 0 >/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	follower=
}

teardown() {
	[ -z "$follower" ] || kill -9 "$follower" 2>/dev/null || true
	[ -z "$follower" ] || wait "$follower" 2>/dev/null || true
	wait_for no_containers
}

# follow ARGUMENT...: in the background; it listens by then
follow() {
	contidctl events --follow "$@" >seen 2>said 3>&- &
	follower=$!
	until_true grep -q 'what the kernel says from now on is followed' said
}

has() { grep -aqE "$1" seen; }

@test "what a container does is printed while it happens, as whole events" {
	follow --all --format raw
	contidctl run "$A" -- mkdir made
	mkdir of-the-host
	contidctl run "$B" -- true
	wait_for has "op=drop .*ocontid=$B"
	grep -aE "^type=SYSCALL msg=audit\([0-9.]+:[0-9]+\): .* key=\"t\" contid=$A\$" seen >call
	id=$(grep -o 'audit([^)]*)' call)
	grep -aF "$id" seen | grep '^type=PATH .*name="made"'
	grep -aF "$id" seen | grep '^type=EOE '
	[ "$(grep -ac of-the-host seen)" -eq 0 ]
	[ "$(grep -c . said)" -eq 1 ]
	grep -q 'no auditd runs here' said
}

@test "of one container alone, in any format" {
	follow --format json "$A"
	contidctl run "$B" -- mkdir theirs
	contidctl run "$A" -- mkdir ours
	wait_for has '"op":"drop"'
	jq -es --arg id "$A" 'map(select(.type != "VIRT_CONTROL")) |
		all(.[]; (.contid // .ocontid) == $id) and any(.[]; .type == "SYSCALL")' seen
}

@test "a user message is what its sender said, and its container is the first field" {
	follow --format json "$A"
	contidctl run "$A" -- auditctl -m "hello contid=$B"
	wait_for has '"op":"drop"'
	jq -es --arg id "$A" 'map(select(.type == "USER")) | length == 1 and .[0].contid == $id' seen
}

@test "a container that lives is found by the label that the module keeps" {
	mkfifo go
	contidctl run --label web "$A" -- sh -c 'read -r _ <go; mkdir by-name' 3>&- &
	runner=$!
	until_true 'contidctl list | grep -q web'
	follow web
	echo >go
	wait "$runner"
	wait_for has 'name=by-name'
	grep -q 'contname="web"' seen
}

@test "--until ends it" {
	local status=0

	follow --all --until "@$(($(date +%s) + ${BATS_TEST_TIMEOUT:-300} / 30))"
	contidctl run "$A" -- true
	wait "$follower" || status=$?
	follower=
	[ "$status" -eq 0 ]
	has "op=register .*ocontid=$A"
}

@test "without CAP_AUDIT_READ, or in another network namespace, it says what is missing" {
	run timeout 60 setpriv --bounding-set -audit_read contidctl events --follow --all
	[ "$status" -eq 1 ]
	[[ $output == *"needs CAP_AUDIT_READ in the initial user namespace"* ]]
	run timeout 60 unshare --net contidctl events --follow --all
	[ "$status" -eq 1 ]
	[[ $output == *"the host's network namespace only, and this is another"* ]]
}
