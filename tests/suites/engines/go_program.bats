#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The Go program of docs/runtimes.md, which was compiled when the machine's layer was made
# (vm/layer): it calls the device itself. The one in Python is in the suite library.
# depends on: neither. What a registration does is in register, on each kernel.
# vm: LAYER=engines

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "docs/runtimes.md: the Go program registers a process, and prints its ID" {
	sleeper
	run -0 runtimes-go "$pid"
	[[ $output =~ ^[0-9a-f]{32}$ ]]
	[ "$(contidctl get "$pid" | tr -d -)" = "$output" ]
	contidctl list --json | jq -e --arg id "$output" --argjson pid "$pid" 'length == 1 and
		(.[0] | (.contid | gsub("-"; "")) == $id and .label == "web" and .first_pid == $pid)'
}

@test "docs/runtimes.md: the Go program says why it is refused, and ends with 1" {
	run -1 runtimes-go 4194304
	[[ $output == *"no such process"* ]]
	sleeper
	run -1 setpriv --bounding-set=-audit_control --inh-caps=-audit_control runtimes-go "$pid"
	[[ $output == *"/dev/audit_contid: operation not permitted"* ]]
	no_containers
	runtimes-go "$pid"
	before=$(contidctl get "$pid")
	run -1 runtimes-go "$pid"
	[[ $output == *"file exists"* ]]
	[ "$(contidctl get "$pid")" = "$before" ]
}
