#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl events --format ecs and ocsf: every name is one that its schema has published,
# and nobody's text passes for a field.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

schemas=$BATS_TEST_DIRNAME/../../fixtures/schemas
DIGEST=$(printf '5%.0s' {1..64})

# call SERIAL SYSCALL [SUCCESS EXIT]: of a process in container A, about a file
call() {
	line SYSCALL "$1" "arch=c000003e syscall=$2 success=${3:-yes} exit=${4:-0} a0=3 a1=241 a2=241 a3=0 items=2 ppid=9 pid=10 auid=1000 uid=5 gid=6 euid=7 suid=8 fsuid=9 egid=10 sgid=11 fsgid=12 tty=pts0 ses=3 comm=\"x\" exe=\"/usr/bin/x\" key=\"k\" contid=$A${GS}ARCH=x86_64 AUID=\"alice\" UID=\"bob\" GID=\"g\" EUID=\"e\" SUID=\"s\" FSUID=\"f\" EGID=\"eg\" SGID=\"sg\" FSGID=\"fg\""
	line CWD "$1" 'cwd="/w"'
	line PATH "$1" 'item=0 name="/etc" inode=1 dev=fe:00 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT'
	line PATH "$1" 'item=1 name="/etc/shadow" inode=2 dev=fe:00 mode=0100640 ouid=0 ogid=42 rdev=00:00 nametype=NORMAL'
	line PROCTITLE "$1" 'proctitle=78002D79'
}

# everything: a log that has something of each kind
everything() {
	local serial=3 syscall

	{
		line KERNEL_OTHER 1 "op=register opid=10 ocontid=$A old-ocontid=-1 ppid=1 pid=9 auid=1000 uid=0 ses=3 comm=\"crun\" exe=\"/usr/bin/crun\" res=1 vm=\"shop/web-0/nginx\""
		line VIRT_CONTROL 48 "pid=7 uid=0 auid=0 ses=1 subj=x msg='virt=container op=start vm=\"shop/web-0/nginx\" uuid=$A vm-pid=10 image=\"nginx:1.27\" image-digest=\"$DIGEST\" res=success'"
		call 2 59
		line EXECVE 2 'argc=2 a0="x" a1=612062'
		for syscall in 231 101 62 105 257 82 87 90 188 165 166 313 176 41 83; do
			call $serial $syscall
			serial=$((serial + 1))
		done
		line OBJ_PID 5 "opid=11 oauid=7 ouid=0 oses=2 ocomm=\"cat\" ocontid=$A"
		call 40 257 no -13
		line USER_LOGIN 41 "contid=$A pid=10 uid=0 auid=1000 ses=3 msg='op=login exe=\"/usr/sbin/sshd\" res=failed'"
		line USER_END 42 "contid=$A pid=10 uid=0 auid=1000 ses=3 msg='op=PAM:session_close res=success'"
		line USER_AUTH 43 "contid=$A pid=10 uid=0 auid=1000 ses=3 msg='op=PAM:authentication res=success'"
		line CONFIG_CHANGE 44 "auid=1000 ses=3 op=add_rule key=\"k\" list=4 res=1 contid=$A"
		line ANOM_ABEND 45 "auid=1000 uid=0 gid=0 ses=3 pid=11 comm=\"cat\" exe=\"/usr/bin/cat\" sig=11 res=1 contid=$A"
		line KERNEL_OTHER 46 "op=drop opid=10 ocontid=$A ppid=1 pid=10 auid=1000 uid=0 res=1 vm=\"shop/web-0/nginx\" contid=$A"
	} | sed 's/^/node=host1 /'
	# of a log that does not name its machine
	call 47 41
	line EXECVE 47 'argc=1 a0="x"'
}

# shown FORMAT: everything in that format, as one array; but for the message of the name
shown() {
	everything >log
	contidctl events --input log --all --format "$1" --not -m VIRT_CONTROL | jq -s .
}

# names: of what has a value in the input
names() { jq -r '.[] | paths(scalars) | map(strings) | join(".")' | sort -u; }

published() { sed '/^#/d' "$schemas/$1.names" | sort -u; }

@test "ecs: each name is published, and each of the list is printed" {
	diff <(shown ecs | names) <(published ecs)
}

@test "ocsf: each name is published, and each of the list is printed" {
	diff <(shown ocsf | names | grep -v '^unmapped\.') <(published ocsf)
}

@test "other logs have no name more" {
	for kind in apparmor avc db dst forged interleaved labels later lives many; do
		fixture "$kind" >log
		for format in ecs ocsf; do
			contidctl events --input log --all --format $format 2>/dev/null | jq -s . |
				names | grep -v '^unmapped\.' >found || true
			[ -z "$(comm -23 found <(published $format))" ]
		done
	done
}

@test "ecs: kinds, categories, types and outcomes are those of the schema, and go together" {
	shown ecs | jq -e 'all(.[]; .event.kind == "event" and .ecs.version == "8.11.0" and
		(.event.outcome | IN("success", "failure", "unknown")) and
		(.event.category | length == 1) and (.event.type | length == 1) and
		("\(.event.category[0]) \(.event.type[0])" | IN(
			"process start", "process end", "process access", "process change", "process info",
			"file access", "file change", "file creation", "file deletion", "file info",
			"driver start", "driver end", "configuration change",
			"authentication start", "authentication end", "authentication info")))'
}

@test "ocsf: each event has what its class requires, and numbers that go together" {
	shown ocsf | jq -e 'all(.[]; .category_uid == (.class_uid / 1000 | floor) and
		.type_uid == .class_uid * 100 + .activity_id and (.severity_id | IN(range(7))) and
		.time > 1795599999999 and (.device | has("type_id")) and .actor.process and
		.metadata.version == "1.2.0" and .metadata.product.vendor_name and
		({"1001": "file", "1002": "driver", "1007": "process", "3002": "user", "6002": "app",
			"6003": "api"}[.class_uid | tostring] as $part | has($part)) and
		(.class_uid != 6003 or .src_endpoint) and (.class_uid != 3002 or .service.name) and
		(.class_uid != 1001 or (.file.name and .file.type_id == 1)))'
	shown ocsf | jq -ec 'map([.class_uid, .activity_id]) == [[6002, 3], [1007, 1], [1007, 2],
		[1007, 3], [1007, 99], [1007, 5], [1001, 3], [1001, 5], [1001, 4], [1001, 6], [1001, 7],
		[1001, 12], [1001, 13], [1002, 1], [1002, 2], [6003, 99], [1001, 1], [1001, 3],
		[3002, 1], [3002, 2], [3002, 99], [6003, 3], [1007, 2], [6002, 4], [6003, 99]]'
}

@test "ecs: what was executed, by whom, in which container" {
	shown ecs | jq -e --arg id "$A" '.[1] | .container == {id: $id, name: "nginx",
			image: {name: "nginx:1.27", hash: {all: ["sha256:'"$DIGEST"'"]}}} and
		.orchestrator == {type: "kubernetes", namespace: "shop", resource: {type: "pod", name: "web-0"}} and
		.process.args == ["x", "a b"] and .process.command_line == "x '"'a b'"'" and
		.process.pid == 10 and .process.parent.pid == 9 and .process.executable == "/usr/bin/x" and
		.process.title == "x -y" and .process.working_directory == "/w" and
		.user.id == "5" and .user.name == "bob" and .user.effective.id == "7" and
		.user.audit == {id: "1000", name: "alice"} and .tags == ["k"] and
		.host.name == "host1" and .event.action == "execve" and .event.outcome == "success"'
	shown ecs | jq -e '.[2].process.exit_code == 3 and .[17].event.outcome == "failure" and
		.[6].file.path == "/etc/shadow" and .[0].event.action == "register"'
}

@test "ocsf: what was executed, by whom, in which container" {
	shown ocsf | jq -e --arg id "$A" '.[1] | .process.container.uid == $id and
		.device.container == {uid: $id, name: "nginx", orchestrator: "kubernetes",
			image: {uid: "'"$DIGEST"'", name: "nginx:1.27"}} and
		.process.cmd_line == "x '"'a b'"'" and .process.pid == 10 and .actor.process.pid == 9 and
		.process.file.path == "/usr/bin/x" and .process.user == {uid: "5", name: "bob"} and
		.actor.user == {uid: "1000", name: "alice"} and .unmapped.keys == ["k"] and
		(.observables | map(.value) | index($id)) != null'
	# the runtime of the host is in no container, what it has registered is one
	shown ocsf | jq -e --arg id "$A" '.[0] | .app.uid == $id and .app.name == "shop/web-0/nginx" and
		(.device | has("container") | not) and (.actor.process | has("container") | not)'
	shown ocsf | jq -e '.[2].exit_code == 3 and .[4].process.pid == 11 and
		.[17].status == "Failure" and .[15].api.operation == "socket"'
}

@test "opening a file: read, written or made, as its flags and its record say" {
	{
		serial=1
		for flags in 0 8000 1 2 241; do
			line SYSCALL $serial "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7 a2=$flags pid=10 contid=$A"
			serial=$((serial + 1))
		done
		line SYSCALL 6 "arch=c000003e syscall=2 success=yes exit=3 a0=7 a1=1 a2=0 pid=10 contid=$A"
		line SYSCALL 7 "arch=c000003e syscall=257 success=yes exit=3 a0=7 a1=1 a2=41 pid=10 contid=$A"
		line PATH 7 'item=0 name="/x" inode=2 nametype=CREATE'
	} >log
	contidctl events --input log --all --format ocsf |
		jq -es 'map(.activity_name) == ["Read", "Read", "Update", "Update", "Update", "Update", "Create"]'
}

@test "a sender's text is the message, and no field of the kernel's" {
	line USER 1 "contid=$A pid=10 uid=0 auid=1000 msg='exe=\"/forged\" pid=1 ppid=2 contid=$B container.id=$B key=\"forged\" name=\"/forged\"'" >log
	contidctl events --input log --format ecs "$A" | holds ".container.id == \"$A\" and
		.process == {pid: 10} and (has(\"tags\") | not) and (has(\"file\") | not) and
		.user.audit.id == \"1000\" and (.message | startswith(\"exe=\"))"
	contidctl events --input log --format ocsf "$A" | holds ".device.container.uid == \"$A\" and
		.actor.process.pid == 10 and (.actor.process | has(\"file\") | not) and .class_uid == 6003"
}

@test "forged logs: no event of another container, and none of a doubtful one" {
	fixture forged >made
	printf 'type=NETFILTER_CFG msg=audit(1795600000.003:3): table=x contid=%s\035 family=2 pid=77 comm="nft"\n' "$B" >>made
	for format in ecs ocsf; do
		diff <(contidctl events --input made --all --format raw 2>/dev/null | serials) \
			<(contidctl events --input made --all --format $format 2>/dev/null |
				jq -r '.event.sequence // .metadata.sequence' | xargs)
		run -1 contidctl events --input made --format $format "$B"
	done
}

@test "bytes that are no text, and a NUL, hide nothing of what stands behind them" {
	printf 'type=NETFILTER_CFG msg=audit(1795600000.001:1): table=a\0b\033[2J\xff\xe2\x80\xae family=2 pid=77 comm="nft" contid=%s\n' "$A" >log
	for format in ecs ocsf; do
		contidctl events --input log --format $format "$A" >found
		[ "$(wc -l <found)" -eq 1 ]
		jq -er '.event.original // .raw_data' found | grep -F 'table=a?b\033[2J\377\342\200\256 family=2 '
		run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' found
	done
}
