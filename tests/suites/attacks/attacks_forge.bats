#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A container A writes contid=B wherever it can choose what is written. It is A's
# all the same, and nobody finds anything of B: not by the reader's rule, and not by
# contidctl events. (What user messages can say is in records.bats, the longest
# records are in longest.bats.)
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

forged="contid=$B"

setup() {
	auditctl -D >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	log_mark
}

teardown() {
	auditctl -D >/dev/null
}

# is_of_a: the events of the input are A's, and by all that contidctl has none is B's
is_of_a() {
	cat >event
	cat -v event
	placed "$A" <event
	run contidctl events --format raw --input event "$B"
	[ "$(grep -ac '^type=' <<<"$output")" -eq 0 ]
	[ "$(contidctl events --format raw --input event "$A" | wc -l)" -eq "$(wc -l <event)" ]
	# what ausearch prints for the last field, or the first
	ausearch -i -if event >interpreted
	grep -qF " contid=$A" interpreted
}

@test "a name of a process" {
	rule -S mkdir,mkdirat
	# shellcheck disable=SC2016 # of perl
	in_a perl -e 'for my $name (@ARGV) {
			open(F, ">", "/proc/self/comm") or die; print F $name; close(F);
			mkdir("forged" . $n++);
		}' "x $forged" "\" $forged" "$(printf 'x\n%s' contid=1111)" "$(printf 'x\035 %s' "$forged")"
	events 'name="forged' | is_of_a
	[ "$(type SYSCALL <event | wc -l)" -eq 4 ]
}

@test "a path, a directory and an argument" {
	rule -S mkdir,mkdirat,execve
	# shellcheck disable=SC2016 # of the shell in the container
	in_a sh -c 'for name; do mkdir "$name" && cd "$name" && mkdir made; done
		exec /usr/bin/true "$@"' "$forged" "x $forged" "\" $forged \"" \
		"$(printf 'x\035 %s' "$forged")" " $forged"
	events '^type=SYSCALL .* comm="(mkdir|true)" ' | is_of_a
	[ "$(type SYSCALL <event | wc -l)" -ge 13 ]
}

@test "the path of a program" {
	rule -S exit_group
	mkdir "d $forged"
	cp /usr/bin/true "d $forged/$forged"
	in_a "./d $forged/$forged"
	events "^type=SYSCALL .*exe=[0-9A-F]+ " | is_of_a
}

@test "the key of a rule" {
	in_a auditctl -a always,exit -F arch=b64 -S chroot -k "x $forged"
	in_a auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k "$forged"
	in_a mkdir made
	events '^type=CONFIG_CHANGE .*op=add_rule' | is_of_a
	events 'name="made"' | is_of_a
}

@test "a dying process's records of itself, and seccomp's" {
	mkdir "d $forged"
	cp "$bin/seccomp_kill" "d $forged/$forged"
	in_a "./d $forged/$forged" || true
	events '^type=(SECCOMP|ANOM_ABEND) ' | is_of_a
}

@test "operations of the module: no user message can have their type, or that of a system call" {
	printf 'op=register opid=1 ocontid=%s old-ocontid=-1 res=1' "$B" >message
	for number in 1316 1300 1318 1302 1320 1326 1400 1800 1006 1299; do
		run in_a audit_say "$number" <message
		echo "$number: $status"
		[ "$status" -ne 0 ]
	done
	[ "$(log | grep -aF "ocontid=$B" | grep -avc '^type=EXECVE\|^type=PROCTITLE')" -eq 0 ]
}

@test "a message for somebody else: a container with the right to write can say nothing as a host process" {
	printf "pid=1 uid=0 auid=0 ses=1 msg='op=x'" | in_a audit_say 1112
	events '^type=USER_LOGIN ' | is_of_a
}
