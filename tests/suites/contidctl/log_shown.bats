#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What events and report print of a record, in each format.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

@test "AppArmor's subject keeps its mode" {
	of apparmor "$A" | grep -F ' subj=docker-default (enforce) key='
	of apparmor --format json "$A" | holds '.records[0].fields.subj == "docker-default (enforce)"'
	{
		line USER 1 "contid=$A pid=1 uid=0 subj=docker-default (enforce) msg='x'"
		line DM_CTRL 2 "module=verity op=ctr error_msg='bad block size' res=0 contid=$A"
	} >log
	contidctl events --input log "$A" | grep -F "subj=docker-default (enforce) msg='x'"
	contidctl events --input log --format json "$A" |
		jq -es '.[0].records[0].fields.subj == "docker-default (enforce)" and
			.[1].records[0].fields.error_msg == "'"'bad block size'"'"'
}

@test "numbers stay beside what they mean" {
	of labels --format json "$A" >found
	jq -es 'map(select(.serial == 17))[0].records[0] | .fields.auid == "alice" and
		.raw.auid == "1000" and .fields.uid == "root" and .raw.uid == "0" and
		.fields.syscall == "openat" and .raw.syscall == "257"' <found
	of labels --format csv "$A" >found
	head -n 1 found | grep -F ',pid,auid,auid_name,uid,uid_name,comm,'
	grep ',17,SYSCALL,.*,301,1000,alice,0,root,cat,' found
	grep ',11,SYSCALL,.*,301,1000,,0,,cat,' found
}

@test "names come from the log alone, and not from the machine that reads it" {
	line SYSCALL 1 "arch=c000003e syscall=59 uid=0 auid=0 gid=0 contid=$A" >log
	line SYSCALL 2 "arch=c000003e syscall=59 uid=0 auid=4294967295 gid=5 contid=$A${GS}ARCH=x86_64 SYSCALL=execve UID=\"their-root\" AUID=\"unset\" GID=74776F20776F726473" >>log
	contidctl events --input log "$A" >found
	grep -F 'uid=0 auid=0 gid=0' found
	grep -F 'uid=their-root auid=unset gid=two words' found
	contidctl events --input log --format csv "$A" >found
	run ! grep -E '[=,]root\>' found
	line KERNEL_OTHER 3 "op=register opid=1 ocontid=$A old-ocontid=-1 auid=0 pid=1 uid=0 comm=\"x\" exe=\"/x\" res=1" >log
	contidctl report --format json --input log | holds '.containers[0].registered_by.auid == "0"'
}

@test "a value means what its own record says, also if an earlier one has the same" {
	local call="success=yes a0=0 a1=2 a2=0 auid=7 comm=616C696365 contid=$A"
	local path='item=0 name="/a" mode=0100644 ouid=7'

	{
		line SYSCALL 1 "arch=c000003e syscall=2 $call"
		line PATH 1 "$path"
		line SYSCALL 2 "arch=40000003 syscall=2 $call"
		line PATH 2 "$path${GS}MODE=strange OUID=\"al\""
		line SYSCALL 3 "arch=c000003e syscall=41 $call${GS}AUID=\"al\""
		line PATH 3 "$path${GS}OUID=\"bo\""
		line SYSCALL 4 "arch=c000003e syscall=2 $call${GS}AUID=\"bo\""
		line PATH 4 "$path"
	} >log
	contidctl events --input log --format json "$A" | jq -r '(.records[0].fields |
		"\(.syscall) \(.a1) \(.auid) \(.comm)") + (.records[1].fields |
		" \(.mode) \(.ouid)")' >found
	cat >expected <<-END
		open O_RDWR 7 alice file,644 7
		fork 0x2 7 alice strange al
		socket SOCK_DGRAM al alice file,644 bo
		open O_RDWR bo alice file,644 7
	END
	diff expected found
}

@test "a sender cannot have his numbers shown by the kernel's names" {
	line USER 1 "contid=$A pid=1 uid=5 auid=6 msg='uid=0 auid=0'${GS}UID=\"five\" AUID=\"six\" UID=\"root\" AUID=\"root\"" >log
	contidctl events --input log --format json "$A" |
		holds '.records[0] | .fields.uid == "five" and .fields.auid == "six" and
			.message.uid == "root" and .message.auid == "root"'
}

@test "a container of which nobody knows whether it lives is not said to be dead" {
	contidctl report --format json --input <(fixture later) |
		holds ".containers[] | select(.contid == \"$A\") | .ended == null and .lives == null"
	contidctl report --format json --input <(fixture lives) |
		holds '.containers[1] | .ended != null and .lives == false'
}

@test "a type that libaudit does not know keeps the name that the log has" {
	for format in text csv json; do
		contidctl events --input <(fixture later) --format $format "$A" >found
		grep -q LATER_THAN_THIS found
		run ! grep -q 'UNKNOWN' found
	done
}

@test "fields that libauparse does not classify have no quotes" {
	of avc "$A" | grep -F ' name=shadow dev=vda1 ino=5 '
	of avc --format json "$A" | holds '.records[0].fields.dev == "vda1"'
}

@test "csv has all keys of an event" {
	line SYSCALL 1 "arch=c000003e syscall=59 key=6F6E650174776F contid=$A" >log
	contidctl events --input log --format csv "$A" | grep -F ',"one,two",'
	contidctl events --input log --format json "$A" |
		holds '.records[0].fields.key == ["one", "two"]'
}

@test "csv has no cell that a spreadsheet takes for a formula" {
	for comm in '=1+1' '+1' '-1+2' '@x' '-x'; do
		line SYSCALL 1 "arch=c000003e syscall=59 pid=1 comm=\"$comm\" contid=$A" >log
		contidctl events --input log --format csv "$A" | grep -F ",'$comm,"
	done
	line SYSCALL 1 "arch=c000003e syscall=59 pid=-1 auid=-1 contid=$A" >log
	contidctl events --input log --format csv "$A" | grep -F ',-1,-1,unset,'
}

@test "characters that hide or turn text around are escaped" {
	# right-to-left override, zero width space, a byte order mark, a tag
	text=$(printf 'a\u202eb\u200bc\ufeffd\U000e0041e\u2066f')
	line USER 1 "contid=$A pid=1 uid=0 msg='text=$text \"ü\" 中'" >log
	for format in text json; do
		contidctl events --input log --format $format "$A" >found
		run ! grep -qP '\x{202e}|\x{200b}|\x{feff}|\x{e0041}|\x{2066}' found
		grep -q ü found
		grep -q 中 found
	done
	contidctl events --input log "$A" | grep -F 'a\342\200\256b\342\200\213c'
}

@test "characters that hide or turn text around are escaped in a cell of csv, too" {
	text=$(printf 'a\u202eb\u200bc\ufeffd\U000e0041e\u2066f ü 中')
	hex=$(printf %s "$text" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)
	line SYSCALL 1 "arch=c000003e syscall=59 pid=1 comm=$hex exe=$hex key=$hex contid=$A" >log
	contidctl events --input log --format csv "$A" >found
	run ! grep -qP '\x{202e}|\x{200b}|\x{feff}|\x{e0041}|\x{2066}' found
	cell='a\342\200\256b\342\200\213c\357\273\277d\363\240\201\201e\342\201\246f ü 中'
	grep -F ",$cell,$cell,$cell," found
}

@test "each event reaches a pipe when it is printed, and not when the buffer is full" {
	mkfifo log go printed
	{
		line USER 1 "contid=$A pid=1 uid=0 msg='first'"
		line USER 2 "contid=$A pid=1 uid=0 msg='second'"
		timeout 30 cat go >/dev/null
	} >log 3>&- &
	writer=$!
	timeout 60 contidctl events --input log --format raw "$A" >printed 3>&- &
	reader=$!
	exec 4<printed
	read -r -t 20 first <&4
	echo >go
	exec 4<&-
	# and not for the watch that bats keeps over the test
	wait "$writer"
	wait "$reader" || true
	[[ $first == *first* ]]
}
