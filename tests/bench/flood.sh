#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# flood.sh: what a container that floods audit costs those beside it, without and with a
# limit. Runs in a test machine: make vm SCRIPT=tests/bench/flood.sh. Prints a line for each
# case: what a call of the host and one of another container took, and what was lost.
#
#   COUNT=200   calls of each, ten a second
set -u

# shellcheck source=tests/lib/common.bash
BATS_TEST_DIRNAME=$PROJECT/tests/suites/records . "$PROJECT/tests/lib/common.bash"

cd "$(mktemp -d)" || exit
echo >watched
auditctl -a always,exit -F arch=b64 -S openat -F "path=$PWD/watched" -k flood >/dev/null

# lost_by CONTID
lost_by() { contidctl list --json | jq ".[] | select(.contid == \"$1\") | .lost"; }

# case NAME WAIT LIMIT THREADS: with audit's backlog_wait_time, A's limit and threads
case_of() {
	local lost loud=() keepers=() contid

	for contid in "$A" "$B"; do
		contidctl run "$contid" -- sleep 100000 &
		until_true "contidctl list | grep -q ^$contid"
		until_true child_of $!
		keepers+=("$child" $!)
	done
	[[ $3 -eq 0 ]] || contidctl rate "$A" "$3" 20
	auditctl -b 64 --backlog_wait_time "$2" >/dev/null
	lost=$(auditctl -s | sed -n 's/^lost //p')
	if [[ $4 -gt 0 ]]; then
		contidctl run --join "$A" -- clamour watched "threads=$4" >loud &
		until_true is_there loud
		loud=($!)
		until_true child_of "$!"
		loud=("$child" "${loud[@]}")
	fi
	contidctl run --join "$B" -- clamour watched every=100000 "count=${COUNT:-200}" >quiet &
	clamour watched every=100000 "count=${COUNT:-200}" >host
	wait $!
	echo "$1: host $(tail -n 1 host); container $(tail -n 1 quiet); lost: machine" \
		"$(($(auditctl -s | sed -n 's/^lost //p') - lost)), loud $(lost_by "$A") of" \
		"$(contidctl list --json | jq ".[] | select(.contid == \"$A\") | .asked"), other container $(lost_by "$B")"
	kill -9 "${loud[@]}" "${keepers[@]}" 2>/dev/null
	wait 2>/dev/null
	until_true no_containers
}

case_of "nobody floods" 60000 0 0
case_of "a flood, no limit, audit waits" 60000 0 4
case_of "a flood, no limit, audit does not wait" 0 0 4
case_of "a flood, limit 100, audit waits" 60000 100 4
case_of "a flood, limit 100, audit does not wait" 0 100 4
auditctl -D >/dev/null
auditctl -b 8192 --backlog_wait_time 60000 >/dev/null
