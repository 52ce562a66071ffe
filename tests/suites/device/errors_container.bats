#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Targets and containers that are not in the state that was asked for.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# Which container a request may name is decided by the same lines on each kernel; what
# a process has for children and who comes first are the kernel's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- EEXIST

@test "a process that was registered or joined before is EEXIST" {
	put "$A"
	watched=("$pid")
	refused EEXIST "op=register opid=$pid ocontid=$B old-ocontid=$A" \
		"$ioctl" register "pid=$pid" "contid=$B"
	refused EEXIST "op=register opid=$pid ocontid=$B old-ocontid=$A" \
		in_container "$A" "$ioctl" register "pidfd=$pid" "contid=$B"
	start plain
	"$ioctl" register join "pid=$pid" "contid=$A" | grep -x OK
	watched+=("$pid")
	refused EEXIST "op=register opid=$pid ocontid=$B old-ocontid=$A" \
		"$ioctl" register "pid=$pid" "contid=$B"
}

@test "EEXIST comes before EBUSY, ENOTUNIQ and ENOENT" {
	start_in "$A" parent
	watched=("${said[@]}")
	refused EEXIST "op=register opid=$pid ocontid=$B old-ocontid=$A" \
		"$ioctl" register "pid=$pid" "contid=$B"
	refused EEXIST "op=join opid=$pid ocontid=$B old-ocontid=$A" \
		"$ioctl" register join "pid=$pid" "contid=$B"
	put "$C"
	watched+=("$pid")
	refused EEXIST "op=register opid=$pid ocontid=$A old-ocontid=$C" \
		"$ioctl" register "pid=$pid" "contid=$A"
	refused EEXIST "op=register opid=$pid ocontid=$C old-ocontid=$C" \
		"$ioctl" register "pid=$pid" "contid=$C"
}

# --- EBUSY

# bats test_tags=everywhere
@test "a process with a child is EBUSY: a living one, a dead one, one of a thread" {
	for kind in parent zombie thread-parent; do
		start "$kind"
		watched+=("$pid")
		[ "$kind" = zombie ] || watched+=("${said[1]}")
		refused EBUSY "op=register opid=$pid ocontid=$A old-ocontid=-1" \
			"$ioctl" register "pid=$pid" "contid=$A"
	done
}

@test "a process that was EBUSY is registered once its child is gone, and its new children inherit" {
	start children
	child
	kill -9 "$child"
	timeout 60 sh -c "until grep -q '^State:.Z' /proc/$child/status; do :; done"
	answers "EBUSY 16" "$ioctl" register "pid=$pid" "contid=$A"
	# reaps it
	echo reap >&"$to"
	answer
	answers OK "$ioctl" register "pid=$pid" "contid=$A"
	child
	answers "OK inherited $A" "$ioctl" get "pid=$child"
}

@test "EBUSY comes before ENOTUNIQ and ENOENT" {
	put "$A"
	watched=("$pid")
	start parent
	watched+=("${said[@]}")
	refused EBUSY "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
	refused EBUSY "op=join opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register join "pid=$pid" "contid=$A"
	refused EBUSY "op=join opid=$pid ocontid=$B old-ocontid=-1" \
		"$ioctl" register join "pid=$pid" "contid=$B"
}

# --- ENOTUNIQ, ENOENT

@test "a contid that a living container has is ENOTUNIQ" {
	start_in "$A" parent
	watched=("${said[@]}")
	refused ENOTUNIQ "op=register opid=${said[1]} ocontid=$A old-ocontid=$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$A"
	start plain
	watched+=("$pid")
	refused ENOTUNIQ "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
}

@test "a container lives, and keeps its contid, as long as one nested in it" {
	start_in "$A $B" plain
	inner=$pid
	kill -9 "$(ps -o ppid= -p "$inner" | tr -d ' ')"
	timeout 60 sh -c "until $ioctl list | grep -q '^$A .* processes=0\$'; do :; done"
	start plain
	watched=("$inner" "$pid")
	refused ENOTUNIQ "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
	answers OK "$ioctl" register join "pid=$pid" "contid=$A"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$inner"
}

@test "JOIN of a container that does not live, or not any more, is ENOENT" {
	start plain
	watched=("$pid")
	refused ENOENT "op=join opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register join "pid=$pid" "contid=$A"
	contidctl run "$A" -- true
	refused ENOENT "op=join opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register join "pid=$pid" "contid=$A"
	start_in "$B" parent
	watched+=("${said[@]}")
	refused ENOENT "op=join opid=${said[1]} ocontid=$A old-ocontid=$B" \
		"$ioctl" register join "pid=${said[1]}" "contid=$A"
}

# --- EMLINK, ENOSPC

@test "deeper than max_depth, 4 by default, is EMLINK" {
	start_in "$A $B $C $D" parent
	watched=("${said[@]}")
	answers "OK inherited $D,^$C,^$B,^$A" "$ioctl" get "pid=${said[1]}"
	refused EMLINK "op=register opid=${said[1]} ocontid=$E old-ocontid=$D,^$C,^$B,^$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$E"
	# ENOTUNIQ comes before it
	refused ENOTUNIQ "op=register opid=${said[1]} ocontid=$A old-ocontid=$D,^$C,^$B,^$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$A"
}

@test "with max_depth=5 five fit, and no more" {
	reload max_depth=5
	start_in "$A $B $C $D $E" parent
	watched=("${said[@]}")
	answers "OK inherited $E,^$D,^$C,^$B,^$A" "$ioctl" get "pid=${said[1]}"
	refused EMLINK "op=register opid=${said[1]}" \
		"$ioctl" register "pid=${said[1]}" contid=55555555-0123-4123-8123-0123456789ab
}

@test "more containers than max_containers is ENOSPC, until one ends; JOIN makes none" {
	reload max_containers=2
	put "$A"
	watched=("$pid")
	put "$B"
	ending=$pid
	start plain
	watched+=("$pid")
	refused ENOSPC "op=register opid=$pid ocontid=$C old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$C"
	# ENOTUNIQ comes before it
	refused ENOTUNIQ "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
	start plain
	answers OK "$ioctl" register join "pid=$pid" "contid=$A"
	kill -9 "$ending"
	timeout 60 sh -c "until $ioctl list | grep -q ' 1 of 1\$'; do :; done"
	start plain
	answers OK "$ioctl" register "pid=$pid" "contid=$C"
}

@test "EMLINK comes before ENOSPC" {
	reload max_containers=1 max_depth=1
	start_in "$A" parent
	watched=("${said[@]}")
	refused EMLINK "op=register opid=${said[1]} ocontid=$B old-ocontid=$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$B"
}

# --- several at once

# bats test_tags=everywhere
@test "of several that register a process at the same time one does it" {
	local times=${LONG:+500}

	answers OK "$bin/contend" target 4 "${times:-60}"
}

@test "of several that register a contid at the same time one does it" {
	local times=${LONG:+500}

	answers OK "$bin/contend" contid 4 "${times:-40}"
}

# bats test_tags=everywhere
@test "a JOIN while the last process exits does it, or is ENOENT" {
	local times=${LONG:+500}

	answers OK "$bin/contend" end 4 "${times:-60}"
	wait_for no_containers
}

# --- ENOMEM

# bats test_tags=everywhere
@test "without memory a registration is ENOMEM, a JOIN of no live container ENOENT" {
	reload hide=memory
	start parent
	watched=("${said[@]}")
	refused ENOMEM "op=register opid=${said[1]} ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=${said[1]}" "contid=$A"
	refused ENOMEM "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register tree "pid=$pid" "contid=$A"
	refused EBUSY "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
	refused ENOENT "op=join opid=${said[1]} ocontid=$A old-ocontid=-1" \
		"$ioctl" register join "pid=${said[1]}" "contid=$A"
}

@test "ENOSPC comes before ENOMEM" {
	reload hide=memory max_containers=0
	start plain
	watched=("$pid")
	refused ENOSPC "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register "pid=$pid" "contid=$A"
}

# --- TREE

# bats test_tags=everywhere
@test "a process with children is registered by TREE, and refused ones leave all of it alone" {
	put "$A"
	watched=("$pid")
	start_in "$B $C $D $E" parent
	registered=("${said[@]}")
	start parent
	watched+=("${registered[@]}" "${said[@]}")
	refused EEXIST "op=register opid=${registered[0]} ocontid=$A old-ocontid=$E,^$D,^$C,^$B" \
		"$ioctl" register tree "pid=${registered[0]}" "contid=$A"
	refused ENOTUNIQ "op=register opid=$pid ocontid=$A old-ocontid=-1" \
		"$ioctl" register tree "pid=$pid" "contid=$A"
	refused ENOENT "op=join opid=$pid ocontid=${zeros/#0/1}" \
		"$ioctl" register tree join "pid=$pid" "contid=${zeros/#0/1}"
	refused EXDEV "op=join opid=${registered[1]} ocontid=$A old-ocontid=$E,^$D,^$C,^$B" \
		"$ioctl" register tree join "pid=${registered[1]}" "contid=$A"
	refused EMLINK "op=register opid=${registered[1]}" \
		"$ioctl" register tree "pid=${registered[1]}" "contid=${zeros/#0/1}"
	refused EXDEV "op=register opid=$pid" \
		in_container "$A" "$ioctl" register tree "pid=$pid" "contid=${zeros/#0/1}"
	answers OK "$ioctl" register tree join "pid=$pid" "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
	answers "OK inherited $A" "$ioctl" get "pid=${said[1]}"
}

@test "an orchestrator that descends from the target of a TREE gets EXDEV" {
	put "$A"
	watched=("$pid")
	# shellcheck disable=SC2016 # expanded by the inner shell
	refused EXDEV op=register sh -c '"$1" register tree "pid=$$" "contid=$2"; :' \
		sh "$ioctl" "$B"
	log | grep -a ": op=register opid=[1-9][0-9]* ocontid=$B old-ocontid=-1 .*errno=18"
}
