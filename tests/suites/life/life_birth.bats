#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Each way to make a process and to become another program keeps the contid.
# depends on: kernel

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

setup() {
	end_rules
	T=$BATS_TEST_TMPDIR
	log_mark
}

teardown() {
	end_rules
	until_true no_containers
}

# inherits EXECS WRAPPER...: a command that the wrapper runs in container A
# carries A, as do all EXECS executed programs and the mkdir of the last one
inherits() {
	local execs=$1

	shift
	rule -F success=1 -S execve
	rule -S mkdir
	contidctl run "$A" -- "$@" sh -c "contidctl get \$\$ >$T/got; exec mkdir $T/made"
	[ "$(<"$T/got")" = "$A" ]
	syscalls >"$T/calls"
	[ "$(grep -c "^$A " "$T/calls")" -eq $((execs + 1)) ]
	grep "^$A mkdir [0-9]* $mkdir_nr " "$T/calls"
	run grep -E '^- (sh|mkdir|spawn|unshare) ' "$T/calls"
	[ "$status" -eq 1 ]
	[ "$(drops "$A")" -eq 1 ]
}

@test "a child made by fork inherits" {
	inherits 4 "$bin/spawn" fork 1
}

@test "a child made by vfork inherits" {
	inherits 4 "$bin/spawn" vfork 1
}

@test "a child made by clone inherits" {
	inherits 4 "$bin/spawn" clone 1
}

@test "a child made by clone3 inherits" {
	inherits 4 "$bin/spawn" clone3 1
}

@test "a child made with CLONE_PARENT inherits from its maker, not from its parent" {
	inherits 4 "$bin/spawn" clone_parent 1
}

@test "a child made with CLONE_INTO_CGROUP inherits" {
	mkdir /sys/fs/cgroup/life
	inherits 4 "$bin/spawn" cgroup=/sys/fs/cgroup/life 1
	rmdir /sys/fs/cgroup/life
}

@test "a child made in a new PID namespace inherits" {
	inherits 4 "$bin/spawn" pid_namespace 1
}

@test "a child of unshare --pid --fork inherits" {
	inherits 4 unshare --pid --fork
}

@test "a child made by posix_spawn inherits" {
	inherits 4 "$bin/spawn" posix_spawn 1
}

@test "a child made by a thread that is not the leader inherits" {
	inherits 4 "$bin/spawn" thread 1
}

@test "a daemon whose parents are gone inherits" {
	inherits 4 "$bin/spawn" daemon 1
}

@test "every one of many short-lived children carries the contid and no host process does" {
	# of each kind
	local times=${LONG:+250}

	: "${times:=50}"
	rule -F success=1 -S execve
	(for ((i = 0; i < times; i++)); do /bin/false || :; done) 3>&- &
	host=$!
	loop="for i in $(seq "$times" | xargs); do /bin/true; done; :"
	contidctl run "$A" -- sh -c "
		dash -c '$loop'
		bash -c '$loop'
		$bin/spawn posix_spawn $times /bin/true
		$bin/spawn vfork $times /bin/true"
	wait "$host" || true
	syscalls >"$T/calls"
	[ "$(grep -c "^$A true " "$T/calls")" -eq $((4 * times)) ]
	[ "$(grep -c '^- false ' "$T/calls")" -eq "$times" ]
	# the shells and spawn are all the rest
	[ "$(grep -c "^$A " "$T/calls")" -eq $((4 * times + 5)) ]
	[ "$(grep -vc "^$A \|^- " "$T/calls")" -eq 0 ]
}

@test "exec from a thread that is not the leader keeps the contid, and one process" {
	rule -F success=1 -S execve
	mkfifo "$T/execs"
	contidctl run "$A" -- "$bin/threads" exec "$T/stop" true >"$T/execs" 3>&- &
	runner=$!
	exec 8<"$T/execs"
	for _ in {1..20}; do read -r _ <&8; done
	[ "$(processes "$A")" = 1 ]
	[ "$(drops "$A")" -eq 0 ]
	: >"$T/stop"
	cat <&8 >/dev/null
	exec 8<&-
	wait "$runner"
	syscalls >"$T/calls"
	[ "$(grep -c "^$A threads " "$T/calls")" -ge 20 ]
	[ "$(grep -c "^$A true " "$T/calls")" -eq 1 ]
	[ "$(grep -c '^- threads ' "$T/calls")" -eq 0 ]
	[ "$(awk '/threads|true/ { print $3 }' "$T/calls" | sort -u | wc -l)" -eq 1 ]
	[ "$(drops "$A")" -eq 1 ]
}

@test "a process registered while its threads execute has the contid from there on" {
	rule -F success=1 -S execve
	mkfifo "$T/execs"
	"$bin/threads" exec "$T/stop" true >"$T/execs" 3>&- &
	pid=$!
	exec 8<"$T/execs"
	for _ in {1..5}; do read -r _ <&8; done
	contidctl register "$pid" "$A"
	for _ in {1..20}; do read -r _ <&8; done
	[ "$(contidctl get "$pid")" = "$A" ]
	[ "$(processes "$A")" = 1 ]
	[ "$(drops "$A")" -eq 0 ]
	: >"$T/stop"
	cat <&8 >/dev/null
	exec 8<&-
	wait "$pid"
	# an event with a later serial ended later
	serial=$(written | sed -nE "s/^type=KERNEL_OTHER msg=audit\([^:]*:([0-9]+)\): op=register .*ocontid=$A .*res=1$/\1/p")
	[ -n "$serial" ]
	syscalls | grep -E '^[^ ]+ (threads|true) ' >"$T/calls"
	[ "$(awk -v serial="$serial" '$1 == "-" && $5 > serial' "$T/calls" | wc -l)" -eq 0 ]
	[ "$(grep -c "^$A threads " "$T/calls")" -ge 19 ]
	[ "$(grep -c '^- threads ' "$T/calls")" -ge 5 ]
	[ "$(grep -c "^$A true " "$T/calls")" -eq 1 ]
	[ "$(drops "$A")" -eq 1 ]
}

@test "all that stress-ng executes, from threads and by any kind of fork, carries the contid" {
	local methods=(clone fork spawn vfork) executions=25

	# Not each version of it knows more than one. One of those counts what it makes fail on purpose,
	# and half of the others are by a descriptor, whose number is the name then.
	stress-ng --help | grep -q -e --exec-fork-method || { methods=(''); executions=200; }
	rule -F success=1 -S execve,execveat
	# it does not do this as root, and some look for room here
	cd /tmp
	for method in "${methods[@]}"; do
		contidctl run "$A" -- setpriv --reuid 65534 --regid 65534 --clear-groups \
			stress-ng --quiet --exec 4 --exec-max 4 --exec-ops "$executions" \
			${method:+--exec-fork-method "$method"} --temp-path /tmp
	done
	until_true dropped "$A" "${#methods[@]}"
	syscalls | grep ' stress-ng' >"$T/calls"
	[ "$(grep -c "^$A " "$T/calls")" -ge $((20 * ${#methods[@]})) ]
	[ "$(grep -vc "^$A " "$T/calls")" -eq 0 ]
	[ "$(drops "$A")" -eq "${#methods[@]}" ]
	[ -z "$(processes "$A")" ]
}
