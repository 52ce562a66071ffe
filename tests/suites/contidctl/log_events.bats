#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl events, on logs made by hand; events has those that auditd writes.
# depends on: userland. It reads logs, by the release's libauparse and beside its
# ausearch; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

audit_log=/var/log/audit/audit.log

teardown() {
	rm -rf /var/lib/containers/storage/overlay-containers /var/lib/docker
}

# --- whose events

@test "events of a container are those it is subject or object of, and those of the nested ones" {
	run -0 serials < <(of labels --format raw "$A")
	[ "$output" = "10 11 13 15 16 17 18 19 20 21 22 23 24" ]
	run -0 serials < <(of labels --format raw "$B")
	[ "$output" = "13 18 21" ]
}

@test "the beginning of an ID, without dashes, in upper case, or a runtime's 64 digits will do" {
	of labels --format raw "$A" >whole
	for id in 0123abcd 0123ABCD-0123-4 0123abcd01234123 \
		0123abcd0123412381230123456789abffffffffffffffffffffffffffffffff; do
		of labels --format raw "$id" | cmp - whole
	done
	run -1 --separate-stderr of labels --format raw 0123abcd-0123-5
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == "contidctl: no container in the log has an ID that begins with 0123abcd-0123-5"* ]]
}

@test "text that senders and host processes wrote makes no event a container's" {
	run -1 --separate-stderr of forged --format raw "$A"
	[ -z "$output" ]
	[[ $stderr == "contidctl: 1 record is of no container here"*"contidctl: no such event: "* ]]
}

# --- whole events

@test "interleaved events of two machines with the same numbers, without EOE, are whole" {
	of interleaved --format raw "$A" >found
	{
		fixture interleaved | grep '^node=one .*:1)'
		fixture interleaved | grep '^node=two .*:4)'
	} | cmp - found
}

@test "a log that is cut everywhere gives what is left, and says so" {
	of cut --format raw "$A" >found 2>said
	run -0 serials <found
	[ "$output" = "71 73 76" ]
	[ "$(grep -c ':73)' found)" -eq 4 ]
	grep 'lines are no audit records' said
	for format in text csv json; do
		of cut --format $format "$A" >found
		[ -s found ]
	done
}

@test "an overlay mount's 35 records, and the 60 of a long command line, are one event each" {
	run -0 jq -c '[.serial, (.records | length)]' < <(of many --format json "$A")
	[ "${lines[*]}" = "[80,36] [81,63]" ]
	of many --format raw "$A" | cmp - <(fixture many)
}

@test "a record that comes long after the others of its event is printed by itself" {
	{
		fixture labels | grep ':11)' | grep -v 'type=\(EOE\|CWD\)'
		fixture labels | grep ':14)' | sed 's/1795600000/1795600005/'
		fixture labels | grep ':11)' | grep 'type=\(EOE\|CWD\)'
	} >late
	contidctl events --input late --format raw "$A" >found
	diff found <(grep ':11)' late)
	run -0 jq -c '[.records[].type]' < <(contidctl events --input late --format json "$A")
	[ "${lines[0]}" = '["SYSCALL","PATH","PROCTITLE"]' ]
	[ "${lines[1]}" = '["CWD"]' ]
}

# --- what is printed

@test "raw is byte for byte what is in the log" {
	of labels --format raw "$A" >found
	grep -aq $'\035' found
	fixture labels | grep -av ':1[24])' | cmp - found
}

@test "text is readable, a user message keeps all its words" {
	of labels "$A" >found
	grep -E "^type=SYSCALL msg=audit\(2026-11-25 [0-9:]*\.011 [+-][0-9]{4}:11\) : arch=x86_64 syscall=openat success=yes .* contid=$A\$" found
	grep -F "msg='avc:  denied  { send_msg } for msgtype=error" found
	grep -F "msg='text=hello contid=22222222-0123-4123-8123-0123456789ab'" found
	[ "$(grep -c '^----$' found)" -eq 13 ]
}

@test "csv has a header and one line for each event" {
	of labels --format csv "$A" >found
	[ "$(wc -l <found)" -eq 14 ]
	head -n 1 found | grep '^node,time,serial,type,contid,ocontid,pid,'
	grep "^,2026-11-25T09:46:40.011Z,11,SYSCALL,$A,,301,.*,cat,/usr/bin/cat,mk,opened-file,success,/etc/shadow,/usr/bin/cat\$" found
	grep "^,2026-11-25T09:46:40.010Z,10,KERNEL_OTHER,,$A,300,.*,register," found
	grep ",13,SYSCALL,\"$B,^$A\"," found
}

@test "json keeps what a sender says apart from what the kernel says" {
	of labels --format json "$A" >found
	[ "$(jq -s length <found)" -eq 13 ]
	jq -es --arg a "$A" 'map(select(.serial == 15))[0] | .contid == $a and
		.records[0].fields.contid == $a and .records[0].message.contid != $a' <found
	jq -es --arg b "$B,^$A" 'map(select(.serial == 13))[0].contid == $b' <found
	jq -es --arg a "$A" 'map(select(.serial == 16))[0] | .contid == null and .ocontid == $a' <found
}

@test "a byte 0x1D in a sender's text does not pass for auditd's interpretations" {
	of labels --format json "$A" >found
	# auditd wrote nothing behind it, the sender did
	jq -es 'map(select(.serial == 19))[0].records[0].fields.auid != "root"' <found
	# both did
	jq -es 'map(select(.serial == 20))[0].records[0].fields.auid == "alice"' <found
	jq -es 'map(select(.serial == 17))[0].records[0].fields.auid == "alice"' <found
}

@test "what a terminal might obey, and what is no UTF-8, is escaped but in raw" {
	printf "type=USER msg=audit(1795600000.001:1): contid=%s pid=1 uid=0 auid=0 ses=1 msg='a=\033[2J b=\377 \302\233'\n" "$A" >log
	contidctl events --input log --format raw "$A" | cmp - log
	for format in text csv json; do
		contidctl events --input log --format $format "$A" >found
		[ "$(LC_ALL=C grep -c $'[\033\377\233]' found)" -eq 0 ]
	done
	contidctl events --input log "$A" | grep -F 'a=\033[2J b=\377 \302\233'
}

@test "a line whose machine, type or operation a terminal might obey is shown without" {
	op="audit(1795600000.001:1): op=a\033[2J opid=1 ocontid=$A res=1 contid=$A\n"
	printf '%b' "type=KERNEL_OTHER msg=$op" "node=m\033[2J type=KERNEL_OTHER msg=$op" \
		"type=\233\000 msg=$op" >log
	for format in text csv json; do
		contidctl events --input log --format $format "$A" >found 2>said
		[ "$(LC_ALL=C grep -ac $'[\033\233]' found)" -eq 0 ]
		grep '2 lines are no audit records' said
	done
	contidctl events --input log --format csv "$A" | grep "KERNEL_OTHER,$A,$A,"
}

# --- which of them

@test "-k finds the events of a key, also if there are several or it is in hexadecimal" {
	{
		fixture labels | grep ':11)'
		fixture labels | grep ':11)' | sed 's/:11)/:1)/; s/"mk"/6F6E650174776F/'
		fixture labels | grep ':11)' | sed 's/:11)/:2)/; s/"mk"/(null)/'
	} >log
	run -0 serials < <(contidctl events --input log --format raw -k mk "$A")
	[ "$output" = 11 ]
	run -0 serials < <(contidctl events --input log --format raw -k two "$A")
	[ "$output" = 1 ]
	run -0 serials < <(contidctl events --input log --format raw -k tw -k mk "$A")
	[ "$output" = 11 ]
}

@test "-m finds the events that have a record of such a type" {
	run -0 serials < <(of labels --format raw -m OBJ_PID,USER_AVC "$A")
	[ "$output" = "16 23" ]
	run -0 serials < <(of labels --format raw -m 1316 -m USER "$A")
	[ "$output" = "10 15 18 19 20 24" ]
}

@test "--since and --until take the time of the event" {
	export TZ=UTC
	run -0 serials < <(of lives --format raw --since '2026-11-25 09:47:00' --until 2026-11-25T09:47:10 "$A")
	[ "$output" = "112 113 114" ]
	run -0 serials < <(of lives --format raw --since @1795600031 "$A")
	[ "$output" = 115 ]
	run -0 serials < <(of lives --format raw --until @1795600010.100 "$A")
	[ "$output" = 100 ]
	run -0 serials < <(of lives --format raw --since 2026-11-25 --until 2026-11-25 "$A")
	[ "${output##* }" = 115 ]
	run -1 of lives --format raw --since 2026-11-26 "$A"
	[[ $output == "contidctl: no such event: "* ]]
	for when in 1w 2026-13-01 @ '' -5 25:00; do
		run -2 of lives --since "$when" "$A"
	done
}

@test "several files are one log, in the order in which they are given" {
	fixture labels >all
	head -c 2000 all >first
	tail -c +2001 all >second
	# a line that is cut in two is two that are cut
	contidctl events --input all --format raw "$A" | grep -c . >whole
	contidctl events --input first --input second --format raw "$A" >found
	[ "$(grep -c . found)" -le "$(cat whole)" ]
	head -n 3 all >first
	tail -n +4 all >second
	contidctl events --input first --input second --format raw "$A" |
		cmp - <(contidctl events --input all --format raw "$A")
}

@test "the name of a container of podman or Docker stands for its ID" {
	id=0123abcd0123412381230123456789ab0123abcd0123412381230123456789ab
	mkdir -p /var/lib/containers/storage/overlay-containers "/var/lib/docker/containers/$id"
	echo "[{\"id\":\"${id/0123/ffff}\",\"names\":[\"db\"]},{\"id\":\"$id\",\"names\":[\"web\"]}]" \
		>/var/lib/containers/storage/overlay-containers/containers.json
	echo "{\"ID\":\"$id\",\"Name\":\"/shop\"}" >"/var/lib/docker/containers/$id/config.v2.json"
	for name in web shop; do
		of labels --format raw $name | cmp - <(of labels --format raw "$A")
	done
	run -1 of labels --format raw db
	[[ $output == "contidctl: no such event: "* ]]
	run -1 of labels nobody
	[[ $output == "contidctl: nobody: neither an ID"* ]]
}

@test "RUNTIME:NAME stands for the ID that is made of it" {
	# uuidgen --sha1 --namespace 6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21 --name lxc:web
	fixture labels | sed "s/$A/cbcb8a8f-7078-5a65-a6e2-31e2db8257f5/g" >named
	contidctl events --input named --format raw lxc:web >found
	sed "s/cbcb8a8f-7078-5a65-a6e2-31e2db8257f5/$A/g" found |
		cmp - <(of labels --format raw "$A")
	run -1 contidctl events --input named --format raw nspawn:web
	[[ $output == "contidctl: no such event: "* ]]
	for name in :web lxc: :; do
		run -1 contidctl events --input named "$name"
		[[ $output == "contidctl: $name: neither an ID"* ]]
	done
}

# --- failures

@test "a log that cannot be read ends with 1 and a reason" {
	run -1 contidctl events --input nowhere "$A"
	[ "$output" = "contidctl: nowhere: No such file or directory" ]
	run -1 contidctl events --input . "$A"
	[ "$output" = "contidctl: .: Is a directory" ]
	mkdir -p "${audit_log%/*}"
	: >"$audit_log"
	chmod 600 "$audit_log"
	run -1 setpriv --reuid 65534 --clear-groups contidctl events "$A"
	[[ $output == *"contidctl: $audit_log: Permission denied: the audit log is for root,"* ]]
}

@test "output that cannot be written ends with 1" {
	run -1 sh -c "contidctl events --input - $A >/dev/full" < <(fixture many)
	[[ $output == *"No space left on device" ]]
}

# --- size

# many_events COUNT: as many events, one in ten of A, all in one moment and without
# an end; many_events COUNT EOE: one each millisecond, complete
many_events() {
	awk -v count="$1" -v eoe="${2:-}" -v a="$A" 'BEGIN {
		for (i = 1; i <= count; i++) {
			stamp = sprintf("%d.%03d:%d", 1795600000 + (eoe ? i / 1000 : 0), eoe ? i % 1000 : 1, i)
			printf "type=SYSCALL msg=audit(%s): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd0836ce9c a2=0 a3=0 items=1 ppid=300 pid=301 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=2 comm=\"cat\" exe=\"/usr/bin/cat\" subj=unconfined key=\"mk\"%s\n", stamp, i % 10 ? "" : " contid=" a
			printf "type=CWD msg=audit(%s): cwd=\"/\"\n", stamp
			if (eoe)
				printf "type=EOE msg=audit(%s): \n", stamp
		}
	}'
}

@test "memory does not grow with the log" {
	many_events 200000 >log # 70 MB
	(
		ulimit -v 60000
		[ "$(contidctl events --input log --format raw "$A" | wc -l)" -eq 40000 ]
		[ "$(contidctl events --input log --format csv --until @1795600000 -k mk "$A" | wc -l)" -eq 20001 ]
		# a line without an end
		[ "$( (tr '\0' x </dev/zero | head -c 100000000; echo; head -n 20 log) |
			contidctl events --input - --format raw "$A" | wc -l)" -eq 2 ]
	)
}

# cpu COMMAND...: milliseconds of processor time that it takes
cpu() {
	local TIMEFORMAT='%3U %3S'

	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print int(($1 + $2) * 1000) }'
}

@test "it is at least as fast as ausearch --raw" {
	many_events 70000 EOE >log
	theirs=$(cpu ausearch --raw --input log)
	ours=$(cpu contidctl events --input log --format raw "$A")
	echo "# 210,000 records: ausearch $theirs ms, events $ours ms" >&3
	[ "$ours" -le "$theirs" ]
}
