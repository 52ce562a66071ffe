#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# JSON of what a log says: its keys are those of audit_contid_json(5), numbers are numbers,
# and each container has the name that the log gives it.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

page=$BATS_TEST_DIRNAME/../../../src/man/audit_contid_json.5

# keys: of the objects of the input, but for those whose keys are names of fields or types
keys() {
	jq -r '[paths | map(select(type == "string"))] | unique | .[] |
		select(length > 0 and all(.[:-1][]; IN("fields", "raw", "numbers", "message", "types") | not)) |
		last' | sort -u
}

# documented SECTION...: the keys that the page has there
documented() {
	for section; do
		awk -v section="$section" '/^\.S[sh] / { in_it = $0 == ".Ss " section }
			in_it && /^\.It Li / { print $3 }' "$page"
	done | sort -u
}

# register SERIAL OPID ID TEXT: the record of a container's registration, with a label
register() {
	line KERNEL_OTHER "$1" "op=register opid=$2 ocontid=$3 old-ocontid=-1 ppid=1 pid=9 auid=1000 uid=0 comm=\"crun\" exe=\"/usr/bin/crun\" subj=x res=1 vm=$4"
}

# call SERIAL PID LABEL: the record of a system call
call() {
	line SYSCALL "$1" "arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=$2 auid=1000 uid=0 comm=\"x\" exe=\"/usr/bin/x\" key=\"k\" contid=$3"
}

# said SERIAL SENDER FIELDS UUID: a message of the runtime that names a container
said() {
	line VIRT_CONTROL "$1" "${2:+contid=$2 }pid=7 uid=0 auid=0 ses=1 subj=x msg='virt=container op=start reason=registered vm=\"web\" uuid=$4 vm-pid=9 $3 exe=\"/x\" hostname=? addr=? terminal=? res=success'"
}

# everything: a log in which each key has a value
everything() {
	register 1 10 "$A" '"shop/web-0/nginx"'
	said 5 '' 'engine="docker" image="nginx:1.27" image-digest="sha256:55"' "$A"
	call 2 10 "$A"
	line EXECVE 2 "argc=2 a0=\"sh\" a1=\"-c\""
	line USER 3 "contid=$A pid=10 uid=0 msg='text=hello'"
	line KERNEL_OTHER 4 "op=unlabelled opid=44 auid=0 uid=0 pid=4 comm=\"sh\" exe=\"/bin/busybox\" res=1"
	line NETFILTER_PKT 6 "mark=0x0 saddr=10.9.0.1 daddr=10.9.0.2 proto=1 netcontid=$A"
}

@test "events: each key is in the manual page, and each of the page is printed" {
	everything >log
	diff <(contidctl events --input log --format json "$A" | keys) \
		<(documented "An event" "A container")
}

@test "report: each key is in the manual page, and each of the page is printed" {
	everything >log
	diff <(contidctl report --input log --format json | keys) \
		<(documented "A report" "A container")
}

@test "other logs have no key more" {
	for kind in apparmor avc db dst forged interleaved labels later lives many; do
		fixture "$kind" >log
		contidctl events --input log --all --format json 2>/dev/null | keys >found || true
		[ -z "$(comm -23 found <(documented "An event" "A container"))" ]
		contidctl report --input log --format json 2>/dev/null | keys >found || true
		[ -z "$(comm -23 found <(documented "A report" "A container"))" ]
	done
}

@test "every object has the number of the schema" {
	everything >log
	contidctl events --input log --format json "$A" | jq -es 'length == 5 and all(.[]; .schema == 1)'
	contidctl report --input log --format json | holds '.schema == 1'
}

@test "numbers are numbers, and what they mean stands beside them" {
	of labels --format json "$A" | jq -es 'map(select(.serial == 17))[0].records[0] |
		.numbers.auid == 1000 and .fields.auid == "alice" and .raw.auid == "1000" and
		.numbers.syscall == 257 and .numbers.pid == 301 and (.numbers | has("a0") | not)'
	of lives --format json "$A" | jq -es 'map(select(.serial == 103))[0] |
		.records[0].numbers.exit == -13 and .milliseconds == 1795600012103'
	contidctl report --format json --input <(fixture lives) |
		holds '.containers[1] | .registered_by.auid_number == 1000 and
			.began_milliseconds == 1795600010100'
	line SYSCALL 1 "arch=c000003e syscall=1 pid=5 auid=4294967295 contid=$A" >log
	contidctl events --input log --format json "$A" |
		holds '.records[0] | .numbers.auid == 4294967295 and .fields.auid == "unset"'
}

@test "a sender's fields are no numbers of the kernel's" {
	line USER 1 "contid=$A pid=1 uid=5 msg='auid=7 opid=8 exit=9'" >log
	contidctl events --input log --format json "$A" | holds '.records[0].numbers == {pid: 1, uid: 5}'
}

@test "ancestors: an array, nearest first, whose end may be unknown" {
	{
		call 1 10 "$A"
		call 2 10 "$B,^$A"
		call 3 10 "$C,^$B,^$A"
		call 4 10 "$C,^$B,^?"
	} >log
	contidctl events --input log --format json --all | jq -es "map(.ancestors) ==
		[[], [\"$A\"], [\"$B\", \"$A\"], [\"$B\", null]]"
	contidctl events --input log --format json --all | jq -es 'map(.container.id) ==
		["'"$A"'", "'"$B"'", "'"$C"'", "'"$C"'"]'
	contidctl report --input log --format json |
		holds ".containers | map(.ancestors) == [[], [\"$A\"], [\"$B\", \"$A\"]]"
}

@test "a container has the name that its registration gives it, also before --since" {
	{
		register 1 10 "$A" '"shop/web-0/nginx"'
		register 2 11 "$B" '"shop/web-0"'
		register 3 12 "$C" 6120622F632F642F65 # a b/c/d/e
		call 4 10 "$A"
		call 5 11 "$B"
		call 6 12 "$C"
	} >log
	contidctl events --input log --all --since @1795600000.004 --format json |
		jq -es "map(.container) == [
			{id: \"$A\", label: \"shop/web-0/nginx\", name: \"nginx\", pod: \"web-0\", namespace: \"shop\"},
			{id: \"$B\", label: \"shop/web-0\", pod: \"web-0\", namespace: \"shop\"},
			{id: \"$C\", label: \"a b/c/d/e\", name: \"a b/c/d/e\"}]"
	contidctl report --input log --format json |
		holds '.containers | map(.container.label) == ["shop/web-0/nginx", "shop/web-0", "a b/c/d/e"]'
}

@test "the image is that of the message that names the container, if it is believed" {
	{
		register 1 10 "$A" '"web"'
		said 2 '' 'image="nginx:1.27" image-digest="sha256:55"' "$A"
		said 3 '' 'image="late:1" image-digest="sha256:66"' "$A"
		register 4 11 "$B,^$A" '"inner"'
		said 5 "$A" 'image=7265642068617420' "$B"
		register 6 12 "$C" '"self"'
		said 7 "$C" 'image="forged:1" image-digest="forged"' "$C"
		said 8 "$C" 'image="forged:1"' "$A"
		call 9 10 "$A"; call 10 11 "$B,^$A"; call 11 12 "$C"
	} >log
	contidctl events --input log -m SYSCALL --all --format json |
		jq -es 'map(.container | [.image, .image_digest]) ==
			[["nginx:1.27", "sha256:55"], ["red hat ", null], [null, null]]'
	contidctl report --input log --format json |
		holds '.containers | map(.container.image) == ["nginx:1.27", "red hat ", null]'
	contidctl tree --input log --json "$A" |
		holds '.processes | map(.container | [.image, .image_digest]) | unique ==
			[["nginx:1.27", "sha256:55"], ["red hat ", null]]'
	contidctl report --period 2026-11 --input log --format json |
		holds '.containers | map(.image) == ["nginx:1.27", "red hat ", null]'
}

@test "an image ends with its container: the next one of that ID has its own" {
	{
		register 1 10 "$A" '"web"'
		said 2 '' 'image="old:1"' "$A"
		call 3 10 "$A"
		line KERNEL_OTHER 4 "op=drop opid=10 ocontid=$A ppid=1 pid=10 auid=7 uid=0 res=1 vm=\"web\" contid=$A"
		register 5 20 "$A" '"web"'
		said 6 '' 'image="new:1"' "$A"
		call 7 20 "$A"
	} | sed -E 's/1795600000(\.00[567])/1795600900\1/' >log
	contidctl events --input log -m SYSCALL --all --format json |
		jq -es 'map(.container.image) == ["old:1", "new:1"]'
}

@test "an image that a terminal might obey is escaped" {
	{ said 1 '' 'image=1B5B324A78E280AE' "$A"; call 2 10 "$A"; } >log
	contidctl events --input log -m SYSCALL --format json "$A" |
		holds '.container.image == "\\033[2Jx\\342\\200\\256"'
}

@test "a name ends with its container, but for records that come late" {
	{
		register 1 10 "$A" '"first"'
		call 2 10 "$A"
		line KERNEL_OTHER 3 "op=drop opid=10 ocontid=$A ppid=1 pid=10 auid=7 uid=0 res=1 vm=\"first\" contid=$A"
		call 4 10 "$A" # one that came late
		line KERNEL_OTHER 5 "op=register opid=20 ocontid=$A old-ocontid=-1 pid=9 auid=7 uid=0 res=1"
		call 6 20 "$A"
	} | sed -E 's/1795600000(\.00[56])/1795600900\1/' >log
	contidctl events --input log -m SYSCALL --all --format json |
		jq -es 'map(.container.name) == ["first", "first", null]'
}

@test "no name comes from what was refused, from a sender, or from another field" {
	{
		register 1 10 "$A" '"right"'
		register 2 11 "$A" '"refused"' | sed 's/res=1/errno=17 res=0/'
		line USER 3 "contid=$A pid=1 uid=0 msg='op=register ocontid=$A vm=\"forged\" res=1'"
		register 4 12 "$B" '"theirs"' | sed 's/subj=x/subj=x vm="forged"/'
		call 5 10 "$A"
		call 6 12 "$B"
	} >log
	contidctl events --input log -m SYSCALL --all --format json |
		jq -es 'map(.container.name) == ["right", "theirs"]'
}

@test "text and JSON have one name, also where a message alone gives it" {
	{
		line VIRT_CONTROL 1 "pid=7 uid=0 auid=0 ses=1 subj=x msg='virt=container op=start vm=\"shop/web-0\" uuid=$A res=success'"
		call 2 10 "$A"
	} >log
	contidctl events --input log "$A" | grep -F " contid=$A contname=\"shop/web-0\""
	contidctl events --input log --format json -m SYSCALL "$A" |
		holds '.container.label == "shop/web-0" and .container.pod == "web-0"'
	contidctl report --input log --format json |
		holds '.containers[0] | .name == "shop/web-0" and .container.namespace == "shop"'
}

@test "a label that a terminal might obey is escaped" {
	register 1 10 "$A" 1B5B324A78E280AE >log # ESC [ 2 J x, right-to-left override
	contidctl events --input log --format json "$A" |
		holds '.ocontainer.label == "\\033[2Jx\\342\\200\\256"'
}

@test "args: an array, also if a long one is in parts" {
	{
		call 1 10 "$A"
		line EXECVE 1 'argc=4 a0="sh" a1=2D6320226120622220 a2_len=8 a2[0]="long"'
		line EXECVE 1 'a2[1]=20656E64 a3=""'
		line USER 2 "contid=$A pid=10 uid=0 msg='a0=forged argc=1'"
	} >log
	contidctl events --input log --format json "$A" | jq -es '.[0].args ==
		["sh", "-c \"a b\" ", "long end", ""] and (.[1] | has("args") | not)'
}

@test "names of this machine are taken only if they are asked for" {
	line SYSCALL 1 "arch=c000003e syscall=59 uid=0 auid=0 contid=$A" >log
	contidctl events --input log --format json "$A" | holds '.records[0].fields.uid == "0"'
	contidctl events --input log --format json --local-names "$A" |
		holds '.records[0] | .fields.uid == "root" and .numbers.uid == 0'
	contidctl events --input log --local-names "$A" | grep -F 'uid=root auid=root'
}
