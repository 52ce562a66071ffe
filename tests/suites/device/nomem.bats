#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Each allocation of the module fails, one after the other: what was asked for is
# refused as documented or done in full, and nobody runs without the label.
# depends on: kernel
# flavour: debug
# vm: alone

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

failslab=/sys/kernel/debug/failslab
modules=(0xffffffffa0000000 0xffffffffff000000)

setup() {
	modprobe audit_contid
	log_mark
	# what is not waited for and what is, of the module and of what it calls
	echo 0 >"$failslab/ignore-gfp-wait"
	echo 1 >"$failslab/verbose"
	echo "${modules[0]}" >"$failslab/require-start"
	echo "${modules[1]}" >"$failslab/require-end"
	depth 32
}

teardown() {
	echo 0 >"$failslab/probability"
	echo 0 >"$failslab/task-filter"
	echo 0 >"$failslab/require-end"
	echo 0 >"$failslab/require-start"
	modprobe audit_contid
	until_true no_containers
}

# depth N: only if the module is among the last N callers
depth() { echo "$1" >"$failslab/stacktrace-depth"; }

# all_fail TIMES: not one after the other, but each of a process that has said so
all_fail() {
	echo 1 >"$failslab/task-filter"
	echo 1 >"$failslab/interval"
	echo "$1" >"$failslab/times"
	echo 100 >"$failslab/probability"
}

no_containers() { [ "$(contidctl stats --json | jq .containers)" -eq 0 ]; }

# some_failed ERRNOS: it came to failures at all; after each it had one of these,
# 0 if it was done all the same
some_failed() {
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 1 ]
	[ "$(grep -cvE "^[0-9]+ ($1)\$" <<<"$output")" -eq 0 ]
}

@test "no memory: a registration is done or refused with ENOMEM, and changes nothing then" {
	run fail_nth register
	some_failed '0|ENOMEM'
	[[ $output == *ENOMEM* ]]
}

@test "no memory: a join is done or refused with ENOMEM" {
	run fail_nth join
	some_failed '0|ENOMEM'
}

@test "no memory: of a tree all are registered, or none and ENOMEM, and nobody is killed" {
	run fail_nth tree
	some_failed '0|ENOMEM'
	[[ $output == *ENOMEM* ]]
}

@test "no memory at hand and no reserve: a tree of any size lives, and all of it is registered" {
	# loaded anew, it has no entries of the dead to use again
	modprobe -r audit_contid
	modprobe audit_contid
	killed=$(contidctl stats --json | jq .inherit_failed)
	# only what cannot wait for memory fails, which is all that a walk may ask for
	echo 1 >"$failslab/ignore-gfp-wait"
	all_fail 100000
	run fail_nth stock
	left=$(cat "$failslab/times")
	echo 0 >"$failslab/probability"
	echo "$output; $((100000 - left)) allocations failed"
	[ "$output" = "0 carrying 400 of 400" ]
	[ "$(contidctl stats --json | jq .inherit_failed)" -eq "$killed" ]
	# each of those that had none at hand failed twice, for itself and before the reserve
	[ $((100000 - left)) -gt 512 ]
}

@test "no memory: list and stats say ENOMEM" {
	# what is copied to the caller may fault, and that needs memory as well
	run fail_nth list
	some_failed '0|ENOMEM'
	[[ $output == *ENOMEM* ]]
	run fail_nth stats
	some_failed '0|ENOMEM'
	[[ $output == *ENOMEM* ]]
}

@test "no memory: a child in a container is born with its label from the reserve" {
	# loaded anew, it has no entries of the dead to use again, and has to allocate
	modprobe -r audit_contid
	modprobe audit_contid
	run fail_nth fork
	some_failed 0
}

@test "no memory: a process that enters a container carries its label, or is killed" {
	run fail_nth enter
	some_failed '0|ESRCH'
}

@test "no memory and no reserve: a child in a container is killed, and counted" {
	all_fail -1
	failed=$(contidctl stats --json | jq .inherit_failed)
	run fail_nth reserve
	echo 0 >"$failslab/probability"
	echo "$output"
	[ "$status" -eq 0 ]
	read -r _ born _ killed <<<"$output"
	[ "$born" -gt 0 ]
	[ "$killed" -gt 0 ]
	[ "$((born + killed))" -eq 400 ]
	# not by its records: there may have been no memory for them either
	[ $(($(contidctl stats --json | jq .inherit_failed) - failed)) -eq "$killed" ]
}

@test "no memory: a thread that would have to wait for a limit goes on, and is counted" {
	cd "$BATS_TEST_TMPDIR"
	echo >watched
	rule -S openat -F "path=$PWD/watched"
	unheld=$(contidctl stats --json | jq .unheld)
	echo 1 >/sys/module/audit_contid/parameters/rate
	all_fail -1
	timeout 60 contidctl run "$A" -- clamour watched count=20 fail >out
	echo 0 >"$failslab/probability"
	echo 0 >/sys/module/audit_contid/parameters/rate
	end_rules
	grep '^20 opened' out
	[ "$(contidctl stats --json | jq .unheld)" -gt "$unheld" ]
}

@test "no memory: a load is refused with ENOMEM, and the next one is not" {
	modprobe -r audit_contid
	file=$(modinfo -n audit_contid)
	case $file in
	*.xz)
		xz -dc "$file" >"$BATS_TEST_TMPDIR/audit_contid.ko"
		file=$BATS_TEST_TMPDIR/audit_contid.ko
		;;
	esac
	# what ftrace and kprobes do without memory is their affair
	depth 6
	run fail_nth load "$file"
	some_failed '0|ENOMEM|EOPNOTSUPP'
}
