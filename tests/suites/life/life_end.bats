#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The next owner of a contained process's number, and the end of a container.
# depends on: kernel

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

setup() {
	pid_max=$(sysctl -n kernel.pid_max)
	end_rules
	T=$BATS_TEST_TMPDIR
	log_mark
}

teardown() {
	sysctl -q "kernel.pid_max=$pid_max"
	end_rules
	until_true no_containers
}

@test "a number that is used again brings nobody another process's contid" {
	local times=${LONG:+1000}

	: "${times:=200}"
	rule -S mkdir
	sysctl -q kernel.pid_max=400
	contidctl run "$A" -- "$bin/churn" in_a "$times" 3>&- &
	a=$!
	contidctl run "$B" -- "$bin/churn" in_b "$times" 3>&- &
	b=$!
	"$bin/churn" in_host "$times"
	wait "$a"
	wait "$b"
	syscalls >"$T/calls"
	[ "$(grep -c "^$A in_a " "$T/calls")" -eq "$times" ]
	[ "$(grep -c "^$B in_b " "$T/calls")" -eq "$times" ]
	[ "$(grep -c '^- in_host ' "$T/calls")" -eq "$times" ]
	[ "$(wc -l <"$T/calls")" -eq $((3 * times)) ]
	# numbers did go from one to another
	[ "$(awk '{ print $3, $2 }' "$T/calls" | sort -u | cut -d' ' -f1 | uniq -d | wc -l)" -ge 20 ]
	[ "$(drops "$A")" -eq 1 ]
	[ "$(drops "$B")" -eq 1 ]
}

# registered and ended: each container of the races once
ends_match() {
	written | grep '^type=KERNEL_OTHER .*ocontid=ac1d0000-' >"$T/ops"
	sed -nE 's/.*op=register .* ocontid=([^ ]*) .* res=1$/\1/p' "$T/ops" | sort >"$T/begun"
	sed -nE 's/.*op=drop .* ocontid=([^ ]*) .*/\1/p' "$T/ops" | sort >"$T/ended"
	diff "$T/begun" "$T/ended"
	[ "$(contidctl list | grep -c ac1d0000-)" -eq 0 ]
}

@test "registration by pidfd never hits the process that got the number" {
	local times=${LONG:+1000}

	"$bin/race" pidfd "${times:-100}"
	ends_match
}

@test "registration by pid hits the one or the other, says so, and ends with it" {
	"$bin/race" pid 300
	ends_match
	[ -s "$T/begun" ]
}

@test "a process whose threads all exit at once ends its container once" {
	local times=${LONG:+500}

	"$bin/race" threads "${times:=50}"
	ends_match
	[ "$(wc -l <"$T/begun")" -eq "$times" ]
}

@test "a leader that exits before its threads and is reaped with them leaves no label behind" {
	rule -S mkdir
	coproc leader { contidctl run "$A" -- "$bin/threads" leader 3>&-; }
	runner=$!
	exec 8<&"${leader[0]}" 9>&"${leader[1]}"
	read -r pid <&8
	[ "$(contidctl get "$pid")" = "$A" ]
	[ "$(processes "$A")" = 2 ]
	echo >&9
	read -r gone <&8
	[ "$gone" = gone ]
	[ "$(processes "$A")" = 1 ]
	"$bin/spawn" "number=$pid" 1 mkdir "$T/made"
	eval "exec 9>&- ${leader[1]}>&-"
	wait "$runner"
	exec 8<&-
	syscalls >"$T/calls"
	[ "$(grep -c "^$A threads $pid " "$T/calls")" -eq 2 ]
	[ "$(grep -c "^- mkdir $pid " "$T/calls")" -eq 1 ]
	[ "$(wc -l <"$T/calls")" -eq 3 ]
	[ "$(drops "$A")" -eq 1 ]
}

@test "a container ends once, and its contid is free, though its last process is not reaped" {
	mkfifo "$T/go"
	coproc parent { "$bin/spawn" unreaped 1 sh -c "read -r _ <$T/go" 3>&-; }
	runner=$!
	exec 8<&"${parent[0]}" 9>&"${parent[1]}"
	read -r pid <&8
	contidctl register "$pid" "$A"
	[ "$(processes "$A")" = 1 ]
	echo >"$T/go"
	until_true is_zombie "$pid"
	[ -z "$(processes "$A")" ]
	[ "$(drops "$A")" -eq 1 ]
	run contidctl get "$pid"
	[ "$status" -eq 1 ]
	run contidctl register "$pid" "$B"
	[[ $output == *"No such process"* ]]
	# the contid is used again while the old one is still there
	contidctl run "$A" -- true
	[ "$(drops "$A")" -eq 2 ]
	eval "exec 9>&- ${parent[1]}>&-"
	wait "$runner"
	exec 8<&-
	until_true is_gone "$pid"
	[ "$(drops "$A")" -eq 2 ]
}

@test "the end of an inner container does not end the outer one" {
	contidctl run "$A" -- sh -c "
		contidctl run $B -- sh -c 'contidctl get \$\$' >$T/inner
		contidctl list >$T/list
		contidctl get \$\$ >$T/outer"
	[ "$(<"$T/inner")" = "$B,^$A" ]
	[ "$(<"$T/outer")" = "$A" ]
	# the shell and contidctl
	[ "$(awk -v id="$A" '$1 == id { print $4 }' "$T/list")" = 2 ]
	[ "$(grep -c "^$B" "$T/list")" -eq 0 ]
	[ "$(drops "$B")" -eq 1 ]
	[ "$(drops "$A")" -eq 1 ]
}

@test "an outer container lives for as long as a process of an inner one does" {
	mkfifo "$T/go" "$T/pid" "$T/registered"
	contidctl run "$A" -- sh -c "
		sh -c 'echo \$\$ >$T/pid; read -r _ <$T/go' &
		read -r _ <$T/registered" 3>&- &
	runner=$!
	read -r pid <"$T/pid"
	contidctl register "$pid" "$B"
	echo >"$T/registered"
	wait "$runner"
	[ "$(processes "$A")" = 0 ]
	[ "$(processes "$B")" = 1 ]
	[ "$(drops "$A")" -eq 0 ]
	run contidctl run "$A" -- true
	[[ $output == *"has the ID $A already"* ]]
	echo >"$T/go"
	until_true is_gone "$pid"
	[ -z "$(processes "$A")" ]
	written | grep -o "op=drop opid=$pid ocontid=[^ ]*" >"$T/ends"
	[ "$(<"$T/ends")" = "op=drop opid=$pid ocontid=$B,^$A
op=drop opid=$pid ocontid=$A" ]
}

@test "containers nest four deep and a fifth is refused" {
	id() { echo "$1$1$1$1$1$1$1$1-0123-4123-8123-0123456789ab"; }
	run contidctl run "$(id 1)" -- contidctl run "$(id 2)" -- contidctl run "$(id 3)" -- \
		contidctl run "$(id 4)" -- sh -c "contidctl get \$\$; contidctl run $(id 5) -- echo ran"
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == "$(id 4),^$(id 3),^$(id 2),^$(id 1)" ]]
	[[ ${lines[1]} == *"nested deeper than 4"* ]]
	[ "${#lines[@]}" -eq 2 ]
	written | grep -aE "op=register .* ocontid=$(id 5) old-ocontid=$(id 4),.* errno=31 res=0 contid=$(id 4),"
	for n in 1 2 3 4; do
		[ "$(drops "$(id "$n")")" -eq 1 ]
	done
	[ "$(drops "$(id 5)")" -eq 0 ]
}
