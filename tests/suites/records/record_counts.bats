#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What "contidctl list" counts, against what is in the log.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	auditctl -D >/dev/null
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k t >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo work ready lives
	runners=()
	log_mark
}

teardown() {
	[[ -z ${auditd:-} ]] || kill -CONT "$auditd"
	auditctl -D >/dev/null
	auditctl -r 0 >/dev/null
	auditctl -b 8192 --backlog_wait_time 60000 >/dev/null
	exec 5>&- 6>&- 7>&-
	[[ ${#runners[@]} -eq 0 ]] || wait "${runners[@]}"
}

# container CONTID: one that makes 20 directories per line of the pipe "work",
# and says when it has
container_works() {
	# shellcheck disable=SC2016 # of the shell in the container
	contidctl run "$1" -- sh -c 'while read -r dir; do
		mkdir "$dir-"; threads_mkdir 1 20 "$dir-"; echo >ready; done <work' 3>&- 5>&- 6>&- 7>&- &
	runners+=("$!")
	exec 5>work 6<>ready
}

# works: have it do so once
works() {
	echo "$RANDOM$RANDOM" >&5
	timeout 60 head -n 1 <&6
}

# counted CONTID FIELD
counted() {
	contidctl list --json | jq ".. | objects | select(.contid == \"$1\") | .$2"
}

@test "asked and written are what the log has, and the end of each event" {
	container_works "$A"
	works
	log_mark
	asked=$(counted "$A" asked)
	written=$(counted "$A" written)
	works
	asked=$(($(counted "$A" asked) - asked))
	written=$(($(counted "$A" written) - written))
	events 'name=".*/0-[0-9]*"|comm="mkdir"' >made
	[ "$(type SYSCALL <made | wc -l)" -eq 21 ]
	# SYSCALL, CWD, two PATH, PROCTITLE, and EOE, which auditd does not write
	[ "$(wc -l <made)" -eq $((21 * 5)) ]
	[ "$asked" -eq $((21 * 6)) ]
	[ "$written" -eq $((21 * 6)) ]
	[ "$(counted "$A" lost)" -eq 0 ]
}

@test "records that an exclude rule keeps out are neither written nor lost" {
	container_works "$A"
	works
	asked=$(counted "$A" asked)
	auditctl -a always,exclude -F msgtype=CWD >/dev/null
	works
	[ "$(counted "$A" asked)" -eq $((asked + 21 * 5)) ]
	[ "$(counted "$A" lost)" -eq 0 ]
	[ "$(counted "$A" unplaced)" -eq 0 ]
}

@test "a full backlog: the container whose records were lost is the one that shows it" {
	contidctl run "$B" -- sh -c 'mkdir quiet; echo >quiet.done; exec cat' <lives 3>&- &
	runners+=("$!")
	exec 7>lives
	container_works "$A"
	timeout 60 sh -c 'until [ -s quiet.done ]; do sleep 0.02; done'
	lost_before=$(auditctl -s | sed -n 's/^lost //p')
	auditctl -b 8 --backlog_wait_time 0 >/dev/null
	auditd=$(pidof auditd)
	kill -STOP "$auditd"
	for ((i = 0; i < 200; i++)); do
		works
		[[ $(counted "$A" lost) -eq 0 ]] || break
	done
	kill -CONT "$auditd"
	lost=$(counted "$A" lost)
	[ "$lost" -gt 0 ]
	[ "$(counted "$B" asked)" -gt 0 ]
	[ "$(counted "$B" lost)" -eq 0 ]
	# audit's own number is that of the whole machine
	[ $(($(auditctl -s | sed -n 's/^lost //p') - lost_before)) -ge "$lost" ]
}

@test "a rate limit: a record that it drops does not count as written" {
	container_works "$A"
	works
	log_mark
	asked=$(counted "$A" asked)
	written=$(counted "$A" written)
	auditctl -r 20 >/dev/null
	works
	auditctl -r 0 >/dev/null
	asked=$(($(counted "$A" asked) - asked))
	written=$(($(counted "$A" written) - written))
	[ "$asked" -eq $((21 * 6)) ]
	[ "$written" -lt "$asked" ]
	[ "$(counted "$A" lost)" -eq $((asked - written)) ]
	# auditd writes all of them but EOE, of which there is one at most for each event
	logged=$(log | LC_ALL=C awk '{ match($0, /audit\([0-9.]+:[0-9]+\)/); id = substr($0, RSTART, RLENGTH) }
		/^type=CONFIG_CHANGE / { of_auditctl[id] = 1 }
		/^type=(SYSCALL|CWD|PATH|PROCTITLE) / { count[id]++ }
		END { for (id in count) if (!(id in of_auditctl)) sum += count[id]; print sum + 0 }')
	echo "asked $asked, written $written, in the log $logged"
	[ "$written" -ge "$logged" ]
	[ "$written" -le $((logged + 21)) ]
}

@test "the counts go on in a nested container, each for its own" {
	container_works "$A"
	works
	before=$(counted "$A" asked)
	echo "nested-$B" >&5
	timeout 60 head -n 1 <&6
	[ "$(counted "$A" asked)" -eq $((before + 21 * 6)) ]
}
