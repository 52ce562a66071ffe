#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl adopt, save, restore: processes that are to hold them up, or to lead them astray. Most are
# made up: a helper has them, and the code of contidctl.
# depends on: neither. What the kernel shows of processes is in the suites of adopt and save.
# vm: none

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "$BATS_TEST_DIRNAME/../../lib/traces.bash"

bin=$PROJECT/tests/helpers/bin

setup_file() {
	make -C "$PROJECT/tests/helpers" bin/{{adopt,restore}_hostile,odd_process} >/dev/null
}

# least COMMAND...: the least that it prints in five runs: something else may take the processor
# from any of them, and its caches
least() {
	for _ in {1..5}; do
		"$@" || return
	done >"$BATS_TEST_TMPDIR/least"
	sort -n "$BATS_TEST_TMPDIR/least" | head -n 1
}

@test "a path as long as the kernel makes one has no more than 32 containers" {
	run "$bin/adopt_hostile" nested 30
	echo "# containers, us: $output" >&3
	[ "$status" -eq 0 ]
	[ "${output% *}" -eq $((30 * 32)) ]
}

@test "four times as many processes that descend from one another take an adoption no more than eight times as long" {
	local few many

	few=$("$bin/adopt_hostile" chain 4000)
	many=$("$bin/adopt_hostile" chain 16000)
	echo "# containers, us: $few, then $many" >&3
	[ "${many% *}" -eq 4000 ]
	[ "${many#* }" -lt $((8 * ${few#* })) ]
}

@test "a hundred thousand generations that were born since are all put back" {
	"$bin/restore_hostile" generations 100000
}

@test "restore gives up after two minutes on a container that goes on forking" {
	run "$bin/restore_hostile" forks
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" -le 122 ]
}

@test "four times as many generations take a restore no more than eight times as long" {
	local few many

	few=$(least "$bin/restore_hostile" tree 4000)
	many=$(least "$bin/restore_hostile" tree 16000)
	echo "# us: $few, then $many" >&3
	[ "$many" -lt $((8 * few)) ]
}

@test "a process that had entered is not let go for a mount namespace that it has made" {
	[ "$("$bin/restore_hostile" entered 2)" = container ]
	[ "$("$bin/restore_hostile" entered 4)" = container ]
	[ "$("$bin/restore_hostile" entered 1)" = host ]
	[ "$("$bin/restore_hostile" entered 3)" = host ]
}

@test "a process is seen though the kernel does not say its cgroup, as the path is too long" {
	"$bin/odd_process" path
}

@test "a save goes on after a number that is a thread's by now" {
	"$bin/odd_process" number
}
