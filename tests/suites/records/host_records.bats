#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What the host does leaves the same records, byte for byte, with the module and
# a live container as without the module.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	auditctl -D >/dev/null
	ulimit -c 0
	cd "$BATS_TEST_TMPDIR" || return
	cp /bin/sh shell
	mkfifo end
}

teardown() {
	auditctl -D >/dev/null
	lsmod | grep -q '^audit_contid ' || modprobe audit_contid
}

# without_chance: events in their order, and a number that is what it is by chance is
# replaced by what it is in its event: the first process, the second inode. Nothing
# ends and is used again within an event, so no number can have two meanings.
without_chance() {
	LC_ALL=C perl -ne '
		next unless /audit\([0-9.]+:([0-9]+)\)/;
		my $event = $1;
		s/audit\([0-9.]+:[0-9]+\)/audit(T)/;
		s/\b(p?pid|opid|old-ses|ses|inode)=([0-9]+)/"$1=" . name($event, $1, $2)/ge;
		s/\b(a[0-3]|ip|items|entries)=[0-9a-fx]+/$1=N/g;
		s/table=(\w+):[0-9]+/table=$1:N/g;
		push @{$lines{$event}}, $_;

		sub name {
			my ($event, $field, $number) = @_;
			return $number if $number == 0 || $number == 4294967295;
			my $kind = $field =~ /pid/ ? "process" : $field =~ /ses/ ? "session" : "inode";
			return $names{$event, $kind, $number} //= $kind . ++$count{$event, $kind};
		}
		END {
			my @events = sort { $a <=> $b } keys %lines;
			for my $event (@events) {
				s/audit\(T\)/"audit(T:" . ($event - $events[0]) . ")"/e for @{$lines{$event}};
				print @{$lines{$event}};
			}
		}'
}

# things_done: a host's events
things_done() {
	rm -rf made 32-bit threads
	mkdir threads
	log_mark
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat,exit_group,kill -k the-key >/dev/null
	auditctl -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/true -k exec-key >/dev/null
	auditctl -a always,exit -F arch=b32 -S mkdir -k the-key >/dev/null
	mkdir made
	mkdir no/such || true
	true one two
	thread_exec true three
	int80_mkdir 32-bit
	threads_mkdir 1 10 threads
	seccomp_kill || true
	# shellcheck disable=SC2016
	./shell -c 'kill -SEGV $$' || true
	auditctl -m "by the host"
	printf 'x=\035 y=" contid=forged' | audit_say 1107
	(echo 1000 >/proc/self/loginuid)
	ip link set lo promisc on
	ip link set lo promisc off
	iptables -N contid-test
	iptables -X contid-test
	modprobe dummy
	modprobe -r dummy
	auditctl -D >/dev/null
	log >raw
	without_chance <raw
}

@test "a number that is used again, or for something else, makes no other record" {
	local line='type=SYSCALL msg=audit(%s): ppid=%d pid=%d ses=4294967295 comm="x"\ntype=PATH msg=audit(%s): inode=%d\n'

	# shellcheck disable=SC2059 # it is one
	{
		printf "$line" 1.1:7 50 60 1.1:7 900
		printf "$line" 1.2:8 50 61 1.2:8 901
	} | without_chance >one
	# the second process has the number of the first, the inodes those of processes
	# shellcheck disable=SC2059
	{
		printf "$line" 5.1:17 61 900 5.1:17 61
		printf "$line" 5.2:18 61 900 5.2:18 900
	} | without_chance >other
	diff one other
	# but not one that is another within its event
	# shellcheck disable=SC2059
	printf "$line" 1.1:7 50 50 1.1:7 900 | without_chance >wrong
	run cmp -s wrong <(head -n 2 one)
	[ "$status" -eq 1 ]
}

@test "the records of 15 kinds of events are those without the module" {
	contidctl run "$A" -- sh -c 'echo >lives; read -r _ <end' 3>&- &
	runner=$!
	timeout 60 sh -c 'until [ -s lives ]; do sleep 0.02; done'
	# what is only done the first time, such as to load a module for iptables
	things_done >/dev/null
	things_done >with
	contidctl list | grep "$A"
	echo >end
	wait "$runner"
	modprobe -r audit_contid
	things_done >without
	diff with without
	sed 's/^type=\([^ ]*\).*/\1/' without | sort | uniq -c
	[ "$(sed 's/ .*//' without | sort -u | wc -l)" -ge 15 ]
	[ "$(grep -ac ' contid=[^f]' with)" -eq 0 ]
}
