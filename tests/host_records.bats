#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What the host does leaves the same records, byte for byte, with the module and
# a live container as without the module.

# shellcheck source=tests/records.bash
. "$BATS_TEST_DIRNAME/records.bash"

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

# things_done: a host's events, with what is in them by chance made equal
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
	LC_ALL=C perl -pe '
		s/audit\(([0-9.]+):([0-9]+)\)/"audit(T:" . ($2 - ($first \/\/= $2)) . ")"/e;
		# in the order in which they appear
		s/\b(p?pid|ses|old-ses|inode|opid)=([0-9]+)/"$1=N" . ($n{$2} \/\/= ++$count)/ge;
		s/\b(a[0-3]|ip|items|entries)=[0-9a-fx]+/$1=N/g;
		s/table=(\w+):[0-9]+/table=$1:N/g;'  raw
}

@test "the records of 15 kinds of events are those without the module" {
	contidctl run "$A" -- sh -c 'echo >lives; read -r _ <end' 3>&- &
	runner=$!
	timeout 20 sh -c 'until [ -s lives ]; do sleep 0.02; done'
	# what is only done the first time, such as to load a module for iptables
	things_done >/dev/null
	things_done >with
	contidctl list | grep "$A"
	echo >end
	wait "$runner"
	modprobe -r audit_contid
	things_done >without
	sed 's/^type=\([^ ]*\).*/\1/' without | sort | uniq -c
	[ "$(sed 's/ .*//' without | sort -u | wc -l)" -ge 15 ]
	[ "$(grep -ac ' contid=[^f]' with)" -eq 0 ]
	diff with without
}
