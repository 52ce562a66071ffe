#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Logs in which somebody tries to pass for another container, or to hide his own
# deeds: also logs of machines that have no module, or had an older one.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# nft SERIAL NAME [MORE]: the kernel's record of a table, whose name it prints as it is
nft() {
	line NETFILTER_CFG "$1" "table=$2 family=2 entries=0 op=nft_register_table pid=77 subj=unconfined comm=\"nft\"${3:-}"
}

# of_nobody LOG: no event of it is A's or B's, nor does report know either
of_nobody() {
	[ -z "$(found_in "$1" "$A")" ]
	[ -z "$(found_in "$1" "$B")" ]
	contidctl report --format json --input "$1" 2>/dev/null |
		holds '.containers == []'
}

@test "a separator in a table's name gives a host process's record to no container" {
	{
		nft 1 "x contid=$B$GS"
		nft 2 "x contid=$B${GS}UID=\"root\""
		nft 3 "x contid=$B${GS}UID=\""
		nft 4 "x contid=$B${GS}SADDR={"
		nft 5 "x contid=$B${GS}UID=\"root\"$GS"
	} >log
	of_nobody log
}

@test "a separator in a table's name does not give a container's record to another" {
	{
		nft 1 "x contid=$B$GS" " contid=$A"
		nft 2 "x contid=$B${GS}UID=\"root\"" " contid=$A"
		nft 3 "x contid=$B$GS" " contid=$A${GS}UID=\"root\""
	} >log
	[ -z "$(found_in log "$B")" ]
	contidctl report --format json --input log 2>/dev/null |
		holds "[.containers[].contid] | index(\"$B\") == null"
}

@test "records that control bytes make doubtful are counted on stderr, with the first" {
	{
		nft 3 "x contid=$B$GS"
		nft 4 "y contid=$B$GS" " contid=$A"
		nft 5 "z$GS" # says nothing of a container
		nft 6 fine " contid=$A"
	} >log
	for command in "events $A" report; do
		# shellcheck disable=SC2086 # several words
		run -0 --separate-stderr contidctl $command --input log
		# shellcheck disable=SC2154 # bats sets it
		[[ $stderr == *"2 records are of no container here, as control bytes in their text"* ]]
		[[ $stderr == *"audit(1795600000.003:3)"* ]]
	done
	[ "$(found_in log "$A")" = 6 ]
}

@test "a field of another's in the middle of a record is a part of the name that has it" {
	{
		nft 1 "x contid=$B" " contid=$A"
		nft 2 "x contid=$B"
	} >log
	[ "$(found_in log "$A")" = 1 ]
	[ -z "$(found_in log "$B")" ]
	contidctl events --input log --format json "$A" |
		holds ".contid == \"$A\" and .records[0].fields.contid == \"$A\" and
			.records[0].fields.table == \"x contid=$B\""
}

@test "every other control byte in a name leaves the record with its container" {
	for byte in 01 02 07 08 09 0b 0c 0d 1b 1c 1e 1f 7f; do
		nft $((16#$byte)) "x contid=$B$(printf '%b' "\\x$byte")contid=$B" " contid=$A"
		nft $((16#$byte + 200)) "x$(printf '%b' "\\x$byte")contid=$B"
	done >log
	[ "$(found_in log "$A" | wc -w)" -eq 13 ]
	[ -z "$(found_in log "$B")" ]
}

@test "what auditd adds to a container's record leaves it with the container" {
	{
		line SYSCALL 1 "arch=c000003e syscall=257 success=yes uid=0 key=\"mk\" contid=$A${GS}ARCH=x86_64 SYSCALL=openat AUID=\"alice\" UID=\"root\""
		line SYSCALL 2 "arch=c000003e syscall=999 auid=7 contid=$A${GS}ARCH=x86_64 SYSCALL=unknown-syscall(999) AUID=\"unknown(7)\""
		line SYSCALL 3 "arch=c000003e syscall=257 auid=7 contid=$A${GS}ARCH=x86_64 SYSCALL=openat AUID=646F6D61696E2075736572"
		line ANOM_PROMISCUOUS 4 "dev=eth0 prom=256 old_prom=0 auid=7 uid=0 gid=0 ses=2 contid=$A${GS}AUID=\"bob\" UID=\"root\" GID=\"root\""
		line URINGOP 5 "uring_op=18 success=yes exit=5 items=1 ppid=1 pid=7 uid=0 gid=0 key=\"u\" contid=$A${GS}URING_OP=openat UID=\"root\" GID=\"root\""
		line CONFIG_CHANGE 6 "op=x id=0 contid=$A${GS}ID=\"root\""
	} >log
	[ "$(found_in log "$A")" = "1 2 3 4 5 6" ]
}

@test "a device's name with a separator hides nothing in silence" {
	{
		line ANOM_PROMISCUOUS 1 "dev=a${GS}b prom=256 old_prom=0 auid=7 uid=0 gid=0 ses=2 contid=$A"
		line ANOM_PROMISCUOUS 2 "dev=a${GS}b prom=256 old_prom=0 auid=7 uid=0 gid=0 ses=2 contid=$A${GS}AUID=\"bob\" UID=\"root\""
	} >log
	run -1 --separate-stderr contidctl events --input log "$A"
	[[ $stderr == *"2 records are of no container here"* ]]
}

@test "an LSM's name for an object does not pass for its container" {
	{
		line OBJ_PID 1 "opid=301 oauid=7 ouid=0 oses=2 obj=x ocontid=$B (enforce) ocomm=\"cat\" ocontid=$A"
		line OBJ_PID 2 "opid=301 oauid=7 ouid=0 oses=2 obj=x ocontid=$B (enforce) ocomm=\"cat\""
		line OBJ_PID 3 "opid=301 oauid=7 ouid=0 oses=2 obj=x ocontid=$B${GS}OUID=\"root\" ocomm=\"cat\" ocontid=$A"
	} >log
	[ "$(found_in log "$A")" = 1 ]
	[ -z "$(found_in log "$B")" ]
}

@test "an LSM's name for the subject of an operation does not pass for its object" {
	for op in unlabelled load hooks; do
		line KERNEL_OTHER 1 "op=$op opid=301 nsdev=0:4 ppid=1 pid=301 auid=0 uid=0 comm=\"x\" exe=\"/x\" subj=x ocontid=$B old-ocontid=$B (enforce) res=1" >log
		[ -z "$(found_in log "$B")" ]
		contidctl report --format json --input log | holds '.containers == []'
		run contidctl events --all --format text --input log
		[[ $output != *"$B"* ]]
	done
}

@test "a record of auditd's own is of no container" {
	line DAEMON_END 1 "op=terminate auid=0 pid=1 subj=x contid=$B" >log
	of_nobody log
}

@test "an LSM's name for the subject of an operation does not pass for its outcome" {
	for op in register adopt drop; do
		line KERNEL_OTHER 1 "op=$op opid=30 ocontid=$A old-ocontid=-1 ppid=1 pid=7 auid=0 uid=0 comm=\"x\" exe=\"/x\" subj=evil res=1 y= (enforce) res=0" >log
		line SYSCALL 2 "arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=30 uid=0 exe=\"/x\" key=(null) contid=$A" >>log
		run contidctl events --input log --format raw --success yes "$A"
		[ "$(serials <<<"$output")" = 2 ]
		run contidctl events --input log --format raw --success no "$A"
		[ "$(serials <<<"$output")" = 1 ]
		run contidctl events --input log --format raw --entered "$A"
		[ -z "$(serials <<<"$output")" ]
		run --separate-stderr contidctl tree --json --input log "$A"
		holds '.processes | all(.how != "entered" and .how != "registered" and .end == null)' <<<"$output"
		run --separate-stderr contidctl check --profile srg-ctr --format json --input log
		holds '.controls[] | select(.id == "SRG-APP-000510-CTR-001310" or .id == "SRG-APP-000507-CTR-001295") |
			.result == "fail"' <<<"$output"
	done
}

# hex BYTES: in capital digits
hex() {
	printf '%b' "$1" | od -An -tx1 -v | tr -d ' \n' | tr a-f A-F
}

# address BYTES: as the kernel prints a local socket's
address() {
	printf '0100'
	hex "$1"
	echo 00
}

@test "lines that auditd prints out of a socket's address are nobody's" {
	forged="type=USER msg=audit(1.0:1): contid=$B pid=1 uid=0 msg='x"
	for path in "/x\\n$forged" "/x'\\n$forged" "/x }\\n$forged" "/x\\nmore\\n$forged"; do
		{
			line SOCKADDR 1 "saddr=$(address "$path")${GS}SADDR={ saddr_fam=local path=$(printf '%b' "$path") }"
			line USER 2 "contid=$A pid=2 uid=0 msg='saddr=$(address "$path")'${GS}UID=\"root\" SADDR={ saddr_fam=local path=$(printf '%b' "$path") }"
			line USER 3 "contid=$A pid=2 uid=0 msg='behind'"
		} >log
		[ -z "$(found_in log "$B")" ]
		[ "$(found_in log "$A")" = "2 3" ]
		run -0 --separate-stderr contidctl events --input log "$A"
		[[ $stderr == *"lines are of a socket's address, not of auditd, and were passed over"* ]]
	done
}

@test "nobody hides the next record by an address that does not continue in it" {
	path="/'\\ntype=USER"
	{
		line USER 1 "contid=$B pid=2 uid=0 msg='saddr=$(address "$path")${GS}SADDR={ saddr_fam=local path=/'"
		line USER 2 "contid=$A pid=2 uid=0 msg='behind'"
	} >log
	[ "$(found_in log "$A")" = 2 ]
}

# printed SERIAL ADDRESSES PRINTED: a user message of A's with these fields, and what auditd adds
printed() {
	line USER "$1" "contid=$A pid=2 uid=0 msg='$2'${GS}UID=\"root\" $(printf '%b' "$3")"
}

# only_a SERIALS: no event in "log" is B's, and these are A's
only_a() {
	line USER 9 "contid=$A pid=2 uid=0 msg='behind'" >>log
	cat -v log
	[ -z "$(found_in log "$B")" ]
	[ "$(found_in log "$A")" = "$1 9" ]
}

forged="type=USER msg=audit(1.0:1): contid=$B pid=1 uid=0 msg='x"
local="SADDR={ saddr_fam=local path="

@test "a carriage return before its newline does not make an address's line believed" {
	path="/x\\r\\n$forged"
	line SOCKADDR 1 "saddr=$(address "$path")$GS$(printf '%b' "$local$path") }" >log
	printed 2 "saddr=$(address "$path")" "$local$path }" >>log
	only_a 2
}

@test "a path that auditd cuts does not make its last line believed" {
	path="/x\\n$forged"
	path=$(printf '%b%0200d' "$path" 0)
	for all in "${path::126}" "${path::200}"; do
		# the newer auditd, and the older
		for auditd in "${path::108}" "$all"; do
			printed 2 "saddr=0100$(hex "$all")" "$local$auditd }" >log
			only_a 2
		done
	done
}

@test "another address before or behind it does not make an address's line believed" {
	path="/x\\n$forged"
	decoy=0100$(hex "/x\\nother")
	for field in "saddr=" "xsaddr="; do
		printed 2 "saddr=$(address "$path") $field$decoy" "$local$path }" >log
		printed 3 "$field$decoy saddr=$(address "$path")" "$local$path }" >>log
		only_a "2 3"
	done
}

@test "an address that would end where another goes on does not hide that one" {
	path="/x\\na }\\n$forged"
	printed 2 "xsaddr=0100$(hex "/x\\na") saddr=$(address "$path")" "$local$path }" >log
	only_a 2
	# and one that would go on where the other ends
	path="/y\\n$forged"
	printed 2 "saddr=0100$(hex "/x\\na") saddr=$(address "$path") xsaddr=$(address "/x\\na } $local/y\\nb")" \
		"$local/x\\na } $local$path }" >log
	only_a 2
}

@test "a second address behind the end of the first does not make its line believed" {
	path="/y\\n$forged"
	printed 2 "saddr=$(address "/x\\n$forged") saddr=$(address "$path")" \
		"$local/x\\n$forged } $local$path }" >log
	printed 3 "saddr=$(address "/x") saddr=$(address "$path")" "$local/x } $local$path }" >>log
	only_a "2 3"
}

@test "an address of AX.25 or X.25 that breaks the line does not hide the next one" {
	path="/y\\n$forged"
	fields="saddr=$(address "$path")"
	printed 2 "saddr=0900$(hex "1\\n2")00000000 $fields" "SADDR={ saddr_fam=x25 laddr=1\\n2 } $local$path }" >log
	printed 3 "saddr=0300$(hex "1\\n34567")00000000 $fields" "SADDR={ saddr_fam=ax25 call=1\\n34567 } $local$path }" >>log
	printed 4 "saddr=0300$(hex "1\\n2")00000000 $fields" "SADDR={ saddr_fam=ax25 call=1\\n2 $local$path }" >>log
	only_a "2 3 4"
}

@test "an odd digit at the end does not make an address's line believed" {
	path="/x\\n$forged"
	printed 2 "saddr=0100$(hex "$path")7" "$local${path}p }" >log
	only_a 2
}
