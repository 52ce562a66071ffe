#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Targets that there are not, or that are out of reach.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# What a caller may ask for is decided by the same lines on each kernel; who a number
# or a pidfd names is the kernel's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- EBADF

@test "a file descriptor that is closed, or is no pidfd, is EBADF" {
	echo >"$BATS_TEST_TMPDIR/[pidfd]"
	exec 5<"$BATS_TEST_TMPDIR/[pidfd]" 6</proc/self/ns/pid 7</dev/null 8<>/dev/audit_contid
	for target in -1 100 5 6 7 8 eventfd epoll dir; do
		refused EBADF "op=register opid=? ocontid=$A" \
			"$ioctl" register "tfd=$target" "contid=$A"
		answers "EBADF 9" "$ioctl" get "tfd=$target"
	done
	exec 5<&- 6<&- 7<&- 8>&-
}

# --- EOPNOTSUPP

# bats test_tags=everywhere
@test "a pidfd that cannot be read on this kernel is EOPNOTSUPP, and contidctl takes the pid" {
	reload hide=pidfd
	start plain
	watched=("$pid")
	refused EOPNOTSUPP "op=register opid=? ocontid=$A" \
		"$ioctl" register "pidfd=$pid" "contid=$A"
	refused EOPNOTSUPP "op=get opid=?" "$ioctl" get "pidfd=$pid"
	# EINVAL and EBADF come before it
	answers "EINVAL 22" "$ioctl" register "pidfd=$pid" "contid=$zeros"
	answers "EBADF 9" "$ioctl" register tfd=eventfd "contid=$A"
	contidctl register "$pid" "$A"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
}

# --- ESRCH

@test "a number that no process has is ESRCH" {
	for number in 0 -1 2147483647 "$(cat /proc/sys/kernel/pid_max)"; do
		refused ESRCH "op=register opid=? ocontid=$A" \
			"$ioctl" register "pid=$number" "contid=$A"
		answers "ESRCH 3" "$ioctl" get "pid=$number"
	done
}

@test "a number that only a process group has is ESRCH" {
	start group
	watched=("$pid" "${said[2]}")
	refused ESRCH "op=register opid=? ocontid=$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$A"
	refused ESRCH "op=get opid=?" "$ioctl" get "pid=${said[1]}"
}

# bats test_tags=everywhere
@test "a process that is dead and not reaped is ESRCH, by pid and by pidfd" {
	start zombie
	watched=("$pid")
	for target in pid pidfd; do
		refused ESRCH "op=register opid=${said[1]} ocontid=$A" \
			"$ioctl" register "$target=${said[1]}" "contid=$A"
		refused ESRCH "op=get opid=?" "$ioctl" get "$target=${said[1]}"
	done
}

# bats test_tags=everywhere
@test "a process whose leader died first and then its last thread is ESRCH" {
	start all-gone
	watched=("$pid")
	refused ESRCH "op=register opid=${said[1]} ocontid=$A" \
		"$ioctl" register "pid=${said[1]}" "contid=$A"
	refused ESRCH "op=get opid=?" "$ioctl" get "pid=${said[1]}"
}

# bats test_tags=everywhere
@test "a process whose leader is a zombie and whose thread lives is registered" {
	start leader-gone
	answers OK "$ioctl" register "pid=${said[1]}" "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=${said[1]}"
	answers "OK registered $A" "$ioctl" get "pid=${said[2]}"
	start leader-gone
	answers OK "$ioctl" register "pidfd=${said[1]}" "contid=$B"
	answers "OK registered $B" "$ioctl" get "pid=${said[2]}"
}

# bats test_tags=everywhere
@test "the pidfd of a process that was reaped is ESRCH" {
	start plain
	# shellcheck disable=SC2016 # expanded by the inner shell
	refused ESRCH "op=register opid=? ocontid=$A" "$ioctl" keep-pidfd "$pid" sh -c '
		kill -9 "$1"
		while [ -e "/proc/$1" ]; do :; done
		exec "$2" register tfd=9 "contid=$3"' sh "$pid" "$ioctl" "$A"
	jobs=()
}

@test "ESRCH comes before EXDEV and EEXIST" {
	put "$A"
	watched=("$pid")
	start zombie
	refused ESRCH "op=register opid=${said[1]} ocontid=$B" \
		in_container "$A" "$ioctl" register "pid=${said[1]}" "contid=$B"
	refused ESRCH "op=get opid=?" in_container "$A" "$ioctl" get "pid=${said[1]}"
	start children
	child
	"$ioctl" register "pid=$child" "contid=$B" | grep -x OK
	kill -9 "$child"
	timeout 60 sh -c "until grep -q '^State:.Z' /proc/$child/status; do :; done"
	refused ESRCH "op=register opid=$child ocontid=$C" \
		"$ioctl" register "pid=$child" "contid=$C"
}

# --- kernel threads

# bats test_tags=everywhere
@test "a kernel thread is EINVAL" {
	refused EINVAL "op=register opid=2 ocontid=$A" "$ioctl" register pid=2 "contid=$A"
	refused EINVAL "op=register opid=2 ocontid=$A" "$ioctl" register pidfd=2 "contid=$A"
	refused EINVAL "op=get opid=?" "$ioctl" get pid=2
}

@test "that a target is a kernel thread comes before EXDEV" {
	put "$A"
	watched=("$pid")
	refused EINVAL "op=register opid=2 ocontid=$B" \
		in_container "$A" "$ioctl" register pid=2 "contid=$B"
	refused EINVAL "op=get opid=?" in_container "$A" "$ioctl" get pid=2
}

# --- EXDEV

@test "an orchestrator that registers itself gets EXDEV, by whatever name" {
	for target in pid=self pid=thread pidfd=self; do
		# the number is not known before
		refused EXDEV op=register "$ioctl" register "$target" "contid=$A"
		log | grep -a "op=register opid=[1-9][0-9]* ocontid=$A old-ocontid=-1 .*errno=18"
	done
}

@test "an orchestrator in a container cannot register itself either" {
	put "$A"
	watched=("$pid")
	refused EXDEV op=register in_container "$A" "$ioctl" register pid=self "contid=$B"
	log | grep -a "op=register opid=[1-9][0-9]* ocontid=$B old-ocontid=$A .*errno=18"
}

@test "from inside a container a host process is EXDEV, also to read" {
	put "$A"
	watched=("$pid")
	start plain
	watched+=("$pid")
	for target in pid pidfd; do
		refused EXDEV "op=register opid=$pid ocontid=$B old-ocontid=-1" \
			in_container "$A" "$ioctl" register "$target=$pid" "contid=$B"
	done
	refused EXDEV "op=join opid=$pid ocontid=$A old-ocontid=-1" \
		in_container "$A" "$ioctl" register join "pid=$pid" "contid=$A"
	refused EXDEV "op=get opid=?" in_container "$A" "$ioctl" get "pid=$pid"
}

@test "from inside a container a process of a neighbour is EXDEV, also to read" {
	put "$A"
	watched=("$pid")
	put "$B"
	watched+=("$pid")
	refused EXDEV "op=register opid=$pid ocontid=$C old-ocontid=$B" \
		in_container "$A" "$ioctl" register "pid=$pid" "contid=$C"
	refused EXDEV "op=get opid=?" in_container "$A" "$ioctl" get "pid=$pid"
}

@test "from inside a nested container a process of the enclosing one is EXDEV" {
	start_in "$A $B" plain
	watched=("$pid")
	start plain
	"$ioctl" register join "pid=$pid" "contid=$A" | grep -x OK
	watched+=("$pid")
	refused EXDEV "op=register opid=$pid ocontid=$C old-ocontid=$A" \
		in_container "$B" "$ioctl" register "pid=$pid" "contid=$C"
	refused EXDEV "op=get opid=?" in_container "$B" "$ioctl" get "pid=$pid"
}

@test "JOIN of a container that the target's does not enclose is EXDEV" {
	put "$C"
	watched=("$pid")
	start_in "$A $B" parent
	watched+=("${said[@]}")
	# beside it, above it, its own
	for contid in "$C" "$A" "$B"; do
		refused EXDEV "op=join opid=${said[1]} ocontid=$contid old-ocontid=$B,^$A" \
			"$ioctl" register join "pid=${said[1]}" "contid=$contid"
	done
	refused EXDEV "op=join opid=${said[1]} ocontid=$C old-ocontid=$B,^$A" \
		in_container "$A" "$ioctl" register join "pid=${said[1]}" "contid=$C"
}

@test "EXDEV comes before EEXIST and EBUSY" {
	put "$A"
	watched=("$pid")
	start_in "$B" parent
	watched+=("$pid")
	# registered, and has a child
	refused EXDEV "op=join opid=$pid ocontid=$A old-ocontid=$B" \
		"$ioctl" register join "pid=$pid" "contid=$A"
	refused EXDEV "op=register opid=$pid ocontid=$C old-ocontid=$B" \
		in_container "$A" "$ioctl" register "pid=$pid" "contid=$C"
	start parent
	watched+=("$pid")
	refused EXDEV "op=register opid=$pid ocontid=$C old-ocontid=-1" \
		in_container "$A" "$ioctl" register "pid=$pid" "contid=$C"
}
