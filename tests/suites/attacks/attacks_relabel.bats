#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A container tries to get rid of its contid, or to give it to others.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- by the right to register, from inside

@test "a helper in the container registers a process of it: that stays in the container" {
	start_in "$A" parent
	child=${said[1]}
	answers OK in_container "$A" "$ioctl" register "pid=$child" "contid=$B"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$child"
	# and not out of what it is in by now, nor deeper once more
	refused EXDEV "op=join opid=$child" \
		in_container "$A" "$ioctl" register "pid=$child" "contid=$A" join
	refused EEXIST "op=register opid=$child" \
		in_container "$A" "$ioctl" register "pid=$child" "contid=$C"
}

@test "a child registers its parent: that has a child, and by TREE is the one that asks" {
	# shellcheck disable=SC2016 # of the shell in the container
	run contidctl run "$A" -- sh -c "sh -c '$ioctl register pid=\$PPID contid=$B
		$ioctl register pid=\$PPID contid=$B tree; exit'; $ioctl get pid=\$\$; exit"
	echo "$output"
	[ "${lines[0]}" = "EEXIST 17" ]
	[ "${lines[1]}" = "EXDEV 18" ]
	[ "${lines[2]}" = "OK registered $A" ]
	# one that has inherited
	# shellcheck disable=SC2016
	run contidctl run "$A" -- sh -c "sh -c 'sh -c \"$ioctl register pid=\\\$PPID contid=$B
		$ioctl register pid=\\\$PPID contid=$B tree; exit\"; $ioctl get pid=\$\$; exit'; exit"
	echo "$output"
	[ "${lines[0]}" = "EBUSY 16" ]
	[ "${lines[1]}" = "EXDEV 18" ]
	[ "${lines[2]}" = "OK inherited $A" ]
}

@test "a container that holds the right can touch neither the host, a neighbour nor what encloses it" {
	put "$B"
	neighbour=$pid
	start plain
	host=$pid
	start_in "$A $C" plain
	inner=$pid
	watched=("$neighbour" "$host" "$inner")
	for call in "register pid=$neighbour contid=$D tree" "join pid=$neighbour contid=$A join" \
		"get pid=$neighbour" "join pid=$host contid=$B join" "register pid=1 contid=$D tree"; do
		# shellcheck disable=SC2086 # several words
		refused EXDEV "op=${call%% *}" in_container "$C" "$ioctl" ${call/#join/register}
	done
	[ "$(in_container "$C" "$ioctl" list | grep -c serial=)" -eq 1 ]
}

@test "the right to write user messages alone opens nothing, and is on record" {
	start plain
	exec 5<>/dev/audit_contid
	for command in "register pid=$pid contid=$B" list; do
		# shellcheck disable=SC2086 # several words
		refused EPERM "op=ioctl opid=?" plain_user --inh-caps=+audit_write \
			--ambient-caps=+audit_write "$ioctl" $command fd=5
	done
	exec 5>&-
}

# --- by descent, and by tracing

@test "a process that is traced, or traces, carries what its maker carries" {
	for command in "contidctl run $A -- strace -f -o /dev/null" \
		"strace -f -o /dev/null contidctl run $A --"; do
		# shellcheck disable=SC2086,SC2016 # several words; of the shells
		run $command sh -c 'sh -c "contidctl get \$\$"; contidctl get $$; exit'
		echo "$output"
		[ "$output" = "$A"$'\n'"$A" ]
	done
}

@test "an orphan of a container that a host process takes on, and its children, stay in the container" {
	run "$bin/adopts" contidctl run "$A" -- "$bin/adopts" orphan sh -c \
		'contidctl get $$; sh -c "contidctl get \$\$"; exit'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$A" ]
	[ "${lines[1]}" = "$A" ]
}

@test "a sibling made by CLONE_PARENT is its maker's: a child of the host in the container" {
	run contidctl run "$A" -- "$bin/spawn" clone_parent 3 sh -c 'contidctl get $$; exit'
	echo "$output"
	[ "$(grep -cx "$A" <<<"$output")" -eq 3 ]
}

@test "entering a neighbour's namespaces, all of them, hides nothing" {
	with=(unshare -mpunif)
	start plain
	with=()
	there=$(pgrep -P "$!")
	"$ioctl" register "pid=$there" "contid=$B" | grep -x OK
	jobs+=("$there")
	auditctl -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/true >/dev/null
	log_mark
	contidctl run "$A" -- "$bin/enter" -a "$there" /usr/bin/true
	events 'comm="true"' | placed "$A"
	log | sed 's/\o35.*//' |
		grep -aE "op=adopt opid=[0-9]+ ocontid=$B .* errno=17 res=0 contid=$A\$"
}
