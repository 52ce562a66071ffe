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

engine_files=()

# engine_says FILE JSON: an engine's file, which goes with the test
engine_says() {
	mkdir -p "${1%/*}"
	printf '%s' "$2" >"$1"
	engine_files+=("$1")
}

teardown() {
	local one

	rm -f "${engine_files[@]}"
	for one in "${started[@]}"; do
		kill -9 "$one" 2>/dev/null || true
		wait "$one" 2>/dev/null || true
	done
	wait_for nothing_lives
}

storage=/run/containers/storage/overlay-containers/volatile-containers.json
docker=/var/lib/docker/containers/demo/config.v2.json

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

@test "ps takes an ID in each form, its beginning, and a name" {
	sleeper
	contidctl register "$pid" "$A"
	engine_says "$storage" "[{\"id\": \"${A//-/}$(printf '%032d' 7)\", \"names\": [\"web\"]}]"
	for word in "$A" "${A^^}" "${A//-/}" "${A//-/}$(printf '%032d' 7)" 0123 "id:0123abcd-" web \
		name:web podman:web; do
		echo "$word"
		[ "$(contidctl ps --json "$word" | jq '.[].pid')" = "$pid" ]
	done
	sleeper
	contidctl register "$pid" "$(uuidgen --sha1 --namespace 6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21 --name lxc:web)"
	[ "$(contidctl ps --json lxc:web | jq '.[].pid')" = "$pid" ]
}

@test "a word that may mean two live containers is refused, and both are named" {
	local other=0123ffff-0123-4123-8123-0123456789ab

	sleeper
	contidctl register "$pid" "$A"
	sleeper
	contidctl register "$pid" "$other"
	run contidctl ps 0123
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"may mean several"*"$A"*"$other"* ]]
	# a name and the beginning of an ID
	engine_says "$docker" "{\"Name\": \"/0123f\", \"ID\": \"${A//-/}$(printf '%032d' 7)\"}"
	run contidctl ps 0123f
	[ "$status" -eq 1 ]
	[[ $output == *"$A"*"$other"* ]]
	[ "$(contidctl ps --json name:0123f | jq length)" -eq 1 ]
	[ "$(contidctl ps --json id:0123f | jq '.[].pid')" = "$pid" ]
}

@test "docker:NAME and podman:NAME are the engine's ID, and never one that is made of the name" {
	sleeper
	contidctl register "$pid" "$A"
	engine_says "$docker" "{\"Name\": \"/web\", \"ID\": \"${A//-/}$(printf '%032d' 7)\"}"
	[ "$(contidctl ps --json docker:web | jq '.[].pid')" = "$pid" ]
	for word in podman:web docker:other cri-o:web containerd:web; do
		run contidctl ps "$word"
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"$word: no live container has such an ID"* ]]
	done
}

@test "a name is not believed of a file that others than root may have written" {
	sleeper
	contidctl register "$pid" "$A"
	engine_says "$docker" "{\"Name\": \"/web\", \"ID\": \"${A//-/}$(printf '%032d' 7)\"}"
	[ "$(contidctl ps --json web | jq '.[].pid')" = "$pid" ]
	chown 1000 "$docker"
	run contidctl ps web
	[ "$status" -eq 1 ]
	[[ $output == *"$docker: others than root may have written it"* ]]
	chown 0 "$docker"
	chmod 0777 "${docker%/*}"
	run contidctl ps web
	chmod 0755 "${docker%/*}"
	[ "$status" -eq 1 ]
}

@test "of no live container ps ends with 1 and says so" {
	for word in "$A" 0123 web lxc:web; do
		run contidctl ps "$word"
		echo "$output"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	run contidctl ps
	[ "$status" -eq 2 ]
}
