#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl monitor: what it prints while it happens, and how it ends.
# depends on: neither. It prints what auditd hands on, and that has the same format
# on each kernel; one event of each is in smoke.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "$BATS_TEST_DIRNAME/../../lib/traces.bash"

A=0123abcd-0123-4123-8123-0123456789ab
B=11111111-0123-4123-8123-0123456789ab

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	auditctl -D >/dev/null
	monitor=
	sleeper=
}

teardown() {
	local pid

	for pid in $monitor $sleeper; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	auditctl -D >/dev/null
	auditctl -r 0 >/dev/null
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	timeout 60 sh -c "while contidctl list | grep -q '^[0-9a-f]'; do sleep 0.05; done"
}

# start: in the background; it listens
start() {
	# an earlier one has said that it listens
	rm -f heard said
	contidctl monitor >heard 2>said 3>&- &
	monitor=$!
	heard_in said 'listens'
}

# heard_in FILE PATTERN: waits for a line like this
heard_in() {
	timeout 60 sh -c "until grep -aqE -e '$2' '$1'; do sleep 0.05; done" || {
		cat "$1"
		return 1
	}
}

heard() {
	heard_in heard "$1"
}

# stop SIGNAL: ends it, and prints how it has ended
stop() {
	local status=0 pid=$monitor

	monitor=
	kill "-$1" "$pid"
	wait "$pid" || status=$?
	return $status
}

start_sleeper() {
	sleep infinity 3>&- &
	sleeper=$!
}

time='^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} [+-][0-9]{4}'

@test "begin and end of a container have its label last, with nothing that a terminal might obey" {
	start
	contidctl run --label $'web by=root[1]\e[2J' "$A" -- true
	heard "drop      $A"
	stop INT
	label='label=web by=root\[1\]\\033\[2J$'
	grep -E "$time register  $A pid=[0-9]+ by=contidctl\[[0-9]+\] auid=[^ ]+ $label" heard
	grep -E "$time drop      $A pid=.* $label" heard
}

@test "begin and end of a container, and of one nested in it, are a line each" {
	start
	contidctl run "$A" -- contidctl run "$B" -- true
	heard "drop      $A"
	stop INT
	grep -E "$time register  $A pid=[0-9]+ by=contidctl\[[0-9]+\] auid=[^ ]+\$" heard
	grep -E "$time register  $B,\^$A pid=[0-9]+ was=$A by=contidctl\[[0-9]+\] auid=[^ ]+ in=$A\$" heard
	grep -E "$time drop      $B,\^$A pid=" heard
	grep -E "$time drop      $A pid=" heard
	[ "$(wc -l <heard)" -eq 4 ]
}

@test "Ctrl-C and SIGTERM end it with 0" {
	start
	stop INT
	start
	stop TERM
}

@test "a refused registration says why" {
	start
	start_sleeper
	contidctl register "$sleeper" "$A"
	run -1 contidctl register "$sleeper" "$B"
	heard REFUSED
	grep -E "$time register  $B pid=$sleeper was=$A by=contidctl.* REFUSED: File exists\$" heard
}

@test "a process that joins, enters or leaves a container is reported" {
	start
	contidctl run "$A" -- unshare -m sleep infinity 3>&- &
	sleeper=$!
	timeout 60 sh -c "until pgrep -x sleep -P $sleeper; do sleep 0.05; done"
	inside=$(pgrep -x sleep -P "$sleeper")
	sleep infinity 3>&- &
	other=$!
	contidctl register --join "$other" "$A"
	nsenter -m -t "$inside" true
	heard "adopt     $A"
	kill "$other" "$inside"
	wait "$other" || true
	heard "drop      $A"
	grep -E "$time join      $A pid=$other by=contidctl" heard
	grep -E "$time adopt     $A pid=[0-9]+ by=nsenter" heard
}

@test "load and unload of the module, and probes that are switched off, are reported" {
	start
	modprobe -r audit_contid
	heard 'unload .* 0 live containers'
	modprobe audit_contid
	heard ' load      version'
	echo 0 >/sys/kernel/debug/kprobes/enabled
	contidctl list >/dev/null || true
	heard "hooks     the kernel.s probes are off"
	echo 1 >/sys/kernel/debug/kprobes/enabled
	contidctl list >/dev/null
	heard "hooks     the kernel.s probes are on"
}

@test "it does not hold the module, but while containers live" {
	start
	contidctl run "$A" -- true
	heard "drop      $A"
	timeout 60 sh -c 'until modprobe -r audit_contid; do sleep 0.2; done'
	modprobe audit_contid
}

@test "records that a container has lost are reported while it lives" {
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k t >/dev/null
	start
	# the first answer only shows what is old: it loses some again and again
	contidctl run "$A" -- sh -c 'until [ -e end ]; do mkdir 1; rmdir 1; sleep 0.1; done' 3>&- &
	sleeper=$!
	heard "register  $A"
	auditctl -r 1 >/dev/null
	heard "lost      $A [0-9]+ audit records, [0-9]+ in all"
	auditctl -r 0 >/dev/null
	touch end
	wait "$sleeper"
}

@test "it says so if operations came faster than it could read them" {
	start
	kill -STOP "$monitor"
	perl -e 'open(F, "+<", "/dev/audit_contid") or die;
		my $r = pack("L l a16 x40", 2, 4194304, "a" x 16);
		ioctl(F, 0x4040be01, $r) for 1 .. 4000;'
	# what the kernel has sent to auditd, it has sent to the monitor too
	mark=mark-$RANDOM$RANDOM
	auditctl -m "$mark"
	timeout 120 sh -c "until grep -qa $mark /var/log/audit/audit.log; do sleep 0.05; done"
	kill -CONT "$monitor"
	heard 'lost      operations are missing here'
	heard 'REFUSED: No such process'
	stop INT
}

@test "it says what it needs if it cannot listen" {
	run -1 setpriv --reuid 65534 --clear-groups contidctl monitor
	[[ $output == *"needs CAP_AUDIT_READ in the initial user namespace"* ]]
	run -1 unshare --user --map-root-user contidctl monitor
	[[ $output == *"needs CAP_AUDIT_READ in the initial user namespace"* ]]
	run -1 unshare --net contidctl monitor
	[[ $output == *"to the host's network namespace only"* ]]
	modprobe -r audit_contid
	start
	grep 'the module is not loaded now' said
	stop INT
	auditctl -e 0 >/dev/null
	start
	auditctl -e 1 >/dev/null
	grep 'audit is switched off' said
}

@test "CAP_AUDIT_READ alone is enough" {
	setpriv --reuid 65534 --clear-groups --inh-caps +audit_read --ambient-caps +audit_read \
		contidctl monitor >heard 2>said 3>&- &
	monitor=$!
	heard_in said listens
	contidctl run "$A" -- true
	heard "drop      $A"
	stop INT
}
