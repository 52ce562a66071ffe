#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Registering a process with its descendants, and its namespaces on record.
# depends on: kernel
# The walk is the same on each kernel; the order of births and deaths is the kernel's.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
}

teardown() {
	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	pkill -KILL -x lineage || true
	timeout 60 bash -c "while contidctl list | grep -E '$A|$B'; do :; done"
}

# bats test_tags=everywhere
@test "a tree is registered with its children and grandchildren, and only with --tree" {
	bash -c "bash -c 'sleep 1000 & echo \$! >$dir/grandchild; wait' & echo \$! >$dir/child; wait" 3>&- &
	top=$!
	pids=("$top")
	until_true "[ -s $dir/grandchild ] && [ -s $dir/child ]"
	pids+=("$(cat "$dir/child")" "$(cat "$dir/grandchild")")
	run contidctl register "$top" "$A"
	[ "$status" -eq 1 ]
	[[ $output == *"children"* ]]
	contidctl register --tree "$top" "$A"
	for pid in "${pids[@]}"; do
		[ "$(contidctl get "$pid")" = "$A" ]
	done
	run contidctl get $$
	[ "$output" = -1 ]
}

# all_taken BY CARRIES COMMAND...: lines of descent that COMMAND starts are registered
# as BY while they go on, and all of them carry CARRIES after that
all_taken() {
	local by=$1 carries=$2 start top last pid runner

	start=$(forks)
	"${@:3}" "$bin/lineage" 4 "$dir/stop" 3>&- &
	runner=$!
	until_true "[ \$((\$(forks) - $start)) -gt 100 ]"
	top=$(pgrep -o -x lineage)
	pids=("$top")
	contidctl register --tree "$top" "$by" >/dev/null
	: >"$dir/stop"
	until_true "[ \$(ls $dir/stop.* 2>/dev/null | wc -l) -eq 4 ]"
	for last in "$dir"/stop.*; do
		pid=${last##*.}
		echo "pid $pid: $(contidctl get "$pid")"
		[ "$(contidctl get "$pid")" = "$carries" ]
	done
	rm "$dir"/stop*
	pkill -KILL -x lineage
	wait "$runner" || true
	until_true "! contidctl list | grep -qE '$A|$B'"
}

# bats test_tags=everywhere
@test "nobody escapes from a tree that forks, orphans and makes siblings as fast as it can" {
	local times=${LONG:+10}
	for ((round = 0; round < ${times:=2}; round++)); do
		echo "round $round"
		all_taken "$A" "$A"
	done
}

@test "nor from one inside of a container" {
	local times=${LONG:+10}
	for ((round = 0; round < ${times:=2}; round++)); do
		echo "round $round"
		# the first process is the shell: the tree's root has inherited
		all_taken "$B" "$B,^$A" contidctl run "$A" -- sh -c '"$@"; exit' _
	done
}

# bats test_tags=everywhere
@test "nobody escapes who is orphaned between the beginning of a registration and the walk" {
	run orphans 200
	echo "$output"
	[ "$status" -eq 0 ]
	until_true no_containers
}

@test "a nested tree is registered inside its container" {
	contidctl run "$A" -- bash -c "bash -c 'sleep 1000 & echo \$! >$dir/child; wait' & echo \$! >$dir/top; wait" 3>&- &
	until_true "[ -s $dir/child ] && [ -s $dir/top ]"
	pids=("$(cat "$dir/child")")
	contidctl register --tree "$(cat "$dir/top")" "$B"
	[ "$(contidctl get "$(cat "$dir/top")")" = "$B,^$A" ]
	[ "$(contidctl get "$(cat "$dir/child")")" = "$B,^$A" ]
}

# bats test_tags=everywhere
@test "the record of a registration has the namespaces that stat shows" {
	unshare -mun sleep 1000 3>&- &
	pid=$!
	pids=("$pid")
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	contidctl register "$pid" "$B"
	until_true "grep -qa 'op=register opid=$pid ocontid=$B.*res=1' /var/log/audit/audit.log"
	record=$(grep -a "op=register opid=$pid ocontid=$B" /var/log/audit/audit.log | tail -1)
	[[ $record == *" nsdev=$(device_of "/proc/$pid/ns/mnt") "* ]]
	for ns in mnt pid net user uts ipc cgroup time; do
		[[ $record == *" ${ns}ns=$(stat -L -c %i "/proc/$pid/ns/$ns") "* ]]
	done
}

# bats test_tags=everywhere
@test "a tree whose root dies in mid-registration lives as long as its last descendant" {
	for round in 1 2 3 4 5 6 7 8; do
		bash -c "sleep 1000 & echo \$! >$dir/child; wait" 3>&- &
		top=$!
		until_true "[ -s $dir/child ]"
		child=$(cat "$dir/child")
		pids=("$child")
		contidctl register --tree "$top" "$A" >/dev/null 3>&- &
		orchestrator=$!
		until_true "[ \"\$(contidctl get $top 2>&1)\" = $A ]"
		kill -KILL "$top"
		wait "$top" || true
		wait "$orchestrator"
		[ "$(contidctl get "$child")" = "$A" ]
		kill -KILL "$child"
		until_true "! contidctl list | grep -q $A"
		rm "$dir/child"
	done
}

@test "an orchestrator cannot register itself by way of an ancestor's tree" {
	run bash -c "contidctl register --tree \$\$ $A; exit \$?"
	[ "$status" -eq 1 ]
	[[ $output == *"cross-device"* ]]
}
