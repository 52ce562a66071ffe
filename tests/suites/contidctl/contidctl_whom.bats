#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Which live container is meant by a word: an ID, its beginning, or an engine's name. The
# suite contidctl_ps has what ps prints of it.
# depends on: neither. A library remembers in place of the module what is registered.
# vm: none

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"
# shellcheck source=tests/lib/remembered.bash
. "$BATS_TEST_DIRNAME/../../lib/remembered.bash"

setup() {
	contidctl_begin
	remember
}

teardown() {
	rm -f "${engine_files[@]}"
	end_started
}

engine_files=()

# engine_says FILE JSON: an engine's file, which goes with the test
engine_says() {
	mkdir -p "${1%/*}"
	printf '%s' "$2" >"$1"
	engine_files+=("$1")
}

storage=/run/containers/storage/overlay-containers/volatile-containers.json
docker=/var/lib/docker/containers/demo/config.v2.json

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
