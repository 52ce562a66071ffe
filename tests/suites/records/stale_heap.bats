#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel's log prints a record up to the NUL that is kept behind it. On a kernel that
# does not clear memory what stands there else is what others had there before. This one also
# fills what nobody has written to with a byte that is not NUL.
# vm: NOAUDITD=1 APPEND='init_on_alloc=0 slub_debug=P'

# shellcheck source=tests/lib/kernel_log.bash
. "$BATS_TEST_DIRNAME/../../lib/kernel_log.bash"

# records TYPE: those of container A, and no line that has such a text in it
records() { kernel_log | grep -aE "^\[[^]]*\] audit: type=$1 .*contid=$A"; }

@test "behind a SYSCALL record that has grown stands nothing" {
	grep -qw init_on_alloc=0 /proc/cmdline
	grep -qw slub_debug=P /proc/cmdline
	# the heap is full of other records' text
	for i in {1..40}; do
		mkdir "the-host-has-a-long-name-that-nobody-may-see-$i"
	done
	# shellcheck disable=SC2016 # of the shell in the container
	contidctl run "$A" -- sh -c 'for i in $(seq 60); do mkdir "made-$i"; done'
	records 1300 >syscalls
	[ "$(wc -l <syscalls)" -ge 60 ]
	grep -avE " contid=$A\$" syscalls && false
	true
}

@test "behind a user message that has grown, to any length, stands nothing" {
	# shellcheck disable=SC2016 # of the shell in the container
	contidctl run "$A" -- sh -c 'for i in $(seq 60); do
		printf "x%${i}s" "" | audit_say 1107
	done'
	records 1107 >said
	[ "$(wc -l <said)" -ge 60 ]
	grep -avE "msg='x +'\$" said && false
	true
}

@test "behind an OBJ_PID record that has grown stands nothing" {
	rule -S kill
	mkfifo gate
	contidctl run "$A" -- sh -c 'echo $$ >pid; echo up >gate; exec sleep inf' 3>&- &
	runner=$!
	read -r _ <gate
	for i in {1..40}; do
		kill -0 "$(<pid)"
	done
	kill "$(<pid)"
	wait "$runner" || true
	records 1318 >objects
	[ "$(wc -l <objects)" -ge 40 ]
	grep -avE " ocontid=$A\$" objects && false
	true
}
