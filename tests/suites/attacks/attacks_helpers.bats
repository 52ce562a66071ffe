#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What a container has others do for it. The last record that is the container's is
# that of the asking; the helper is a host process, and its records say so. (It is
# in THREATS: nobody can tell for whom a worker works.)
# depends on: kernel

#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

# of what the asking is
key=asks

setup() {
	auditctl -D >/dev/null
	dir=$BATS_TEST_TMPDIR
	cd "$dir" || return
	undo=()
	# what they do: a directory
	printf '#!/bin/sh\nexec /bin/mkdir %s/helped\n' "$dir" >helper
	chmod 755 helper
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k t >/dev/null
	log_mark
}

teardown() {
	for command in "${undo[@]}"; do
		eval "$command"
	done
	auditctl -D >/dev/null
}

# set_file FILE VALUE: until the end of the test
set_file() {
	undo+=("echo '$(<"$1")' >$1")
	echo "$2" >"$1"
}

# helped PATTERN: it was done, by a host process, and there is a record like this,
# which is the container's. (If the kernel waits for the helper, that comes after.)
helped() {
	timeout 60 sh -c "until [ -d $dir/helped ]; do sleep 0.02; done"
	log >records
	grep -aE "$1" records | placed "$A"
	events "name=\"$dir/helped\"" >event
	type SYSCALL <event
	[ "$(grep -ac 'contid=' event)" -eq 0 ]
}

@test "core_pattern: the record of the death is the container's, the handler is a host process" {
	set_file /proc/sys/kernel/core_pattern "|$dir/helper"
	cp /bin/sh shell
	# shellcheck disable=SC2016 # of the shell in the container
	run in_a ./shell -c 'kill -SEGV $$'
	helped '^type=ANOM_ABEND .* sig=11 '
}

@test "modprobe: the mount is the container's, the program started for it is a host process" {
	set_file /proc/sys/kernel/modprobe "$dir/helper"
	rule -S mount
	run in_a busybox mount -t contid-none none /mnt
	[ "$status" -ne 0 ]
	helped '^type=SYSCALL .* key="asks"'
}

@test "request-key: the call is the container's, the upcall is a host process" {
	grep -q request_key /proc/kallsyms || skip "this kernel has no keys"
	[ ! -e /sbin/request-key ]
	undo+=("rm -f /sbin/request-key")
	cp helper /sbin/request-key
	rule -S request_key
	# shellcheck disable=SC2016 # of perl
	in_a perl -e 'my @a = ("user", "contid-test", "please"); syscall(249, @a, 0)'
	helped '^type=SYSCALL .* key="asks"'
}

@test "release_agent of cgroup v1: its end is the container's, the agent is a host process" {
	mkdir v1
	mount -t cgroup -o none,name=contid none v1 ||
		skip "this kernel mounts no hierarchy of cgroup v1"
	undo+=("rmdir $dir/v1/inside 2>/dev/null; umount $dir/v1")
	mkdir v1/inside
	echo "$dir/helper" >v1/release_agent
	echo 1 >v1/inside/notify_on_release
	rule -S exit_group
	cp /bin/sh shell
	# shellcheck disable=SC2016 # of the shell in the container
	in_a ./shell -c 'echo $$ >v1/inside/cgroup.procs'
	helped '^type=SYSCALL .* syscall=231 .* comm="shell" '
}

@test "a daemon of the host that is asked over its socket: the connection is the container's" {
	socat UNIX-LISTEN:"$dir/socket" EXEC:"$dir/helper" 3>&- &
	daemon=$!
	timeout 60 sh -c "until [ -S $dir/socket ]; do sleep 0.02; done"
	rule -S connect
	in_a socat -u /dev/null UNIX-CONNECT:"$dir/socket"
	wait "$daemon" || true
	helped '^type=SYSCALL .* syscall=42 .* comm="socat" '
}

@test "binfmt_misc: an interpreter is run by the container itself, and is in it" {
	[ -e /proc/sys/fs/binfmt_misc/register ] ||
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc ||
		skip "this kernel has no binfmt_misc"
	undo+=("echo -1 >/proc/sys/fs/binfmt_misc/contid; umount /proc/sys/fs/binfmt_misc")
	echo ":contid:M::contidtest::$dir/helper:" >/proc/sys/fs/binfmt_misc/register
	echo contidtest >program
	chmod 755 program
	in_a ./program
	events "name=\"$dir/helped\"" | placed "$A"
}
