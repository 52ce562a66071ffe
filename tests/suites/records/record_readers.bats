#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# ausearch and aureport answer as they did without the field.
# depends on: userland. It is how the release's ausearch and aureport read the
# field.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

# without_field: the same log as it would be without it
without_field() {
	LC_ALL=C sed -e 's/\(^type=[^ ]* msg=audit([^)]*): \)contid=[^ ]* /\1/;t' \
		-e 's/ contid=[-0-9a-f,^?]*\(\x1d\|$\)/\1/'
}

# answer_without_field: likewise from what ausearch prints; behind a last field that
# has a comma in it, an empty line stands for its blank
answer_without_field() {
	LC_ALL=C sed -e 's/\(^type=[^ ]* msg=audit([^)]*) \?: \)contid=[^ ]* /\1/;t' \
		-e 's/ contid=[-0-9a-f,^?]* \?$//'
}

# A log with an event of each kind, from containers, a nested one and the host.
setup_file() {
	local lower='' i

	cd "$BATS_FILE_TMPDIR" || return
	auditctl -D >/dev/null
	cp /bin/sh shell
	mkdir {1..30} on
	for i in {1..30}; do
		lower+=:$i
	done
	log_mark
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat,mount -k the-key >/dev/null
	auditctl -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/true -k exec-key >/dev/null
	auditctl -a always,exit -F arch=b32 -S mkdir -k the-key >/dev/null
	mkdir by-the-host
	! audits_uring || uring_rule
	# shellcheck disable=SC2016 # of the shell in the container
	in_a sh -c 'mkdir by-a; int80_mkdir 32-bit; mkdir no/such; setarch x86_64 -R true one
		busybox mount -t overlay -o "lowerdir=$0" overlay on
		./shell -c "kill -SEGV \$\$"; seccomp_kill; uring_open async /etc/passwd
		echo 1000 >/proc/self/loginuid; mkdir by-a-user; auditctl -m "as it should be"
		ip link set lo promisc on; ip link set lo promisc off
		contidctl run "$1" -- sh -c "mkdir by-b; auditctl -m nested"
		printf "x=\\035 contid=1 y=\" z" | audit_say 1107
		head -c 8400 /dev/zero | tr "\\0" x | audit_say 1112' "${lower#:}" "$B"
	auditctl -m "by the host"
	umount on
	auditctl -D >/dev/null
	log >with
	without_field <with >without
	# in the order in which auditd wrote them, and complete
	[ "$(grep -ac ' contid=' with)" -ge 25 ]
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# same COMMAND...: what it answers, complains and ends with is for both logs the
# same, the field aside
same() {
	local status=0 status_without=0

	"$@" -if with >answer 2>complaint || status=$?
	"$@" -if without >answer.without 2>complaint.without || status_without=$?
	[ "$status" -eq "$status_without" ] || return
	answer_without_field <answer >answer.stripped
	diff --ignore-trailing-space --ignore-blank-lines answer.stripped answer.without || return
	diff complaint complaint.without
}

# found COMMAND...: the same, and there is something
found() {
	same "$@" && [ "$(wc -l <answer)" -ge 2 ]
}

@test "the two logs differ in nothing but the field" {
	[ "$(grep -ac ' contid=' without)" -le 1 ]
	[ "$(wc -l <with)" -eq "$(wc -l <without)" ]
	[ "$(grep -ac ' ocontid=' with)" -eq "$(grep -ac ' ocontid=' without)" ]
}

@test "ausearch finds all of the events, with and without -i, as csv and as text" {
	found ausearch
	found ausearch -i
	found ausearch --format csv
	found ausearch --format text
	found ausearch --format csv --extra-keys --extra-labels --extra-obj2 --extra-time
}

@test "ausearch finds nothing malformed" {
	ausearch --debug -if with >answer 2>complaint
	cat complaint
	ausearch --debug -if without >answer 2>complaint.without
	diff complaint complaint.without
	[ "$(grep -ci malformed complaint)" -eq 0 ]
}

@test "ausearch by syscall, uid, loginuid, key, type, success, executable, file" {
	found ausearch -i -sc mkdir
	found ausearch -i -ua 0
	found ausearch -i -ul 1000
	found ausearch -i -k the-key
	found ausearch -i -m SYSCALL,SECCOMP,ANOM_ABEND,LOGIN,USER,ANOM_PROMISCUOUS
	! audits_uring || found ausearch -i -m URINGOP
	found ausearch -i -sv no
	found ausearch -i -x /usr/bin/true
	found ausearch -i -f by-a
	found ausearch -i -c seccomp_kill
	found ausearch -i -e -2
}

@test "aureport: executables, keys, summary, and the rest" {
	for report in -x -k -f -s -u -n -l -p -e -c --anomaly --comm --tty; do
		same aureport "$report" -i
		same aureport "$report" --summary
	done
	found aureport --summary
	found aureport -x -i
	found aureport -k -i
}

@test "an event of 33 records and more is whole for ausearch" {
	ausearch -if with --format raw -sc mount >answer
	[ "$(grep -ac '^type=PATH' answer)" -ge 30 ]
	[ "$(grep -ac " contid=$A" answer)" -eq 1 ]
}
