#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# One thread of several enters a container's mount namespace.
# depends on: kernel

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

# contains COMMAND...: it is the first process of container A, in $pid
contains() {
	"$@" 3>&- &
	pid=$!
}

setup() {
	contains unshare -m sleep 1000
	wait_for runs sleep "$pid"
	contidctl register "$pid" "$A" >/dev/null
}

teardown() {
	kill -KILL "$pid" 2>/dev/null || true
	pkill -KILL -x stale_home || true
	wait_for no_containers
}

# runs_as WAY CONTID: what the program carries that a process with threads runs so
runs_as() {
	run timeout 60 thread_enter "$1" "$pid" sh -c 'contidctl get $$'
	echo "$1: $output"
	[ "$output" = "$2" ]
}

@test "a leader that enters, and forks, makes a child of the container" {
	runs_as leader-fork "$A"
}

@test "a leader that enters, and executes, is in the container" {
	runs_as leader-exec "$A"
}

@test "a thread that enters, and forks, makes a child of the container" {
	runs_as thread-fork "$A"
}

@test "a thread that enters, and executes, is in the container" {
	runs_as thread-exec "$A"
}

@test "a child of a thread or a leader that has entered is in the container" {
	runs_as thread-spawn "$A"
	runs_as leader-spawn "$A"
}

@test "a child or program of a thread that has not entered is a host process" {
	runs_as other-fork -1
	runs_as other-exec -1
}

@test "a child of a thread is a host process if the leader that entered is gone" {
	runs_as gone-fork -1
}

@test "what makes a namespace of its own in there, the other threads gone, is in the container" {
	runs_as last-fork "$A"
	runs_as last-exec "$A"
}

@test "a child of a thread that has entered and gone back is a host process" {
	runs_as back-fork -1
}

@test "the exec of a thread that entered is on record with the container's ID" {
	log_mark
	auditctl -a always,exit -F arch=b64 -S execve -k thread_enter >/dev/null
	timeout 60 thread_enter thread-exec "$pid" true
	auditctl -D >/dev/null
	log_now >"$BATS_TEST_TMPDIR/log"
	grep -aE "op=adopt opid=[0-9]+ ocontid=$A .*res=1" "$BATS_TEST_TMPDIR/log"
	LC_ALL=C sed 's/\x1d.*//' "$BATS_TEST_TMPDIR/log" |
		grep -aE "^type=SYSCALL .* comm=\"true\" .* key=\"thread_enter\" contid=$A\$"
}

# threads_apart: the two threads of $pid are in different mount namespaces
threads_apart() {
	local namespaces

	mapfile -t namespaces < <(readlink /proc/"$pid"/task/*/ns/mnt)
	[ "${#namespaces[@]}" -eq 2 ] && [ "${namespaces[0]}" != "${namespaces[1]}" ]
}

threads_together() {
	has_two_threads && ! threads_apart
}

has_two_threads() {
	local threads=(/proc/"$pid"/task/*)

	[ "${#threads[@]}" -eq 2 ]
}

# scattered WAY: the container is a process of which one thread goes elsewhere alone
scattered() {
	kill -KILL "$pid"
	wait_for no_containers
	contains scatter "$1"
	wait_for has_two_threads
	contidctl register "$pid" "$A" >/dev/null
	kill -USR1 "$pid"
}

# leads_in ARGUMENT...: whom nsenter takes there is in the container
leads_in() {
	# shellcheck disable=SC2016 # the inner shell's
	[ "$(nsenter "$@" sh -c 'contidctl get $$')" = "$A" ]
}

@test "a container whose threads are in several namespaces is entered by its own" {
	scattered sleep
	wait_for threads_apart
	leads_in -m -t "$pid"
}

@test "a container whose first thread has gone elsewhere alone is entered where that is" {
	scattered leader
	wait_for threads_apart
	leads_in -m -t "$pid"
	# and where the others are
	threads=(/proc/"$pid"/task/*)
	leads_in "--mount=${threads[1]}/ns/mnt"
}

@test "what a thread that is somewhere alone has forked there is entered, the thread gone on" {
	scattered fork
	# not the first thread's
	until_true "child=\$(pgrep -P $pid)"
	# it has gone on
	until_true "[ \"\$(readlink /proc/$child/ns/mnt /proc/$pid/task/*/ns/mnt | sort -u | wc -l)\" -eq 3 ]"
	leads_in -m -t "$child"
	threads=(/proc/"$pid"/task/*)
	leads_in "--mount=${threads[1]}/ns/mnt"
}

# outlived: a thread that was somewhere alone has made another one there, $third, and is gone
outlived() {
	local threads=(/proc/"$pid"/task/*)

	third=${threads[-1]}
	[ "${#threads[@]}" -eq 2 ] && [ "$third" != "$second" ]
}

# scattered_once WAY: likewise, with the second thread's number known before
scattered_once() {
	kill -KILL "$pid"
	wait_for no_containers
	contains scatter "$1"
	wait_for has_two_threads
	threads=(/proc/"$pid"/task/*)
	second=${threads[-1]}
	contidctl register "$pid" "$A" >/dev/null
	kill -USR1 "$pid"
}

@test "a thread that one which was somewhere alone has made there is entered, its maker gone" {
	scattered_once born
	wait_for outlived
	leads_in "--mount=$third/ns/mnt"
	leads_in -m -t "$pid"
}

@test "what such a thread forks there is entered" {
	scattered_once forks
	wait_for outlived
	until_true "child=\$(pgrep -P $pid)"
	leads_in -m -t "$child"
}

@test "and what it executes there" {
	scattered_once execs
	wait_for runs sleep "$pid"
	leads_in -m -t "$pid"
}

@test "a thread that comes back from where it was alone makes no exit cost more" {
	names_variables || skip "this kernel has no names of a module's variables"
	scattered back
	wait_for threads_apart
	[ "$(module_int partings)" = 1 ]
	kill -USR1 "$pid"
	wait_for threads_together
	[ "$(module_int partings)" = 0 ]
}

@test "a container whose first thread has exited is entered all the same" {
	kill -KILL "$pid"
	wait_for no_containers
	contains scatter exit
	wait_for is_zombie "$pid"
	log_mark
	contidctl register "$pid" "$A" >/dev/null
	log | grep -aE "op=register opid=$pid ocontid=$A .* mntns=[0-9]+ pidns=[0-9]+ netns=[0-9]+ "
	threads=(/proc/"$pid"/task/*)
	leads_in "--mount=${threads[-1]}/ns/mnt"
}

# labelled: how many processes carry the container's ID
labelled() { contidctl list --json | jq ".[] | select(.contid == \"$A\").processes"; }

# nobodys WAY: the namespaces that stale_home makes then are nobody's, though they may be
# where the container's threads were
nobodys() {
	kill -KILL "$pid"
	wait_for no_containers
	cd "$BATS_TEST_TMPDIR" || return
	contains contidctl run "$A" -- stale_home leave 140 >left
	wait_for is_there left
	stale_home "$1" 150 >entered 3>&- &
	until_true is_there entered
	[ "$(labelled)" -eq 1 ]
}

@test "a namespace that a container's threads have left is nobody's, wherever the next one lies" {
	nobodys enter
}

@test "nor is it if the next one is made by open_tree, with nobody in it" {
	nobodys trees
}
