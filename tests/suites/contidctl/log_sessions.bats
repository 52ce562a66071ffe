#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl sessions: what came into containers by exec and nsenter, on whose request, and
# whose word is taken for that.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

page=$BATS_TEST_DIRNAME/../../../src/man/audit_contid_json.5

# registered SERIAL ID[,^ID...] [VM]: a container begins
registered() {
	line KERNEL_OTHER "$1" "op=register opid=1 ocontid=$2 old-ocontid=-1 auid=0 uid=0 pid=5 comm=\"crun\" exe=\"/usr/bin/crun\" subj=unconfined res=1${3:+ vm=$3}"
}

# entered SERIAL PID PPID [AUID [COMM]]: a process enters container A
entered() {
	line KERNEL_OTHER "$1" "op=adopt opid=$2 ocontid=$A old-ocontid=-1 ppid=$3 pid=$2 auid=${4:-4294967295} uid=0 ses=1 comm=\"x\" exe=\"${5:-/usr/bin/runc}\" res=1 contid=$A"
}

# executes SERIAL PID PPID EXE ARGUMENT [AUID]: a process in there
executes() {
	line SYSCALL "$1" "arch=c000003e syscall=59 success=yes exit=0 ppid=$3 pid=$2 auid=${6:-4294967295} uid=0 ses=1 comm=\"x\" exe=\"$4\" key=(null) contid=$A"
	line EXECVE "$1" "argc=2 a0=\"x\" a1=\"$5\""
}

# exits SERIAL PID PPID CODE EXE
exits() {
	line SYSCALL "$1" "arch=c000003e syscall=231 a0=$4 a1=0 ppid=$3 pid=$2 auid=4294967295 uid=0 ses=1 comm=\"x\" exe=\"$5\" key=(null) contid=$A"
}

# asked SERIAL SENDER-OR-EMPTY ID PID RUNTIME MORE [RES]: a runtime's message
asked() {
	line VIRT_CONTROL "$1" "${2:+contid=$2 }pid=7 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='virt=container op=exec reason=requested vm=\"web\" uuid=$3${4:+ vm-pid=$4} runtime-pid=$5 pty=yes $6 exe=\"/x\" hostname=? addr=? terminal=? res=${7:-success}'"
}

# sessions EXPRESSION [ARGUMENT...]: of each
sessions() { contidctl sessions --input log --json "${@:2}" 2>/dev/null | jq -c "[.sessions[] | $1]"; }

@test "an exec by a daemon: begin, user, what was executed, end; the runtime's helper is none" {
	export TZ=UTC0
	{
		registered 1 "$A" '"web"'
		entered 2 301 300
		executes 3 302 300 /bin/sh -i
		asked 4 '' "$A" 302 300 'cmd=7368202D69 request-user="alice"'
		executes 5 303 302 /bin/cat /etc/shadow
		exits 6 302 300 101 /bin/sh
	} >log
	[ "$(sessions '[.pid, .request_user, .terminal, .command, .ran, .end, .exit_code, .container.name]' web)" = \
		'[[302,"alice",true,"sh -i","/bin/sh -i","exited",1,"web"]]' ]
	[ "$(sessions '[.began, .ended, .runtime_pid, .auid]' web)" = \
		'[["2026-11-25T09:46:40.002Z","2026-11-25T09:46:40.006Z",300,4294967295]]' ]
	contidctl sessions --input log web >out
	diff out - <<-'END'
		BEGAN                         ENDED                         HOW             PID USER         TTY CONTAINER            COMMAND
		2026-11-25 09:46:40.002 +0000 2026-11-25 09:46:40.006 +0000 exited 1        302 request:alice yes web                  sh -i
	END
}

@test "without a message: nsenter of a person, and a runtime that makes its process beside itself" {
	{
		registered 1 "$A"
		entered 2 301 300 1000 /usr/bin/nsenter
		executes 3 301 300 /bin/sh -c 1000
		executes 4 304 301 /bin/id -u 1000
		entered 5 401 400
		executes 6 402 400 /bin/ls /
		line KERNEL_OTHER 7 "op=leave opid=301 ocontid=$A ppid=300 pid=301 auid=1000 uid=0 res=1 contid=$A"
	} >log
	[ "$(sessions '[.pid, .auid, .request_user, .terminal, .command, .end]' "$A")" = \
		'[[301,1000,null,null,"/bin/sh -c","left"],[402,4294967295,null,null,"/bin/ls /",null]]' ]
}

@test "the message alone: no rule, or a record that came before the log" {
	{
		asked 1 '' "$A" 302 300 'cmd="id"'
		asked 2 '' "$A" '' 500 'cmd="no" request-user=616C69636520610A' failed
	} >log
	[ "$(sessions '[.pid, .command, .request_user, .end, .ended == .began]' --all)" = \
		'[[302,"id",null,null,false],[null,"no","alice a\\012","failed",true]]' ]
}

@test "twenty execs at once: each has its own user" {
	{
		registered 1 "$A"
		for i in {1..20}; do
			entered $((10 + i)) $((1000 + 2 * i)) $((500 + i))
			executes $((40 + i)) $((1001 + 2 * i)) $((500 + i)) /bin/true "$i"
		done
		for i in {20..1}; do
			asked $((100 + i)) '' "$A" $((1001 + 2 * i)) $((500 + i)) "cmd=\"true\" request-user=\"user$i\""
		done
	} >log
	[ "$(sessions '.ran + .request_user' "$A")" = \
		"$(for i in {1..20}; do echo "/bin/true ${i}user$i"; done | jq -Rnc '[inputs]')" ]
}

@test "a number that is used again is another session's" {
	{
		registered 1 "$A"
		entered 2 301 300
		executes 3 302 300 /bin/first x
		asked 4 '' "$A" 302 300 'request-user="one"'
		exits 5 302 300 0 /bin/first
		entered 6 301 300
		executes 7 302 300 /bin/second x
		asked 8 '' "$A" 302 300 'request-user="two"'
	} >log
	[ "$(sessions '.ran + " " + .request_user' "$A")" = '["/bin/first x one","/bin/second x two"]' ]
}

@test "a message that a container has sent of itself, a neighbour or what encloses it is none" {
	{
		registered 1 "$A"
		registered 2 "$B"
		registered 3 "$C,^$A"
		entered 4 301 300
		executes 5 302 300 /bin/sh -i
		asked 6 "$A" "$A" 302 300 'cmd="forged" request-user="self"'
		asked 7 "$B" "$A" 302 300 'cmd="forged" request-user="neighbour"'
		asked 8 "$C,^$A" "$A" 302 300 'cmd="forged" request-user="nested"'
		# cut off: it may be of any
		asked 9 "${A%ab}" "$A" 302 300 'cmd="forged" request-user="cut"'
		line USER 10 "pid=7 uid=0 msg='virt=container op=exec uuid=$A vm-pid=302 runtime-pid=300 request-user=\"user\" res=success'"
		asked 11 '' "${A%b}" 302 300 'request-user="short"'
		asked 12 "$A" "$C" 9 8 'cmd="inner" request-user="outer"'
	} >log
	[ "$(sessions '[.command, .request_user]' --all)" = '[["/bin/sh -i",null],["inner","outer"]]' ]
	[ "$(sessions .command "$C")" = '["inner"]' ]
	run -1 contidctl sessions --input log "$B"
	[[ $output == "contidctl: no such event: the log was searched"* ]]
}

@test "a record that is cut, or says nonsense, takes nothing with it" {
	{
		registered 1 "$A"
		asked 2 '' "$A" x 99999999999999999999 'cmd=6 request-user="open cmd-length=-1'
		asked 3 '' "$A" 5 6 'cmd=""'
		asked 4 '' "$A" 7 6 'cmd="whole"' | sed 's/hole.*//'
		asked 6 '' "$A" 7 6 'cmd="whole"' | sed "s/${A#*-}.*//"
		asked 5 '' "$A" 7 6 "cmd=\"$(printf '%1024s' '' | tr ' ' a)\" cmd-length=5000"
	} >log
	[ "$(sessions '[.pid, .runtime_pid, .command != null, .command_length, .request_user]' "$A")" = \
		'[[null,null,false,null,null],[5,6,true,null,null],[7,6,false,null,null],[7,6,true,5000,null]]' ]
	contidctl sessions --input log "$A" | grep -q 'aa\.\.\. (5000 bytes)$'
}

@test "a command of anything is one line, and writes to no terminal" {
	{
		registered 1 "$A"
		asked 2 '' "$A" 5 6 "cmd=$(printf 'x\n2026 forged\e[2J\xff\xe2\x80\xae' | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F) request-user=610A1B"
	} >log
	contidctl sessions --input log "$A" >out
	[ "$(wc -l <out)" -eq 2 ]
	grep -qF 'request:a\012\033 ' out
	grep -qF 'x\0122026 forged\033[2J\377\342\200\256' out
	[ "$(sessions .command "$A" | jq -r '.[0]')" = 'x\0122026 forged\033[2J\377\342\200\256' ]
}

@test "--since and --until: those that had not ended, and those that had begun" {
	{
		registered 1 "$A"
		entered 2 301 300
		executes 3 301 300 /bin/one x
		exits 4 301 300 0 /bin/one
		entered 100 401 400
		executes 101 401 400 /bin/two x
	} >log
	[ "$(sessions .ran --since 1795600000.050 "$A")" = '["/bin/two x"]' ]
	[ "$(sessions .ran --until 1795600000.050 "$A")" = '["/bin/one x"]' ]
	[ "$(sessions .ran --since 1795600000.003 "$A")" = '["/bin/one x","/bin/two x"]' ]
}

@test "what was registered, what it forks, and what joins is no session" {
	{
		registered 1 "$A"
		executes 2 10 1 /bin/sh x
		line KERNEL_OTHER 3 "op=join opid=50 ocontid=$A old-ocontid=-1 ppid=1 pid=9 auid=0 uid=0 comm=\"x\" exe=\"/x\" res=1"
	} >log
	run -1 contidctl sessions --input log "$A"
}

@test "audit_contid_json(5) has each key of an object" {
	{
		registered 1 "$A" '"web"'
		asked 2 '' "$A" 302 300 'cmd="id" request-user="alice"'
	} >log
	contidctl sessions --input log --json web | jq -r '.sessions[0] | keys[]' >keys
	[ "$(wc -l <keys)" -ge 20 ]
	while read -r key; do
		grep -qE "(^\.It Li |[ ,])$key( |$)" "$page" || { echo "$key"; false; }
	done <keys
}

@test "forty thousand sessions of one container take no longer than it takes to read them" {
	{
		registered 1 "$A"
		awk -v id="$A" 'BEGIN {
			for (i = 0; i < 40000; i++) {
				printf "type=KERNEL_OTHER msg=audit(%d.000:%d): op=adopt opid=%d ocontid=%s old-ocontid=-1 ppid=%d pid=%d auid=0 uid=0 ses=1 comm=\"x\" exe=\"/x\" res=1 contid=%s\n",
					1795600001 + i, 2 * i + 2, 100001 + 3 * i, id, 100000 + 3 * i, 100001 + 3 * i, id
				printf "type=VIRT_CONTROL msg=audit(%d.001:%d): pid=7 uid=0 msg=\047virt=container op=exec reason=requested uuid=%s vm-pid=%d runtime-pid=%d pty=yes exe=\"/x\" res=success\047\n",
					1795600001 + i, 2 * i + 3, id, 100001 + 3 * i, 100000 + 3 * i
			}
		}'
	} >log
	# of a processor; if each were compared with each it would be several times this
	(
		ulimit -t 6
		[ "$(contidctl sessions --input log --json --all 2>/dev/null | jq '.sessions | length')" -eq 40000 ]
	)
}
