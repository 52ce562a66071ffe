#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl report, on a log made by hand and on that of this machine.
# depends on: neither. It adds up what events reads.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

lives=$tests/fixtures/audit/lives.log
C=22222222-0123-4123-8123-0123456789ab

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	auditctl -D >/dev/null
}

teardown() {
	auditctl -D >/dev/null
}

# container NUMBER EXPRESSION: of the containers in the log, the one with this number
container() {
	contidctl report --format json --input "$lives" | jq -e ".containers[$1] | $2"
}

@test "each registration of an ID is a container of its own, with its begin and end" {
	run -0 jq -r '.containers[] | [.contid, .began, .ended] | join(" ")' \
		< <(contidctl report --format json --input "$lives")
	[ "${lines[0]}" = "$C  " ]
	[ "${lines[1]}" = "$A 2026-11-25T09:46:50.100Z 2026-11-25T09:47:00.112Z" ]
	[ "${lines[2]}" = "$B 2026-11-25T09:46:53.105Z 2026-11-25T09:46:55.108Z" ]
	[ "${lines[3]}" = "$A 2026-11-25T09:47:10.114Z " ]
	[ "${#lines[@]}" -eq 4 ]
}

@test "it has the process that registered a container, and the container that this is nested in" {
	container 1 '.registered_by | .comm == "crun" and .pid == 300 and .exe == "/usr/bin/crun"'
	container 3 '.registered_by.comm == "podman"'
	container 0 '.registered_by.comm == null and .began == null'
	container 2 ".parent == \"$A\""
	container 1 '.parent == null'
}

@test "events are counted by type, and those that failed" {
	container 1 '.events == 8 and .types == {SYSCALL: 4, USER_LOGIN: 1, KERNEL_OTHER: 3} and .failed == 2'
	container 2 '.types == {SYSCALL: 1, SECCOMP: 1, KERNEL_OTHER: 1} and .failed == 0'
	# register, a refused one, adopt, a signal, drop
	container 1 '.acted_upon == 5'
}

@test "processes are counted by their pids on the host, and not by what clone returned inside" {
	# 301, 302, and 350 that was adopted; not 77
	container 1 '.processes == 3'
	container 2 '.processes == 1'
}

@test "refused registrations are counted, and begin no container" {
	contidctl report --format json --input "$lives" | jq -e .refused==1
	contidctl report --input "$lives" | grep '^1 registrations were refused$'
}

@test "a fact that the log does not have is a question mark" {
	contidctl report --input "$lives" >found
	[ "$(grep -c '^  lost        ?$' found)" -eq 4 ]
	[ "$(grep -c '^  began       ?$' found)" -eq 1 ]
	[ "$(grep -c '^  ended       ?$' found)" -eq 2 ]
	contidctl report --format json --input "$lives" | jq -e '[.containers[].lost] | all(. == null)'
}

@test "text that senders and host processes wrote makes no container" {
	sed 's/<GS>/\x1d/g' "$tests/fixtures/audit/forged.log" |
		contidctl report --format json --input - >found
	jq -e --arg c "$C" '[.containers[].contid] == [$c]' <found
}

@test "of this machine's log it knows which containers live, and what they have lost" {
	other=$(uuidgen)
	contidctl run "$other" -- true
	contidctl run "$A" -- sleep infinity 3>&- &
	runner=$!
	timeout 30 sh -c "until pgrep -P $runner -x sleep; do sleep 0.05; done"
	log_sync
	contidctl report --format json >found
	child=$(pgrep -P "$runner" -x sleep)
	kill "$child"
	wait "$runner" || true
	jq -e --arg id "$A" '[.containers[] | select(.contid == $id)][-1] |
		.lives and .lost == 0 and .ended == null and .began != null and
		.registered_by.comm == "contidctl"' <found
	jq -e --arg id "$other" '.containers[] | select(.contid == $id) |
		(.lives | not) and .lost == null and .ended >= .began' <found
	log_sync
	contidctl report --format json |
		jq -e --arg id "$A" '[.containers[] | select(.contid == $id)][-1].ended != null'
}

@test "memory grows with the containers, and not with the log" {
	cp "$lives" log
	for _ in $(seq 8); do
		cat log log >twice
		mv twice log
	done
	(
		ulimit -v 60000
		contidctl report --format json --input log | jq -e '.refused == 256'
	)
}
