#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl ps: the processes of a container, and which container is meant.
# depends on: neither. What a process carries is in register and adopt, on each kernel.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

# crowd CONTID: a container with a mount namespace of its own: its first process is in
# $first, that one's child in $child, and one that has entered in $entered
crowd() {
	background contidctl run "$1" -- unshare -m bash -c 'sleep infinity & wait'
	wait_for pgrep -P "$pid" -x bash
	first=$(pgrep -P "$pid" -x bash)
	will_end "$first"
	wait_for pgrep -P "$first" -x sleep
	child=$(pgrep -P "$first" -x sleep)
	will_end "$child"
	background nsenter -m -t "$first" sleep infinity
	entered=$pid
	wait_for grep -qx sleep "/proc/$entered/comm"
}

nothing_lives() { [ "$(contidctl list | wc -l)" -eq 1 ]; }

# sleeps_in CONTID: a sleep does
sleeps_in() { contidctl ps "$1" | grep -q ' sleep$'; }

teardown() {
	local one

	for one in "${started[@]}"; do
		kill -9 "$one" 2>/dev/null || true
		wait "$one" 2>/dev/null || true
	done
	wait_for nothing_lives
}

@test "ps prints each process, and how it came in" {
	crowd "$A"
	run contidctl ps "$A"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} =~ ^\ *PID\ +PARENT\ +HOW\ +CONTID\ +COMM$ ]]
	grep -E "^ *$first +[0-9]+ registered +$A bash\$" <<<"$output"
	grep -E "^ *$child +$first inherited +$A sleep\$" <<<"$output"
	grep -E "^ *$entered +[0-9]+ entered +$A sleep\$" <<<"$output"
	[ "$(contidctl ps --json "$A" | jq -c 'map([.pid, .how, .comm, .contid, .enclosed_by]) | sort')" = \
		"$(jq -nc --argjson f "$first" --argjson c "$child" --argjson e "$entered" --arg a "$A" \
			'[[$f, "registered", "bash", $a, []], [$c, "inherited", "sleep", $a, []],
			[$e, "entered", "sleep", $a, []]] | sort')" ]
}

@test "ps prints the processes of nested containers with their own IDs" {
	background contidctl run "$A" -- bash -c "contidctl run $B -- sleep infinity; :"
	will_end "$pid"
	wait_for sleeps_in "$B"
	run contidctl ps --json "$A"
	[ "$(jq -c "map(select(.contid == \"$B\") | .enclosed_by)" <<<"$output")" = "[[\"$A\"]]" ]
	[ "$(contidctl ps --json "$B" | jq -c 'map(.contid) | unique')" = "[\"$B\"]" ]
	for one in $(jq '.[].pid' <<<"$output"); do
		will_end "$one"
	done
}
