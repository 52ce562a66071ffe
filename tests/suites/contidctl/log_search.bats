#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl events: several containers, and what narrows the events down.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# each test has a TZ of its own
# shellcheck disable=SC2030,SC2031
# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# numbers ARGUMENT...: of the events in lives.log
numbers() { of lives --format raw "$@" 2>/dev/null | serials; }

# call SERIAL PID PPID MORE...: the record of a system call in container A
call() {
	line SYSCALL "$1" "arch=c000003e syscall=257 success=yes exit=0 ppid=$3 pid=$2 auid=1000 uid=0 euid=0 comm=\"x\" exe=\"/usr/bin/x\" key=(null) contid=$A"
}

# operation SERIAL OP OPID: the module's record of it, of container A
operation() {
	line KERNEL_OTHER "$1" "op=$2 opid=$3 ocontid=$A ppid=1 pid=$3 auid=1000 uid=0 res=1 contid=$A"
}

@test "several containers, and all: each event once, in the order of the log" {
	every="90 100 101 102 103 104 105 106 107 108 109 110 111"
	[[ " $(numbers --all) " == " $every "* ]]
	[ "$(numbers --all)" = "$(numbers "$A" "$B" "$C")" ]
	[ "$(numbers "$B" "$C")" = "$( (numbers "$B"; numbers "$C") | xargs -n 1 | sort -n | xargs)" ]
	[ "$(numbers "$A" "$A")" = "$(numbers "$A")" ]
}

@test "--all leaves out what is of no container" {
	{
		line SYSCALL 1 "arch=c000003e success=yes pid=1 exe=\"/usr/bin/x\" key=(null)"
		call 2 10 1
	} >log
	[ "$(contidctl events --input log --all --format raw | serials)" = 2 ]
}

@test "--all with a container, and neither, are refused" {
	run -2 of lives --all "$A"
	[[ $output == *"--all goes without an argument"* ]]
	run -2 of lives
	[[ $output == *"whose events?"* ]]
}

@test "-x: the path, the end of it, and one in hexadecimal digits" {
	[ "$(numbers --all -x /usr/bin/nsenter)" = 109 ]
	[ "$(numbers --all --exe nsenter)" = 109 ]
	[ "$(numbers --all -x nsenter -x /bin/sh)" = "107 109" ]
	[ -z "$(numbers --all -x enter)" ]
	[ -z "$(numbers --all -x bin/nsenter)" ]
	call 1 10 1 | sed 's,"/usr/bin/x",2F746D702F6120622F78,' >log # /tmp/a b/x
	[ "$(contidctl events --input log -x '/tmp/a b/x' --format raw "$A" | serials)" = 1 ]
}

@test "-p: the process that did it, not its parent and no object" {
	[ "$(numbers "$A" -p 301 | cut -d ' ' -f 1-2)" = "101 102" ]
	[ "$(numbers "$A" --pid 350)" = 109 ]
	[[ " $(numbers "$A" -p 300) " != *" 101 "* ]]
	run -2 of lives -p sh "$A"
	[[ $output == *"'sh' is no process ID"* ]]
}

@test "-ua: a number, root, or the name that auditd has written" {
	{
		call 1 10 1
		call 2 10 1 | sed "s/\$/${GS}ARCH=x86_64 SYSCALL=openat AUID=\"alice\" UID=\"root\" EUID=\"root\"/"
		call 3 10 1 | sed 's/auid=1000 uid=0 euid=0/auid=4294967295 uid=7 euid=7/'
	} >log
	events() { contidctl events --input log --format raw "$@" "$A" 2>/dev/null | serials; }
	[ "$(events -ua 1000)" = "1 2" ]
	[ "$(events --user alice)" = 2 ]
	[ "$(events -U root)" = "1 2" ]
	[ "$(events -ua unset)" = 3 ]
	[ "$(events -ua 7 -ua alice)" = "2 3" ]
	[ -z "$(events -ua ali)" ]
}

@test "-sc: a name or a number, and one that no machine has is refused" {
	[ "$(numbers "$A" -sc clone)" = 102 ]
	[ "$(numbers "$A" -sc 56)" = 102 ]
	[ "$(numbers "$A" --syscall clone -S openat)" = "$(numbers "$A" -m SYSCALL)" ]
	run -2 of lives -sc frobnicate "$A"
	[[ $output == *"'frobnicate' is no system call"* ]]
}

@test "-sc: a name is that of the record's architecture" {
	{
		call 1 10 1 | sed 's/syscall=257/syscall=5/'                    # fstat
		call 2 10 1 | sed 's/c000003e syscall=257/40000003 syscall=5/' # open, of 32 bits
	} >log
	[ "$(contidctl events --input log -sc open --format raw "$A" | serials)" = 2 ]
	[ "$(contidctl events --input log -sc fstat --format raw "$A" | serials)" = 1 ]
}

@test "--success: how it ended, by the kernel or a daemon" {
	[ "$(numbers "$A" --success no)" = "103 104 110" ]
	[[ " $(numbers "$A" -sv yes) " == *" 102 105 "* ]]
	[[ " $(numbers "$A" -sv yes) " != *" 103 "* ]]
	run -2 of lives --success maybe "$A"
	[[ $output == *"--success is yes or no"* ]]
}

@test "all options have to hold" {
	[ "$(numbers "$A" -x cat --success no -k mk)" = 103 ]
	[ -z "$(numbers "$A" -x crun --success no -k mk)" ]
}

@test "--not: one option behind it that holds leaves an event out" {
	all=$(numbers "$A")
	[ "$(numbers "$A" --not -x nsenter)" = "$(tr ' ' '\n' <<<"$all" | grep -vx 109 | xargs)" ]
	# what stands before it has to hold all the same
	[ "$(numbers "$A" --success no --not -m KERNEL_OTHER)" = "103 104" ]
	[ "$(numbers "$A" -m SYSCALL,USER_LOGIN --success no --not -sc openat)" = 104 ]
	# any of several, of one option or of two
	[ "$(numbers "$A" --success no --not -m KERNEL_OTHER -p 302)" = "" ]
	[ "$(numbers "$A" --success no --not -k mk -m USER_LOGIN)" = 110 ]
	[ "$(numbers "$A" -m SYSCALL --not -p 301 -p 303 -p 401 --user unset)" = "100 103 105 111" ]
	[ "$(numbers "$A" -k mk --not --success yes)" = 103 ]
	run -2 of lives "$A" --not -p sh
	[[ $output == *"'sh' is no process ID"* ]]
}

@test "--not --entered: what came in by the container's own processes" {
	[ "$(numbers --all --not --entered)" = "$(numbers --all | tr ' ' '\n' | grep -vx 109 | xargs)" ]
}

@test "--entered: what entered, what it did, what it forked, until it leaves" {
	{
		call 1 20 1
		operation 2 adopt 30
		call 3 30 1
		call 4 31 30
		call 5 32 31
		call 6 21 20
		operation 7 leave 30
		call 8 30 1
		call 9 31 1
		operation 10 register 31
		call 11 31 1
	} >log
	[ "$(contidctl events --input log --entered --format raw "$A" | serials)" = "2 3 4 5 7 9" ]
	# who had entered before is known
	[ "$(contidctl events --input log --entered --since 1795600000.004 --format raw "$A" |
		serials)" = "4 5 7 9" ]
	[ "$(numbers --all --entered)" = 109 ]
}

@test "--entered: a process whose end is on record has entered no more, and its number is free" {
	ends() { call "$@" | sed 's/syscall=[0-9]*/syscall=231/'; }
	{
		operation 1 adopt 30
		ends 2 30 1
		call 3 30 1
		operation 4 adopt 40
		ends 5 41 40
		call 6 41 1
		line ANOM_ABEND 7 "auid=0 uid=0 gid=0 ses=1 pid=40 comm=\"x\" exe=\"/x\" sig=11 res=1 contid=$A"
		call 8 40 1
	} >log
	[ "$(contidctl events --input log --entered --format raw "$A" | serials)" = "1 2 4 5 7" ]
}

@test "nothing found: the time that was searched, with the zone" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	run -1 --separate-stderr of lives -x nothing "$A"
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == "contidctl: no such event: the log was searched from 2026-11-25 10:46:40.090 +0100 to 2026-11-25 "* ]]
	run -1 --separate-stderr of lives --since '2026-11-25 10:46:50' --until '2026-11-25 10:46:52' -x nothing "$A"
	[[ $stderr == *"from 2026-11-25 10:46:50.000 +0100 to 2026-11-25 10:46:52.999 +0100" ]]
	run -1 --separate-stderr of lives --since 2030-01-01 --utc "$A"
	[[ $stderr == *"nothing was searched, as the log goes from 2026-11-25 09:46:40.090 +0000 to "* ]]
	run -1 --separate-stderr contidctl events --input /dev/null "$A"
	[[ $stderr == *"the log is empty" ]]
}

@test "text has the zone, and --utc turns what is printed and what is typed" {
	export TZ=EST5EDT,M3.2.0,M11.1.0
	of lives "$A" | grep -F 'msg=audit(2026-11-25 04:46:51.101 -0500:101)'
	of lives --utc "$A" | grep -F 'msg=audit(2026-11-25 09:46:51.101 +0000:101)'
	# in whatever order
	[ "$(numbers --since '2026-11-25 09:46:51.101' --until '2026-11-25 09:46:51.101' --utc "$A")" = 101 ]
	[ "$(numbers --utc --until '2026-11-25 09:46:51.101' --since '2026-11-25 09:46:51.101' "$A")" = 101 ]
}

# follow ARGUMENT...: in the background, to the file seen; ended with the test
follow() {
	contidctl events --follow "$@" >seen 2>said 3>&- &
	follower=$!
}

teardown() {
	[ -z "${follower:-}" ] || kill "$follower" 2>/dev/null || true
}

# seen NUMBERS: these events have been printed, after some waiting
seen() {
	local end=$((SECONDS + 60))

	until [ "$(serials <seen)" = "$1" ]; do
		[ "$SECONDS" -lt "$end" ]
		sleep 0.1
	done
}

@test "--follow: what is written later, in parts of lines, and after rotations" {
	call 1 10 1 >log
	follow --input log --format raw "$A"
	seen 1
	call 2 10 1 >>log
	seen "1 2"
	# a line that is written in two parts
	call 3 10 1 >whole
	head -c 100 whole >>log
	call 4 10 1 >after
	seen "1 2"
	tail -c +101 whole >>log
	seen "1 2 3"
	# two rotations at once: none of their lines is missed
	cat after >>log
	mv log log.1
	call 5 10 1 >log
	mv log.1 log.2
	mv log log.1
	call 6 10 1 >log
	seen "1 2 3 4 5 6"
	call 7 10 1 >>log
	seen "1 2 3 4 5 6 7"
	[ ! -s said ]
}

@test "--follow ends at the time of --until, and needs a file" {
	call 1 10 1 >log
	run -0 timeout 60 contidctl events --follow --input log --until 1795600001 --format raw "$A"
	[ "$(serials <<<"$output")" = 1 ]
	run -1 contidctl events --follow --input - "$A" <log
	[[ $output == *"--follow needs a file by its name"* ]]
}

# with_auditd FILE PID COMMAND: in a mount namespace where auditd has this number, in that file,
# and this log
with_auditd() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount bash -euc '
		mkdir -p /var/log/audit /etc/audit
		mount -t tmpfs -o mode=0755 none /var/log/audit
		mount -t tmpfs -o mode=0755 none /etc/audit
		cp log /var/log/audit/audit.log
		mount -t tmpfs -o mode=0755 none /run
		mkdir /run/audit
		echo "$2" >"$1"
		shift 2
		exec "$@"' bash "$@"
}

@test "--follow: the log if an auditd runs, else the kernel, which needs CAP_AUDIT_READ" {
	call 1 10 1 >log
	follow_all=(timeout 60 setpriv --bounding-set -audit_read
		contidctl events --follow --all --until 1795600001 --format raw)
	# the second since audit 4.1
	for file in /run/auditd.pid /run/audit/auditd.pid; do
		run -0 with_auditd "$file" $$ "${follow_all[@]}"
		[ "$(serials <<<"$output")" = 1 ]
		[ "$(wc -l <<<"$output")" -eq 1 ]
		# no process has that number
		run -1 with_auditd "$file" 4194305 "${follow_all[@]}"
		[[ $output == *CAP_AUDIT_READ* || $output == *"the host's network namespace"* ]]
		[ -z "$(serials <<<"$output")" ]
	done
}

@test "--follow: logs that get a date when they are rotated bring nothing old" {
	call 8 10 1 >log.1
	touch -d 2020-01-01 log.1
	call 1 10 1 >log
	follow --input log --format raw "$A"
	seen 1
	mv log log-20261125
	call 2 10 1 >log
	seen "1 2"
	call 3 10 1 >>log
	seen "1 2 3"
}

@test "--follow: a log that is still empty is followed, and not the archive beside it" {
	call 1 10 1 >log
	call 2 10 1 >newer
	# shellcheck disable=SC2016 # the inner shell's
	run -0 with_auditd /run/auditd.pid $$ timeout 60 bash -euc '
		cd /var/log/audit
		cp audit.log audit.log.1
		gzip audit.log.1
		: >audit.log
		contidctl events --follow --all --format raw >/run/seen &
		until grep -q :1 /run/seen; do sleep 0.1; done
		cat "$1" >>audit.log
		for ((i = 0; i < 50; i++)); do
			! grep -q :2 /run/seen || break
			sleep 0.1
		done
		kill $!
		cat /run/seen' bash "$PWD/newer"
	[ "$(serials <<<"$output")" = "1 2" ]
}
