#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What containers were called, by the log alone: which records are believed, and which
# containers a name means.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

D=33333333-0123-4123-8123-0123456789ab

# registered SERIAL ID[,^ID...] [VM [RES [CONTEXT]]]: a container begins
registered() {
	line KERNEL_OTHER "$1" "op=register opid=1$1 ocontid=$2 old-ocontid=-1 auid=0 uid=0 pid=5 comm=\"crun\" exe=\"/usr/bin/crun\" subj=unconfined${5:+ $5} res=${4:-1}${3:+ vm=$3}"
}

# dropped SERIAL ID [VM]: and ends
dropped() { line KERNEL_OTHER "$1" "op=drop opid=1$1 ocontid=$2 res=1${3:+ vm=$3}"; }

# did SERIAL ID: it does something
did() { line SYSCALL "$1" "arch=c000003e syscall=83 success=yes exit=0 pid=1$1 auid=0 uid=0 comm=\"x\" exe=\"/x\" contid=$2"; }

# said SERIAL SENDER-OR-EMPTY VM ID: a message of libvirt's form
said() {
	line VIRT_CONTROL "$1" "${2:+contid=$2 }pid=7 uid=0 auid=0 ses=1 subj=unconfined msg='virt=container op=start reason=registered vm=$3 uuid=$4 vm-pid=9 exe=\"/x\" hostname=? addr=? terminal=? res=success'"
}

# names: the serials of the events and the names shown in them
names() { contidctl events --input log "$@" 2>/dev/null | sed -nE 's/^type=.*:([0-9]+)\) :.* o?contname="([^"]*)".*/\1:\2/p' | xargs; }

@test "the begin of a container names it, and what it does has the name behind the ID" {
	{ registered 1 "$A" '"web"'; did 2 "$A"; dropped 3 "$A" '"web"'; did 4 "$B"; } >log
	[ "$(names web)" = "1:web 2:web 3:web" ]
	contidctl events --input log web | grep -qE "[ ]contid=$A contname=\"web\"$"
	[ "$(contidctl events --input log --format raw name:web)" = "$(head -n 3 log)" ]
	[ "$(contidctl events --input - web <log | grep -c contname)" -eq 3 ]
	run -1 contidctl events --input log shop
	[[ $output == "contidctl: shop: neither"* ]]
}

@test "the end alone names it too: the begin may be in a log that is gone" {
	{ did 2 "$A"; dropped 3 "$A" '"web"'; } >log
	[ "$(names web)" = "2:web 3:web" ]
}

@test "what began before the time that is searched is found by its name" {
	{ registered 1 "$A" '"web"'; did 500 "$A"; } >log
	[ "$(names --since 1795600000.300 web)" = 500:web ]
}

@test "a name that several containers had means all, each told apart, and stderr says so in a line" {
	{
		registered 1 "$A" '"web"'; did 2 "$A"; dropped 3 "$A" '"web"'
		registered 4 "$B" '"web"'; did 5 "$B"
	} >log
	run -0 --separate-stderr contidctl events --input log web
	[ "$(grep -cE "contid=$A o?contname=\"web\"" <<<"$output")" -eq 3 ]
	[ "$(grep -cE "contid=$B o?contname=\"web\"" <<<"$output")" -eq 2 ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = "contidctl: 'web' was the name of 2 containers in the time that is searched: $A $B" ]
	# in that time only one had it
	run -0 --separate-stderr contidctl events --input log --until 1795600000.003 web
	[ -z "$stderr" ]
	run -0 --separate-stderr contidctl events --input log --since 1795600000.004 --format raw web
	[ "$(serials <<<"$output")" = "4 5" ]
	[ -z "$stderr" ]
}

@test "a hundred containers of one name are found" {
	for i in $(seq 100 199); do
		registered "$i" "$(printf '%08d-0123-4123-8123-0123456789ab' "$i")" '"ci"'
	done >log
	run -0 --separate-stderr contidctl events --input log --format raw ci
	[ "$(serials <<<"$output" | wc -w)" -eq 100 ]
	[[ $stderr == *"was the name of 100 containers"*" and others" ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "an ID that is registered again has the name of its time" {
	{
		registered 1 "$A" '"old"'; did 2 "$A"; dropped 3 "$A" '"old"'
		line KERNEL_OTHER 4 "op=register opid=14 ocontid=$A old-ocontid=-1 res=1 vm=\"new\""
		line SYSCALL 5 "arch=c000003e syscall=83 success=yes exit=0 pid=15 contid=$A"
	} | sed -E 's/1795600000(\.00[45])/1795600900\1/' >log
	[ "$(names "$A")" = "1:old 2:old 3:old 4:new 5:new" ]
}

@test "a name that is also the beginning of an ID is refused; id: and name: decide" {
	{ registered 1 "$A" '"1111"'; did 2 "$B"; } >log
	run -1 --separate-stderr contidctl events --input log 1111
	[[ $stderr == *"id:$A, which has this name: or name:1111"*"id:$B, which begins so in the log"* ]]
	[ "$(names name:1111)" = 1:1111 ]
	[ "$(contidctl events --input log --format raw id:1111 | serials)" = 2 ]
}

@test "a message of libvirt's form names a container, if a host process has sent it" {
	{ said 1 '' '"db"' "$A"; did 2 "$A"; registered 3 "$B"; said 4 '' 6D7920776562 "$B"; } >log
	[ "$(names db)" = 2:db ]
	[ "$(names 'my web')" = "3:my web" ]
}

@test "a container names those that are nested in it, and nothing else" {
	{
		registered 1 "$A" '"outer"'
		registered 2 "$B,^$A"
		said 3 "$A" '"inner"' "$B"
		# itself, a neighbour, what encloses it, one that nobody knows
		registered 4 "$C"
		said 5 "$C" '"self"' "$C"
		said 6 "$C" '"neighbour"' "$B"
		said 7 "$B,^$A" '"above"' "$A"
		said 8 "$C" '"unknown"' "$D"
		did 9 "$B,^$A"; did 10 "$C"; did 11 "$D"
	} >log
	[ "$(names inner | tr ' ' '\n' | grep inner | xargs)" = "2:inner 7:inner 9:inner" ]
	for name in self neighbour above unknown; do
		run -1 contidctl events --input log "$name"
		[[ $output == "contidctl: $name: neither"* ]]
	done
}

@test "the module's own record counts more than a message, before or behind it" {
	{ said 1 '' '"lie"' "$A"; registered 2 "$A" '"web"'; said 3 '' '"lie"' "$A"; did 4 "$A"; } >log
	[ "$(names "$A")" = "2:web 4:web" ]
	run -1 contidctl events --input log --since 1795600000.003 lie
}

@test "a message whose container was cut off, or is in doubt, names nothing" {
	{
		said 1 "${A%ab}" '"cut"' "$A"
		said 2 '' '"short"' "${A%b}"
		said 3 '' '"nul"' 00000000-0000-0000-0000-000000000000
		line USER 4 "pid=7 uid=0 msg='virt=container vm=\"user\" uuid=$A '"
		did 5 "$A"
	} >log
	[ -z "$(names "$A")" ]
	for name in cut short nul user; do
		run -1 contidctl events --input log "$name"
	done
}

@test "a registration that was refused names nothing" {
	{ registered 1 "$A" '"web"' 0; did 2 "$A"; } >log
	run -1 contidctl events --input log web
	[ -z "$(names "$A")" ]
}

@test "a security context that reads like an outcome and a name is none" {
	{
		registered 1 "$A" '"web"' 1 'vm="forged" res=0'; did 2 "$A"
		registered 3 "$B" '' 1 'res=1 vm="forged"'; did 4 "$B"
		registered 5 "$C" '"web"' 0 'res=1 vm="forged"'; did 6 "$C"
	} >log
	[ "$(names -a)" = "1:web 2:web" ]
	run -1 contidctl events --input log forged
}

@test "a name may be anything: it cannot end its quotes, nor write to a terminal" {
	{
		registered 1 "$A" 782220636F6E7469643D31
		registered 2 "$B" 1B5B324A0A
		registered 3 "$C" 77656200
	} >log
	contidctl events --input log -a >out
	grep -q "ocontname=\"x\\\\042 contid=1\"" out
	grep -q 'ocontname="\\033\[2J\\012"' out
	[ "$(grep -c . out)" -eq 6 ]
	# with a NUL it would look like another's
	run -1 contidctl events --input log web
}

@test "report: the name of each, and what began without an ID" {
	{
		registered 1 "$A" '"web"'; did 2 "$A"; did 3 "$B"
		line KERNEL_OTHER 4 "op=unlabelled opid=44 auid=0 uid=0 pid=4 comm=\"sh\" exe=\"/bin/busybox\" res=1"
	} >log
	contidctl report --input log --format json | holds '[.containers[].name] == ["web", null] and
		(.unlabelled[0] | del(.auid)) == { time: "2026-11-25T09:46:40.004Z", pid: "44",
			comm: "sh", exe: "/bin/busybox" }'
	contidctl report --input log >out
	grep -q '^  name        web$' out
	[ "$(tail -n 2 out)" = $'1 PID namespaces began without a container ID:\n  2026-11-25T09:46:40.004Z pid 44 sh, /bin/busybox' ]
	tail -n 1 log >only
	contidctl report --input only
}

@test "a message that names a container is among its events, if it is believed" {
	{
		registered 1 "$A"
		said 2 "" web "$A"
		said 3 "" shop "$B"
		registered 4 "$C,^$A"
		said 5 "$A" inner "$C"
		said 6 "$C,^$A" forged "$A"
	} >log
	shown() { contidctl events --input log --format raw "$@" 2>/dev/null | serials; }
	[ "$(shown "$A")" = "1 2 4 5 6" ]
	[ "$(shown "$B")" = 3 ]
	[ "$(shown "$C")" = "4 5 6" ]
	[ "$(shown --all)" = "1 2 3 4 5 6" ]
	# those of a process in a container are its events, and name nobody else's
	[ "$(shown "$D")" = "" ]
	said 7 "$B" taken "$A" >>log
	[ "$(shown "$A")" = "1 2 4 5 6" ]
}
