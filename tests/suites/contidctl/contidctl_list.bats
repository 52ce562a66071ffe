#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl list and stats: what they show.
# depends on: neither. contidctl prints what the module answers; the numbers
# themselves are counted in record_counts, on each kernel.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "list shows parent, first process and processes of a nested container" {
	background contidctl run "$A" -- contidctl run "$B" -- \
		perl "$tests/fixtures/signals.pl" "$tmp/log"
	wait_for grep -q ready "$tmp/log"
	command=$(sed -n 's/^ready //p' "$tmp/log")
	outer=$(pgrep -P "$pid" -x contidctl)
	will_end "$command"
	run --separate-stderr contidctl list
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == CONTID*PARENT*FIRST*PROCESSES*AGE*ASKED*WRITTEN*LOST*RATE*HELD*NAME ]]
	[[ $output =~ $A\ +-\ +$outer\ +1\ +[0-9]+s\  ]]
	[[ $output =~ $B\ +$A\ +$command\ +1\ +[0-9]+s\  ]]
	[ "$(container "$A" | jq -c '[.parent, .depth, .first_pid, .processes]')" = \
		"[null,1,$outer,1]" ]
	[ "$(container "$B" | jq -c '[.parent, .depth, .first_pid, .processes]')" = \
		"[\"$A\",2,$command,1]" ]
}

@test "list from inside of a container shows that one and what is in it" {
	sleeper
	contidctl register "$pid" "$NOBODY"
	run contidctl run "$A" -- contidctl run "$B" -- contidctl list
	[[ $output == *"$B"* && $output != *"$NOBODY"* ]]
	run contidctl run "$A" -- sh -c "contidctl run $B -- true; contidctl list"
	[[ $output == *"$A"* && $output != *"$NOBODY"* ]]
}

@test "list has the records that a container caused, without those that an exclude rule keeps out" {
	sleeper
	contidctl register "$pid" "$A"
	[ "$(container "$A" | jq -c '[.asked, .written, .lost]')" = "[0,0,0]" ]
	contidctl run --join "$A" -- auditctl -m hello
	[ "$(container "$A" | jq -c '[.asked, .written, .lost, .unplaced]')" = "[1,1,0,0]" ]
	auditctl -a always,exclude -F msgtype=USER >/dev/null
	contidctl run --join "$A" -- auditctl -m hello
	auditctl -D >/dev/null
	[ "$(container "$A" | jq -c '[.asked, .written, .lost, .unplaced]')" = "[1,1,0,0]" ]
	run contidctl list
	[[ $output =~ $A\ .*\ 1\ +1\ +0\ +0\ +-\ +0\.0s\ +-$ ]]
}

@test "list --json has the age and the namespaces by name" {
	sleeper
	contidctl register "$pid" "$A"
	container "$A" | jq -e '.age_seconds < 300 and .created_ns > 0'
	container "$A" | jq -e '.namespaces | keys == ["cgroup", "dev", "ipc", "mnt", "net",
		"pid", "time", "user", "uts"]'
}

@test "list --namespaces shows them, as numbers or as ?" {
	sleeper
	contidctl register "$pid" "$A"
	for option in --namespaces -n; do
		run contidctl list "$option"
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == *NAMESPACES ]]
		pattern="$A .* mnt=([0-9]+|\?) pid=([0-9]+|\?) net=([0-9]+|\?) user="
		[[ $output =~ $pattern ]]
	done
}

# --- stats

@test "stats and stats --json have the same names and numbers" {
	contidctl stats --json >"$tmp/json"
	contidctl stats >"$tmp/text"
	for name in api_version max_depth max_containers hooks_off_seen processes containers \
		registered refused inherited inherit_failed stale unlabelled unlabelled_passed \
		unheld signals_passed unplaced cut bytes_per_process \
		bytes_fixed bytes_labels; do
		number=$(jq -e ".$name" "$tmp/json")
		[[ $number =~ ^[0-9]+$ ]]
		grep -E "^$name +$number\$" "$tmp/text"
	done
	grep -E '^hooks_on +1$' "$tmp/text"
	jq -e '.hooks_on == true' "$tmp/json"
	[ "$(jq -r .module_version "$tmp/json")" = "$(modinfo -F version audit_contid)" ]
	[ "$(jq .max_depth "$tmp/json")" -eq "$(cat /sys/module/audit_contid/parameters/max_depth)" ]
	jq -e '.features | index("join") and index("pidfd") and index("release") and index("label")' "$tmp/json"
	grep -E '^features .* release label rate( |$)' "$tmp/text"
}

@test "stats has every probe with symbol, hits and nmissed" {
	contidctl stats --json | jq -e '.probes | length >= 5 and all(.symbol != "" and
		.purpose != "" and .nmissed >= 0 and (.proven | type) == "boolean")'
	contidctl stats --json | jq -r '.probes[] | .purpose + " " + .symbol' |
		while read -r purpose symbol; do
			contidctl stats |
				grep -E "^probe $purpose +$symbol +hits [0-9]+ nmissed [0-9]+"
		done
	contidctl stats --json | jq -e '.probes[] | select(.symbol == "wake_up_new_task") |
		.hits > 0'
}

@test "stats counts registrations, refusals and inheritance" {
	contidctl stats --json >"$tmp/before"
	contidctl run "$A" -- sh -c 'sh -c true; sh -c true; true'
	run contidctl register 4194304
	contidctl stats --json >"$tmp/after"
	jq -s -e '(.[1].registered - .[0].registered) == 1 and
		(.[1].refused - .[0].refused) == 1 and
		(.[1].inherited - .[0].inherited) == 2' "$tmp/before" "$tmp/after"
}
