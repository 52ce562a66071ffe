#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Records of packets in a log: netcontid= names containers that the packet has come to.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# packet SERIAL FIELD...: a record of one, which ends with these
packet() {
	line NETFILTER_PKT "$1" "mark=0x0 saddr=10.9.0.1 daddr=10.9.0.2 proto=1${2:+ $2}"
}

# netcontid LOG: what JSON has of each event of any container
netcontid() { contidctl events --all --format json --input "$1" | jq -c .netcontid; }

@test "each container that a packet has come to finds it, and so do those around it" {
	{
		packet 1 "netcontid=$A"
		packet 2 "netcontid=$A,$B"
		packet 3 "netcontid=$B,^$A,$C"
		packet 4 "netcontid=$B,$C,?"
		packet 5 "netcontid=?"
		packet 6
	} >log
	[ "$(found_in log "$A")" = "1 2 3" ]
	[ "$(found_in log "$B")" = "2 3 4" ]
	[ "$(found_in log "$C")" = "3 4" ]
	[ "$(contidctl events --all --format raw --input log | serials)" = "1 2 3 4" ]
}

@test "JSON has them as an array, and one alone as the object, too" {
	{
		packet 1 "netcontid=$B,^$A"
		packet 2 "netcontid=$A,$B,^$C,?"
		line MAC_STATUS 3 "enforcing=0 contid=$A"
	} >log
	[ "$(netcontid log | head -1)" = "[\"$B,^$A\"]" ]
	[ "$(netcontid log | sed -n 2p)" = "[\"$A\",\"$B,^$C\",null]" ]
	[ "$(netcontid log | sed -n 3p)" = null ]
	contidctl events --all --format json --input log | jq -e -s \
		"map([.contid, .ocontid]) == [[null, \"$B,^$A\"], [null, null], [\"$A\", null]]"
}

@test "report counts a packet as something that was done to each" {
	{
		packet 1 "netcontid=$A,$B"
		packet 2 "netcontid=$B"
	} >log
	contidctl report --format json --input log |
		holds "[.containers[] | {(.contid): .acted_upon}] | add == {\"$A\": 1, \"$B\": 2}"
}

@test "what is no list of containers, or not the last field, or of another type, finds nothing" {
	{
		packet 1 "netcontid=$A,"
		packet 2 "netcontid=$A,x"
		packet 3 "netcontid=^$A"
		packet 4 "netcontid=$A len=3"
		packet 5 "netcontid=,$A"
		packet 6 "netcontid=$A,?,$B"
		packet 7 "netcontid=${A%?}"
		packet 8 "contid=$A"
		packet 9 "netcontid=$A,^"
		line USER 10 "pid=1 uid=0 msg='netcontid=$A'"
		line NETFILTER_CFG 11 "table=x family=2 netcontid=$A"
		line KERNEL_OTHER 12 "op=x netcontid=$A"
	} >log
	[ "$(found_in log "$A")" = "" ]
	[ -z "$(netcontid log)" ]
}

@test "a separator in front of another word hides no container and makes none" {
	{
		packet 1 "x=${GS}netcontid=$A"
		packet 2 "x=${GS}y netcontid=$A"
		packet 3 "netcontid=$B${GS}netcontid=$A"
		packet 4 "netcontid=$A${GS}SADDR={"
	} >log
	[ -z "$(found_in log "$B")" ]
	[ "$(found_in log "$A")" = "" ]
}

@test "text shows the field as it is" {
	packet 1 "netcontid=$A,$B,?" >log
	contidctl events --input log "$B" | grep -F " netcontid=$A,$B,?"
}
