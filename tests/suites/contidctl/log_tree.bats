#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl tree: which process bore which, what each executed, how it came and went.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

page=$BATS_TEST_DIRNAME/../../../src/man/audit_contid_json.5

# operation SERIAL OP OPID [OLD [ID [DOER [REST]]]]: the module's record of it
operation() {
	line KERNEL_OTHER "$1" "op=$2 opid=$3 ocontid=${5:-$A} old-ocontid=${4:--1} ppid=1 pid=${6:-9} auid=1000 uid=0 ses=3 comm=\"crun\" exe=\"/usr/bin/crun\" res=1${7:-}"
}

# call SERIAL PID PPID SYSCALL EXE [MORE]: a system call of a process in container A, by its number
call() {
	line SYSCALL "$1" "arch=c000003e syscall=$4 success=yes exit=0 a0=0 ppid=$3 pid=$2 auid=1000 uid=0 ses=3 comm=\"x\" exe=\"$5\" key=(null) contid=$A"
}

# execute SERIAL PID PPID EXE ARGUMENT...
execute() {
	local at=0 word text="argc=$(($# - 4))"

	call "$1" "$2" "$3" 59 "$4"
	for word in "${@:5}"; do
		# as the kernel writes what has a blank in it
		[[ $word != *' '* ]] || word=$(printf %s "$word" | od -An -tx1 | tr -d ' \n' | tr a-f A-F)
		[[ $word == "${*:at + 5:1}" ]] && word="\"$word\""
		text+=" a$at=$word"
		at=$((at + 1))
	done
	line EXECVE "$1" "$text"
}

# end SERIAL PID PPID EXE CODE: exit_group, of which the kernel has no success= and no exit=
end() {
	line SYSCALL "$1" "arch=c000003e syscall=231 a0=$5 a1=0 ppid=$3 pid=$2 auid=1000 uid=0 ses=3 comm=\"x\" exe=\"$4\" key=(null) contid=$A"
}

# processes EXPRESSION: of each process of the log, in the order of the tree
processes() { contidctl tree --input log --json "$A" | jq -c "[.processes[] | $1]"; }

# shape: each process as PID<PARENT'S PID
shape() {
	contidctl tree --input log --json "$A" | jq -r '.processes as $all |
		[$all[] | "\(.pid)<\(if .parent == null then "" else $all[.parent].pid end)"] | join(" ")'
}

@test "a container's processes, each below its parent, with what it executed" {
	export TZ=UTC0
	{
		operation 1 register 10 -1 "$A" 9 ' vm="shop"'
		execute 2 10 9 /usr/bin/sh sh -c "sleep 1"
		execute 3 11 10 /usr/bin/sleep sleep 1
		execute 4 12 10 /usr/bin/cat cat /etc/shadow
		call 5 13 12 257 /usr/bin/cat
		end 6 12 10 /usr/bin/cat 101
	} >log
	contidctl tree --input log "$A" >drawn
	diff drawn - <<-END
		$A shop
		10 /usr/bin/sh -c 'sleep 1' [registered 2026-11-25 09:46:40.001 +0000 by crun[9], auid 1000]
		|- 11 /usr/bin/sleep 1 [inherited]
		\`- 12 /usr/bin/cat /etc/shadow [inherited; exited 1 2026-11-25 09:46:40.006 +0000]
		   \`- 13 /usr/bin/cat [inherited]
	END
	[ "$(shape)" = "10< 11<10 12<10 13<12" ]
	[ "$(processes .depth)" = "[0,1,1,2]" ]
}

@test "what entered is a root of its own, with what it forks, and may leave" {
	{
		operation 1 register 10
		execute 2 10 9 /usr/bin/sh sh
		line KERNEL_OTHER 3 "op=adopt opid=30 ocontid=$A old-ocontid=-1 ppid=1 pid=30 auid=7 ses=4 uid=0 comm=\"nsenter\" exe=\"/usr/bin/nsenter\" res=1 contid=$A"
		call 4 31 30 257 /usr/bin/id
		line KERNEL_OTHER 5 "op=leave opid=30 ocontid=$A ppid=1 pid=30 auid=7 uid=0 res=1 contid=$A"
	} >log
	[ "$(shape)" = "10< 30< 31<30" ]
	[ "$(processes '[.how, .end]')" = '[["registered",null],["entered","left"],["inherited",null]]' ]
	[ "$(processes .auid)" = '[1000,7,1000]' ]
}

@test "several programs of one process, in their order" {
	{
		operation 1 register 10
		execute 2 10 9 /usr/bin/sh sh /x
		execute 3 10 9 /usr/bin/nginx "nginx: master" -g
	} >log
	contidctl tree --input log "$A" | grep -F '10 /usr/bin/sh /x => /usr/bin/nginx -g ['
	[ "$(processes '[.exe, .args, (.programs | map(.exe))]')" = \
		'[["/usr/bin/nginx",["nginx: master","-g"],["/usr/bin/sh","/usr/bin/nginx"]]]' ]
}

@test "a number that is used again is another process: after an exit" {
	{
		operation 1 register 10
		execute 2 11 10 /usr/bin/cat cat
		end 3 11 10 /usr/bin/cat 0
		call 4 11 10 257 /usr/bin/cat
		call 5 12 11 257 /usr/bin/cat
	} >log
	[ "$(shape)" = "10< 11<10 11<10 12<11" ]
	# the child is the second one's
	[ "$(processes '[.parent, .end]')" = '[[null,null],[0,"exited"],[0,null],[2,null]]' ]
}

@test "a number that is used again is another process: by a signal's end, a user, a session" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/bin/cat
		line ANOM_ABEND 3 "auid=1000 uid=0 gid=0 ses=3 pid=11 comm=\"cat\" exe=\"/usr/bin/cat\" sig=11 res=1 contid=$A"
		call 4 11 10 257 /usr/bin/cat
		call 5 12 10 257 /usr/bin/cat
		call 6 12 10 257 /usr/bin/cat | sed 's/auid=1000/auid=7/'
		call 7 13 10 257 /usr/bin/cat
		call 8 13 10 257 /usr/bin/cat | sed 's/ses=3/ses=4/'
	} >log
	[ "$(processes '[.pid, .end, .signal]')" = '[[10,null,null],[11,"killed",11],[11,null,null],[12,null,null],[12,null,null],[13,null,null],[13,null,null]]' ]
}

@test "a login changes a process's user, and leaves it the same" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/sbin/sshd
		line LOGIN 3 "pid=11 uid=0 old-auid=1000 auid=7 tty=(none) old-ses=3 ses=5 res=1 contid=$A"
		call 4 11 10 257 /usr/sbin/sshd | sed 's/auid=1000/auid=7/; s/ses=3/ses=5/'
	} >log
	[ "$(processes '[.pid, .auid]')" = '[[10,1000],[11,7]]' ]
}

@test "a number that is used again is another process: by its parent" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/bin/sh
		call 3 12 11 257 /usr/bin/cat
		call 4 13 10 257 /usr/bin/sh
		# no ancestor of the first
		call 5 12 13 257 /usr/bin/cat
		# the first's grandparent took it when its parent had gone
		call 6 14 13 257 /usr/bin/cat
		call 7 14 10 257 /usr/bin/cat
		# and one outside
		call 8 14 999 257 /usr/bin/cat
	} >log
	[ "$(shape)" = "10< 11<10 12<11 13<10 12<13 14<13" ]
}

@test "a number that is used again is another process: by its program, if those are on record" {
	{
		operation 1 register 10
		execute 2 11 10 /usr/bin/cat cat
		call 3 11 10 257 /usr/bin/ls
		call 4 12 10 257 /usr/bin/cat
		call 5 12 10 257 /usr/bin/ls
	} >log
	[ "$(processes '[.pid, (.programs | map(.exe))]')" = \
		'[[10,[]],[11,["/usr/bin/cat"]],[11,["/usr/bin/ls"]],[12,["/usr/bin/cat","/usr/bin/ls"]]]' ]
}

@test "a number that is used again is another process: in the next life of the container" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/bin/cat
		operation 3 drop 10
		call 4 11 10 257 /usr/bin/cat # late
		operation 5 register 10
		call 6 11 10 257 /usr/bin/cat
	} >log
	[ "$(shape)" = "10< 11<10 10< 11<10" ]
	[ "$(processes .end)" = '["exited","gone",null,null]' ]
	[ "$(contidctl tree --input log "$A" | grep -c "^$A\$")" -eq 2 ]
}

@test "a parent without a record of its own is there as such, until it has one" {
	{
		operation 1 register 10
		call 2 12 11 257 /usr/bin/cat
		call 3 13 11 257 /usr/bin/cat
		call 4 15 14 257 /usr/bin/cat
		call 5 14 10 257 /usr/bin/sh
	} >log
	[ "$(shape)" = "10< 14<10 15<14 11< 12<11 13<11" ]
	[ "$(processes .how)" = '["registered","inherited","inherited","unseen","inherited","inherited"]' ]
}

@test "processes that are each other's parents make no circle" {
	{
		operation 1 register 10
		call 2 20 21 257 /usr/bin/cat
		call 3 21 20 257 /usr/bin/cat
		call 4 20 21 257 /usr/bin/cat
		call 5 22 22 257 /usr/bin/cat
	} >log
	run -0 timeout 20 contidctl tree --input log "$A"
	[ "$(grep -c ' 2[0-2] \|^2[0-2] ' <<<"$output")" -ge 3 ]
}

@test "a container nested in it is below the runtime that has registered it" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/bin/podman
		operation 3 register 12 "$A" "$B,^$A" 11 " vm=\"inner\" contid=$A"
		call 4 12 11 257 /usr/bin/sh | sed "s/contid=.*/contid=$B,^$A/"
		call 5 13 12 257 /usr/bin/cat | sed "s/contid=.*/contid=$B,^$A/"
		operation 6 drop 13 -1 "$B,^$A" 13 " contid=$B,^$A"
	} >log
	[ "$(shape)" = "10< 11<10 12<11 13<12" ]
	[ "$(processes '[.container.name, .ancestors, .end]')" = \
		'[[null,[],null],[null,[],null],["inner",["'"$A"'"],"gone"],["inner",["'"$A"'"],"exited"]]' ]
	contidctl tree --input log "$A" | grep -F "12 /usr/bin/sh [registered in $B inner "
	# one that had a record before it was registered stays the same
	call 2 12 11 257 /usr/bin/conmon >>before
	cat before log >both
	contidctl tree --input both --json "$A" | jq -e '[.processes[] | select(.pid == 12)] | length == 1'
}

@test "what acts upon the container from outside is not in its tree" {
	{
		operation 1 register 10
		line SYSCALL 2 "arch=c000003e syscall=62 success=yes pid=77 ppid=1 auid=7 exe=\"/usr/bin/kill\" contid=$C"
		line OBJ_PID 2 "opid=10 oauid=7 ouid=0 oses=2 ocomm=\"x\" ocontid=$A"
		operation 3 register 88 -1 "$A" 9 | sed 's/res=1/errno=17 res=0/'
	} >log
	[ "$(shape)" = "10<" ]
}

@test "--since and --until: those of that time, and what they descend from" {
	{
		operation 1 register 10
		call 2 11 10 257 /usr/bin/sh
		call 3 12 10 257 /usr/bin/sh
		call 4 13 11 257 /usr/bin/cat
		call 5 14 11 257 /usr/bin/cat
	} >log
	only() { contidctl tree --input log --json "$@" "$A" | jq -c '[.processes[].pid]'; }
	[ "$(only --since @1795600000.004)" = "[10,11,13,14]" ]
	[ "$(only --since @1795600000.003 --until @1795600000.003)" = "[10,12]" ]
	run -1 --separate-stderr contidctl tree --input log --since 2030-01-01 "$A"
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"no such event"* ]]
}

@test "two machines with one number keep their processes apart" {
	{
		operation 1 register 10 | sed 's/^/node=one /'
		call 2 11 10 257 /usr/bin/sh | sed 's/^/node=one /'
		call 3 11 10 257 /usr/bin/ls | sed 's/^/node=two /'
	} >log
	[ "$(processes '[.node, .pid, .exe]')" = '[["one",10,null],["one",11,"/usr/bin/sh"],["two",10,null],["two",11,"/usr/bin/ls"]]' ]
	contidctl tree --input log "$A" | grep -x "two $A"
}

@test "an argument, a name and a label can pass for nothing of the tree's" {
	{
		operation 1 register 10 -1 "$A" 9 ' vm=785D0A3130202F62696E2F7368' | # x] newline 10 /bin/sh
			sed 's/comm="crun"/comm=785D5B395D2C206175696420726F6F74/' # x][9], auid root
		call 2 10 9 59 /usr/bin/sh
		line EXECVE 2 'argc=3 a0="/usr/sbin/good" a1=5B656E74657265645D0A7820E280AE a2="it"'
	} >log
	contidctl tree --input log "$A" >drawn
	[ "$(wc -l <drawn)" -eq 2 ]
	[ "$(head -n 1 drawn)" = "$A 'x]\\01210 /bin/sh'" ]
	grep -F "10 /usr/bin/sh '[entered]\\012x \\342\\200\\256' it [registered " drawn
	grep -F "by 'x][9], auid root'[9], auid 1000]" drawn
	processes .args | jq -e '.[0][1] == "[entered]\\012x \\342\\200\\256"'
}

@test "forged logs: a sender, and a name with control bytes, are nobody's parents" {
	{
		operation 1 register 10
		line USER 2 "contid=$A pid=11 uid=0 auid=1000 ses=3 msg='op=register opid=66 ppid=10 ocontid=$A pid=67 res=1 exe=\"/x\"'"
		printf 'type=NETFILTER_CFG msg=audit(1795600000.003:3): table=x contid=%s\035 family=2 pid=77 ppid=10 comm="nft"\n' "$A"
	} >log
	contidctl tree --input log --json "$A" 2>/dev/null |
		holds '[.processes[].pid] == [10, 11] and .processes[1].exe == null'
	fixture forged >log
	run contidctl tree --input log "$A"
	[[ $output != *"301"* ]]
}

@test "a thousand generations and ten thousand children take no long time" {
	awk -v id="$A" 'BEGIN {
		form = "type=SYSCALL msg=audit(1795600000.000:%d): arch=c000003e syscall=257 success=yes ppid=%d pid=%d auid=7 ses=1 exe=\"/x\" contid=%s\n"
		for (i = 5000; i > 2; i--)
			printf(form, i, i - 1, i, id)
		for (i = 10000; i < 20000; i++)
			printf(form, i, 9999, i, id)
	}' >log
	timeout 60 contidctl tree --input log "$A" >drawn
	[ "$(wc -l <drawn)" -ge 14998 ]
	[ "$(awk '{ if (length > longest) longest = length } END { print longest }' drawn)" -lt 200 ]
	timeout 60 contidctl tree --input log --json "$A" | jq -e '[.processes[].depth] | max > 4000' >/dev/null
}

@test "a name that several containers had means all, each with its processes and its name" {
	{
		operation 1 register 10 -1 "$A" 9 ' vm="shop/web-0/nginx"'
		call 2 11 10 257 /usr/bin/cat
		operation 3 register 20 -1 "$B" 9 ' vm="shop/web-0/nginx"'
		operation 4 register 30 -1 "$C" 9 ' vm="other"'
	} >log
	contidctl tree --input log --json shop/web-0/nginx 2>said | holds ".contids == [\"$A\", \"$B\"] and
		[.processes[] | [.pid, .container.id, .container.pod]] ==
			[[10, \"$A\", \"web-0\"], [11, \"$A\", \"web-0\"], [20, \"$B\", \"web-0\"]]"
	grep -F "was the name of 2 containers" said
	contidctl tree --input log other | head -n 1 | grep -x "$C other"
}

@test "json: each key is in the manual page, and each of the page is printed" {
	{
		operation 1 register 10 -1 "$A" 9 ' vm="shop/web-0/nginx"'
		execute 2 10 9 /usr/bin/sh sh
		line VIRT_CONTROL 3 "pid=9 uid=0 msg='virt=container op=start uuid=$A image=\"x:1\" image-digest=\"sha256:55\" res=success'"
	} >log
	diff <(contidctl tree --input log --json "$A" | holds '.schema == 1' &&
		contidctl tree --input log --json "$A" | jq -r '[paths[-1] | strings] | unique[]' | sort) \
		<(echo true; awk '/^\.S[sh] / { in_it = /^\.Ss (A tree|A container)$/ }
			in_it && /^\.It Li / { print $3 }' "$page" | sort -u)
}
