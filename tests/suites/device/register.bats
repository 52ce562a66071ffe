#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What is registered: by JOIN, by a pid of another namespace, by a thread.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# What JOIN may do is decided by the same lines on each kernel; what a number means is
# the kernel's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- JOIN

@test "JOIN puts a host process into a living container, with a record" {
	put "$A"
	start children
	log_mark
	answers OK "$ioctl" register join "pid=$pid" "contid=$A"
	log | grep -a "^type=KERNEL_OTHER .*: op=join opid=$pid ocontid=$A old-ocontid=-1 .* res=1"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
	child
	answers "OK inherited $A" "$ioctl" get "pid=$child"
	"$ioctl" list | grep "^$A $zeros .* depth=1 .* processes=3\$"
}

@test "JOIN goes into a nested container, from the host and from what encloses it" {
	start_in "$A $B" plain
	start plain
	log_mark
	answers OK "$ioctl" register join "pidfd=$pid" "contid=$B"
	log | grep -a ": op=join opid=$pid ocontid=$B,^$A old-ocontid=-1 .* res=1"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$pid"
	start children
	answers OK "$ioctl" register join "pid=$pid" "contid=$A"
	child
	log_mark
	answers OK in_container "$A" "$ioctl" register join "pid=$child" "contid=$B"
	log | grep -a ": op=join opid=$child ocontid=$B,^$A old-ocontid=$A .* res=1 contid=$A"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$child"
	"$ioctl" list | grep "^$B $A .* depth=2 .* processes=3\$"
}

# bats test_tags=everywhere
@test "RESTORE puts a process in as one that has inherited, and can be registered deeper" {
	# AUDIT_CONTID_PID and _RESTORE, then with _JOIN
	start plain
	answers OK "$ioctl" register "pid=$pid" "contid=$A" flags=$((2 | 16))
	answers "OK inherited $A" "$ioctl" get "pid=$pid"
	answers OK "$ioctl" register "pid=$pid" "contid=$B"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$pid"
	start plain
	answers OK "$ioctl" register "pid=$pid" "contid=$A" flags=$((2 | 4 | 16))
	answers "OK inherited $A" "$ioctl" get "pid=$pid"
	answers OK "$ioctl" register "pid=$pid" "contid=$B" flags=$((2 | 4 | 16))
	answers "OK inherited $B,^$A" "$ioctl" get "pid=$pid"
}

@test "a container ends with the last one, be it a joined one, and is recorded once" {
	log_mark
	put "$A"
	first=$pid
	start plain
	answers OK "$ioctl" register join "pid=$pid" "contid=$A"
	kill -9 "$first"
	timeout 60 sh -c "until $ioctl list | grep -q '^$A .* processes=1\$'; do :; done"
	[ "$(log | grep -ac ": op=drop .*ocontid=$A ")" -eq 0 ]
	kill -9 "$pid"
	wait_for no_containers
	log | grep -a ": op=drop opid=$pid ocontid=$A .*res=1"
	[ "$(log | grep -ac ": op=drop .*ocontid=$A ")" -eq 1 ]
}

@test "a container whose only process is registered deeper lives on around it" {
	log_mark
	# shellcheck disable=SC2016 # expanded by the inner shell
	with=(contidctl run "$A" -- sh -c '"$@" &' sh)
	start plain
	jobs+=("$pid")
	timeout 60 sh -c "until $ioctl list | grep -q '^$A .* processes=1\$'; do :; done"
	answers "OK inherited $A" "$ioctl" get "pid=$pid"
	answers OK "$ioctl" register "pid=$pid" "contid=$B"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$pid"
	"$ioctl" list | grep "^$A $zeros .* depth=1 .* processes=0\$"
	"$ioctl" list | grep "^$B $A .* depth=2 first=$pid processes=1\$"
	[ "$(log | grep -ac ": op=drop ")" -eq 0 ]
	kill -9 "$pid"
	wait_for no_containers
	[ "$(log | grep -ac ": op=drop opid=$pid ocontid=$B,^$A ")" -eq 1 ]
	[ "$(log | grep -ac ": op=drop opid=$pid ocontid=$A ")" -eq 1 ]
}

# --- PID namespaces

# start_init: a target of the kind "children" is process 1 of a PID namespace, its
# first child process 2. Sets $init and $second, their numbers outside.
start_init() {
	local with=("$@" unshare --pid --fork --kill-child)

	start children
	init=$(pgrep -n -f "^$bin/target children")
	jobs+=("$init")
	child
	[ "$child" -eq 2 ]
	second=$(pgrep -P "$init")
	grep -E "^NSpid:.*[[:space:]]2\$" "/proc/$second/status"
}

@test "a pid is one of the caller's PID namespace, and recorded as one of the first" {
	start_init
	log_mark
	answers OK nsenter -t "$init" -p "$ioctl" register pid=2 "contid=$A"
	log | grep -a ": op=register opid=$second ocontid=$A .* res=1"
	answers "OK registered $A" nsenter -t "$init" -p "$ioctl" get pid=2
	answers "OK registered $A" "$ioctl" get "pid=$second"
	answers "EINVAL 22" "$ioctl" get pid=2
}

# bats test_tags=everywhere
@test "from inside a PID namespace a process outside of it is ESRCH, by pid and by pidfd" {
	start_init
	start plain
	watched=("$pid" "$second")
	refused ESRCH "op=register opid=? ocontid=$A" \
		nsenter -t "$init" -p "$ioctl" register "pid=$pid" "contid=$A"
	refused ESRCH "op=register opid=? ocontid=$A" "$ioctl" keep-pidfd "$pid" \
		nsenter -t "$init" -p "$ioctl" register tfd=9 "contid=$A"
	refused ESRCH "op=get opid=?" "$ioctl" keep-pidfd "$pid" \
		nsenter -t "$init" -p "$ioctl" get tfd=9
	# the same way to one inside of it
	answers OK "$ioctl" keep-pidfd "$second" \
		nsenter -t "$init" -p "$ioctl" register tfd=9 "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=$second"
}

@test "an orchestrator in a container with a PID namespace registers its own pid 2" {
	start_init contidctl run "$A" --
	answers "OK inherited $A" "$ioctl" get "pid=$second"
	log_mark
	answers OK in_container "$A" nsenter -t "$init" -p "$ioctl" register pid=2 "contid=$B"
	log | grep -a ": op=register opid=$second ocontid=$B,^$A old-ocontid=$A .* res=1 contid=$A"
	answers "OK registered $B,^$A" "$ioctl" get "pid=$second"
}

# --- threads

# bats test_tags=everywhere
@test "a process of several threads is registered as a whole, and all its children inherit" {
	start threads 5
	answers OK "$ioctl" register "pidfd=$pid" "contid=$A"
	for one in "${said[@]}"; do
		answers "OK registered $A" "$ioctl" get "pid=$one"
	done
	echo >&"$to"
	answer
	[ "${#said[@]}" -eq 5 ]
	for one in "${said[@]}"; do
		answers "OK inherited $A" "$ioctl" get "pid=$one"
	done
	"$ioctl" list | grep "^$A .* first=$pid processes=6\$"
}

@test "the number of a thread names its process" {
	start threads 2
	log_mark
	answers OK "$ioctl" register "pid=${said[2]}" "contid=$A"
	log | grep -a ": op=register opid=$pid ocontid=$A old-ocontid=-1 .* res=1"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
	answers "OK registered $A" "$ioctl" get "pid=${said[1]}"
	answers "EEXIST 17" "$ioctl" register "pid=${said[1]}" "contid=$B"
}

# bats test_tags=everywhere
@test "the pidfd of a thread names its process" {
	has_thread_pidfds || skip "this kernel has no pidfds of threads"
	start threads 2
	log_mark
	answers OK "$ioctl" register "threadfd=${said[2]}" "contid=$A"
	log | grep -a ": op=register opid=$pid ocontid=$A old-ocontid=-1 .* res=1"
	answers "OK registered $A" "$ioctl" get "threadfd=${said[1]}"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
}
