#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl feed: each event of a container goes on to a file, a socket or the journal
# when it is whole, and what cannot go on is counted. feed_auditd has auditd start it.
# depends on: userland. It reads a pipe by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"
# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	fed='' listener='' syslogd=''
	output "$PWD/out"
}

teardown() {
	exec 7>&-
	[ -z "$fed" ] || { kill "$fed" 2>/dev/null || true; wait "$fed" || true; }
	[ -z "$listener" ] || { kill "$listener" 2>/dev/null || true; wait "$listener" || true; }
	[ -z "$syslogd" ] || syslog_end
}

# output WHERE [FORMAT]
output() { printf 'output = %s\nformat = %s\n' "$1" "${2:-raw}" >feed.conf; }

# begin: contidctl feed, which reads what comes into descriptor 7
begin() {
	mkfifo in
	contidctl feed --config feed.conf <in >said 2>&1 3>&- &
	fed=$!
	exec 7>in
}

# end: no more comes
end() {
	exec 7>&-
	wait "$fed"
	fed=
}

# call SERIAL: an event of container A, which ends with its last record
call() {
	line SYSCALL "$1" "arch=c000003e syscall=83 success=yes exit=0 ppid=1 pid=2 auid=1000 uid=0 comm=\"x\" exe=\"/usr/bin/x\" key=(null) contid=$A"
	line PROCTITLE "$1" "proctitle=\"x\""
	printf 'type=EOE msg=audit(1795600000.%03d:%d):\n' "$1" "$1"
}

# has SERIALS [FILE]: these events have arrived
has() { [ "$(serials <"${2:-out}" 2>/dev/null)" = "$1" ]; }

@test "an event is handed on when it is whole, and not when the input ends" {
	begin
	call 1 >&7
	until_true has 1
	call 2 >&7
	until_true has "1 2"
	end
	has "1 2"
}

@test "only events of containers are handed on, as contidctl events prints them" {
	fixture lives >log
	for format in json ecs ocsf text raw; do
		rm -f out
		output "$PWD/out" "$format"
		contidctl feed --config feed.conf <log
		contidctl events --input - --all --format "$format" <log >wanted 2>/dev/null
		[ -s out ]
		# what comes later gives names to those before in a log, and not here
		cmp <(sed 's/"name":"[^"]*"//; s/ contname="[^"]*"//' out | wc -l) <(wc -l <wanted)
		[ "$format" != raw ] || cmp out wanted
	done
}

@test "the file is root's alone, and nothing follows a link" {
	begin
	call 1 >&7
	until_true has 1
	end
	[ "$(stat -c %a out)" = 600 ]
	mv out elsewhere
	ln -s elsewhere out
	call 2 | contidctl feed --config feed.conf 2>said
	grep "1 events were not handed on" said
	has 1 elsewhere
}

@test "a file that is moved away is made anew" {
	begin
	call 1 >&7
	until_true has 1
	mv out out.1
	call 2 >&7
	until_true has 2
	end
	has 1 out.1
}

@test "no event is there in part: what is dropped for want of room is counted, and said" {
	mkdir small
	mount -t tmpfs -o size=8k none small
	output "$PWD/small/out" json
	{
		for i in {1..60}; do call "$i"; done
	} | contidctl feed --config feed.conf 2>said || true
	jq -e .schema <small/out >schemas
	left=$(wc -l <schemas)
	umount small
	[ "$left" -gt 0 ]
	[ "$left" -lt 60 ]
	dropped=$(sed -n 's/.* \([0-9]*\) since the begin.*/\1/p' said | tail -n 1)
	[ "$((left + dropped))" -eq 60 ]
	grep "No space left on device" said
}

@test "a listener at a socket gets them, and the next one, when that one has gone" {
	output "unix:$PWD/socket"
	listen() {
		socat -u "UNIX-LISTEN:$PWD/socket,unlink-early" "OPEN:$1,creat,append" 3>&- 7>&- &
		listener=$!
		until_true '[ -S socket ]'
	}
	listen first
	begin
	call 1 >&7
	until_true has 1 first
	kill "$listener"
	wait "$listener" || true
	rm -f socket
	listen second
	# the first one may go into the connection that is no more
	for i in {2..40}; do
		call "$i" >&7
		[ ! -s second ] || break
		sleep 0.1
	done
	until_true '[ -s second ]'
	end
}

@test "if nobody listens it goes on, and says so once" {
	output "unix:$PWD/nobody"
	{
		for i in 1 2 3; do call "$i"; done
	} | contidctl feed --config feed.conf 2>said
	[ "$(grep -c "not handed on" said)" -le 2 ]
	grep -E "[123] events were not handed on to $PWD/nobody, 3 since the begin: No such file" said
}

@test "the journal gets a message for each, whole, however long" {
	syslog_begin "$PWD/journal"
	output journal json
	long=$(printf 'x%.0s' {1..7000})
	{
		line SYSCALL 1 "arch=c000003e syscall=83 success=yes pid=2 comm=\"$long\" key=(null) contid=$A"
		call 2
	} | contidctl feed --config feed.conf
	# shellcheck disable=SC2016 # a condition, expanded when it is looked at
	until_true '[ "$(grep -c "audit-contid: {" journal)" = 2 ]'
	sed -n 's/^<86>audit-contid: //p' journal >messages
	jq -es '[.[].serial] == [1, 2]' messages
	grep -q "$long" messages
}

@test "SIGHUP has the configuration read again, and a wrong one changes nothing" {
	begin
	call 1 >&7
	until_true has 1
	output "$PWD/other"
	kill -HUP "$fed"
	call 2 >&7
	until_true has 2 other
	echo "format = morse" >feed.conf
	kill -HUP "$fed"
	call 3 >&7
	until_true has "2 3" other
	end
	grep "feed.conf: it goes on as before" said
	has 1
}

@test "SIGTERM ends it, with what it had" {
	begin
	line SYSCALL 1 "arch=c000003e syscall=83 success=yes pid=2 key=(null) contid=$A" >&7
	call 2 >&7
	until_true has "1 2"
	kill -TERM "$fed"
	end
	has "1 2"
}

@test "a configuration that makes no sense is refused, and named" {
	output nowhere
	run -1 contidctl feed --config feed.conf </dev/null
	[[ $output == *'line 1, "output = nowhere", is not /FILE, unix:/SOCKET or journal'* ]]
	output "unix:/$(printf 'x%.0s' {1..110})"
	run -1 contidctl feed --config feed.conf </dev/null
	[[ $output == *"is too long for a socket"* ]]
	output "$PWD/out" csv
	run -1 contidctl feed --config feed.conf </dev/null
	[[ $output == *"has none of json, ecs, ocsf, text and raw"* ]]
	echo "format = json" >feed.conf
	run -1 contidctl feed --config feed.conf </dev/null
	[[ $output == *"it has no output"* ]]
	run -1 contidctl feed --config none </dev/null
	[[ $output == *"none: No such file or directory"* ]]
}

@test "a container's name is known from its begin on, and forgotten an hour after its end" {
	output "$PWD/out" text
	operation() {
		line KERNEL_OTHER "$1" "op=$2 opid=7 ocontid=$A ppid=1 pid=3 auid=1000 uid=0 res=1 vm=\"web\""
		call "$(($1 + 1))"
	}
	begin
	operation 1 register >&7
	operation 3 drop >&7
	until_true 'grep -q ":4)" out'
	# so late is another log's event, or one of a clock that was set
	call 5 | sed 's/audit(1795600000/audit(1795610000/' >&7
	until_true 'grep -q ":5)" out'
	sleep 0.5
	call 6 | sed 's/audit(1795600000/audit(1795610000/' >&7
	until_true 'grep -q ":6)" out'
	end
	grep ':2).* contname="web"' out
	grep ':4).* contname="web"' out
	run -1 grep ':6).* contname="web"' out
}

@test "events --follow takes a pipe, for whole IDs and for all" {
	mkfifo in
	contidctl events --input - --follow --format raw "$A" <in >out 2>said 3>&- &
	fed=$!
	exec 7>in
	call 1 >&7
	until_true has 1
	exec 7>&-
	wait "$fed"
	fed=
	run -1 contidctl events --input - --follow web < <(call 1)
	[[ $output == *"whole IDs, RUNTIME:NAME or --all"* ]]
	call 1 >log
	run -1 contidctl events --input - --follow "$A" <log
	[[ $output == *"--follow needs a file by its name, or a pipe"* ]]
}

@test "a container that has ended is forgotten also if there is no pause" {
	output "$PWD/out" text
	{
		line KERNEL_OTHER 1 "op=register opid=7 ocontid=$A ppid=1 pid=3 auid=1000 uid=0 res=1 vm=\"web\""
		call 2
		line KERNEL_OTHER 3 "op=drop opid=7 ocontid=$A ppid=1 pid=3 auid=1000 uid=0 res=1 vm=\"web\""
		# each begins later than the one before was handed on
		for serial in 5 6 7; do
			call "$serial" | sed 's/audit(1795600000/audit(1795610000/'
		done
	} >log
	contidctl feed --config feed.conf <log
	grep ':2).* contname="web"' out
	grep ':7)' out
	run -1 grep ':7).* contname="web"' out
}
