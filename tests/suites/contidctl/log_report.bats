#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl report: which containers it prints, in which order, and of which time.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# reported ARGUMENT...: the containers of lives.log by their first digits, with the number
# that comes from EXPRESSION
reported() {
	fixture lives | contidctl report --input - --format json "${@:2}" |
		jq -r "[.containers[] | \"\(.contid[0:4]):\($1)\"] | join(\" \")"
}

@test "as they are they stand in the order of the log" {
	[ "$(reported .events)" = "2222:1 0123:8 1111:3 0123:1" ]
}

@test "--sort: most first, equal ones in the order of the log" {
	[ "$(reported .events --sort events)" = "0123:8 1111:3 2222:1 0123:1" ]
	[ "$(reported .failed --sort failed)" = "0123:2 2222:0 1111:0 0123:0" ]
	[ "$(reported .processes -s processes)" = "0123:3 2222:1 1111:1 0123:1" ]
	[ "$(reported .lost --sort lost)" = "2222:null 0123:null 1111:null 0123:null" ]
}

@test "--top: so many, by events if nothing else is said, in whatever order of options" {
	[ "$(reported .events --top 2)" = "0123:8 1111:3" ]
	[ "$(reported .failed -n 1 --sort failed)" = "0123:2" ]
	[ "$(reported .failed --sort failed --top 99)" = "0123:2 2222:0 1111:0 0123:0" ]
	[ "$(fixture lives | contidctl report --input - --top 1 | grep -c '^[0-9a-f-]*$')" -eq 1 ]
}

@test "--since and --until: the events of that time alone" {
	[ "$(reported .events --until 1795600010.050)" = "2222:1" ]
	[ "$(reported .began --since 1795600030)" = "0123:2026-11-25T09:47:10.114Z" ]
	# it began before
	[ "$(reported .began --since 1795600012 --until 1795600012.999)" = "0123:null" ]
	run -1 --separate-stderr contidctl report --input <(fixture lives) --since 2030-01-01
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"no record names a container"* ]]
}

@test "what is no order, no count and no time is refused" {
	for arguments in '--sort name' '--top 0' '--top -1' '--top 2x' '--since never' '--until 25:00'; do
		# shellcheck disable=SC2086 # several words
		run -2 contidctl report --input /dev/null $arguments
		[[ $output == *"contidctl: report: "* ]]
	done
}
