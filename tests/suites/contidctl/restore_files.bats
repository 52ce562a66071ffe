#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl restore, save: which file is understood, and which is replaced, before the module is
# asked for anything.
# depends on: userland. Debian's releases have different versions of json-c; the suite save
# has what the module makes of it.
# vm: none

# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

# state LABEL: as save writes one, with a container that has this label, a text of JSON
state() {
	printf '{ "format": "audit_contid state", "version": 1, "boot_id": "%s", "since": 1,
		"containers": [ { "contid": "11111111-0123-4123-8123-0123456789ab",
		"parent": null, "label": %s, "depth": 1, "first_pid": 2 } ], "processes": [] }\n' \
		"$(</proc/sys/kernel/random/boot_id)" "$1" >state
}

# restore: there is no module
restore() {
	run pretend CLOSED=2 contidctl restore state
	echo "$output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

understood() {
	restore
	[[ $output == *"module"* && $output != *"nothing was restored"* ]]
}

# refused WHY
refused() {
	restore
	[ "$output" = "contidctl: state: $1: nothing was restored" ]
}

@test "a label with letters beyond ASCII, as it is and as JSON escapes it" {
	local label

	for label in '"web"' '"wéb"' '"w\u00e9b"' '"容器 🐳"' '"Ü \" \\ / \n"' null; do
		state "$label"
		understood
	done
}

@test "a file that is cut, or has something behind its end" {
	state '"wéb"'
	truncate -s -3 state
	refused "it is cut off"
	: >state
	refused "it is empty"
	state '"wéb"'
	echo x >>state
	refused "it is not JSON"
}

@test "save replaces a file, and nothing else" {
	local target

	mkfifo pipe
	mkdir directory
	: >file
	ln -s file link
	cp -a /dev/null null
	for target in pipe directory link null; do
		before=$(stat -c '%F %i' "$target")
		run pretend contidctl save "$target"
		[ "$status" -eq 1 ]
		[ "$output" = "contidctl: $target is not a file" ]
		[ "$(stat -c '%F %i' "$target")" = "$before" ]
	done
	run pretend contidctl save nowhere/file
	[ "$status" -eq 1 ]
}

@test "what is not JSON, and what json-c alone would take for it" {
	local label

	for label in "'web'" NaN '"web",' '/* */ "web"' '"web" // x'; do
		state "$label"
		refused "it is not JSON"
	done
	state '"web", "label": "other"'
	refused "an object in it has two members with one name"
	echo '[]' >state
	refused "it is no JSON object"
}
