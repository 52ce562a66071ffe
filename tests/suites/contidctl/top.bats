#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl top: what it makes of the counters at two moments.
# depends on: userland. A library answers in place of the module; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

# Between two looks the containers ask for 100, 10 and (it is new then) 14 records, and
# lose 10, 0 and 0.
top() { pretend contidctl top --once --delay 0.2 "$@"; }

@test "records and losses in a second are what came between two looks" {
	top --json >object
	jq -e '.seconds >= 0.2 and (.containers | length) == 3' object
	jq -e '.seconds as $s | [.containers[] | .records_per_second * $s | round] == [100, 14, 10]' object
	jq -e '.seconds as $s | [.containers[] | .lost_per_second * $s | round] == [10, 0, 0]' object
	# and those since they began
	jq -e '.containers[0] | .label == "shop/web-0/nginx" and .asked == 200 and .lost == 20' object
}

@test "the container with the most records is first, and --top leaves the others out" {
	top >table
	grep -qE '^[0-9:]{8}  3 containers, [0-9.]+ records a second, [0-9.]+ of these lost$' table
	[ "$(sed 1,2d table | cut -c1-4 | xargs)" = "0123 2222 1111" ]
	[ "$(top -n 1 | sed 1,2d | cut -c1-4)" = 0123 ]
	[ "$(top --top 2 --json | jq -r '.containers[].contid[0:4]' | xargs)" = "0123 2222" ]
	# what a terminal might obey is escaped, and into a pipe nothing is cleared
	grep -qF 'a "b" \ \012' table
	run -1 grep -q $'\e' table
}

@test "without --once it goes on, until nobody reads it any more" {
	# shellcheck disable=SC2016 # the inner shell's
	run -0 bash -c 'set -o pipefail
		pretend() { env LD_PRELOAD="$PRETENDED" "$@"; }
		pretend timeout 60 contidctl top --delay 0.1 --json | jq -n --unbuffered "input, input | .seconds"
		[[ ${PIPESTATUS[0]} != 124 ]]'
	[ "$(wc -l <<<"$output")" -eq 2 ]
}

@test "what is no delay and no count is refused, and so is a list that cannot be read" {
	for arguments in '-d 0' '-d x' '-d nan' '-d 1e9' '-n 0' '-n -1'; do
		# shellcheck disable=SC2086 # several words
		run -2 contidctl top $arguments
	done
	run -1 pretend ERRNO=12 contidctl top --once
	[[ $output == *"could not be read"* ]]
}
