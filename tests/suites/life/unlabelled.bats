#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# op=unlabelled: a PID namespace's process 1 that executes something without a label.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# How often it is on record is counted by the same lines on each kernel.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

parameter=/sys/module/audit_contid/parameters/unlabelled

teardown_file() {
	echo Y >"$parameter"
}

# unlabelled: the records since log_mark
unlabelled() {
	log | grep -a '^type=KERNEL_OTHER .*: op=unlabelled ' | sed 's/\o35.*//'
}

count() { contidctl stats --json | jq ".$1"; }

# once COMMAND...: it leaves one such record, which is in $record
once() {
	log_mark
	"$@"
	record=$(unlabelled)
	echo "$record"
	[ "$(wc -l <<<"$record")" -eq 1 ]
	[ -n "$record" ]
}

# never COMMAND...: it leaves none
never() {
	local before

	before=$(count unlabelled)
	log_mark
	"$@"
	[ "$(unlabelled | wc -l)" -eq 0 ]
	[ "$(count unlabelled)" -eq "$before" ]
}

# bats test_tags=everywhere
@test "the first program of a PID namespace is on record, with its namespaces" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	once unshare --pid --mount --fork --mount-proc sh -c 'readlink /proc/self/ns/pid >"$0"' \
		"$BATS_TEST_TMPDIR/pid"
	ns=$(tr -dc 0-9 <"$BATS_TEST_TMPDIR/pid")
	[[ $record =~ :\ op=unlabelled\ opid=([0-9]+)\ nsdev=.*\ pidns=$ns\ .*\ pid=([0-9]+)\  ]]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
	[[ $record == *' comm="sh" exe="'*'sh" '*' res=1' ]]
	[[ $record != *contid=* ]]
}

@test "once for each namespace, whatever else its process 1 executes" {
	before=$(count unlabelled)
	once unshare --pid --fork sh -c 'exec sh -c "exec sh -c \"exec true\""'
	[[ $record == *' comm="sh" '* ]]
	once unshare --pid --fork sh -c 'true; ls >/dev/null; (exec true); exec true'
	[ "$(count unlabelled)" -eq $((before + 2)) ]
	[ "$(count unlabelled_passed)" -eq 0 ]
}

# bats test_tags=everywhere
@test "for each of several namespaces, nested ones too" {
	log_mark
	unshare --pid --fork unshare --pid --fork true
	"$bin/spawn" pid_namespace 3 /bin/true
	unlabelled
	[ "$(unlabelled | wc -l)" -eq 5 ]
}

@test "of an ordinary user, too" {
	once plain_user unshare --user --map-root-user --pid --fork true
	[[ $record == *' uid=65534 '* ]]
}

# bats test_tags=everywhere
@test "what carries an ID leaves none, inherited or registered" {
	never contidctl run "$A" -- unshare --pid --fork sh -c 'exec true'
	never contidctl run "$A" -- unshare --pid --fork unshare --pid --fork true
}

@test "other processes leave none: of the host, and those that enter a PID namespace" {
	never sh -c 'true; exec true'
	start_init
	never nsenter -t "$init" -p sh -c 'true; exec true'
}

# start_init: process 1 of a namespace, $init outside, that makes children on demand
start_init() {
	with=(unshare --pid --fork --kill-child)
	start children
	init=$(pgrep -n -f "^$bin/target children")
	jobs+=("$init")
}

@test "a process that is on record can be registered, and all is as ever" {
	stale=$(count stale)
	log_mark
	start_init
	[ "$(unlabelled | wc -l)" -eq 1 ]
	answers "OK none -1" "$ioctl" get "pid=$init"
	child
	answers OK "$ioctl" register tree "pid=$init" "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=$init"
	second=$(pgrep -P "$init")
	answers "OK inherited $A" "$ioctl" get "pid=$second"
	log_mark
	kill -9 "$init"
	wait_for no_containers
	[ "$(log | grep -ac ": op=drop .*ocontid=$A ")" -eq 1 ]
	[ "$(count stale)" -eq "$stale" ]
}

# bats test_tags=everywhere
@test "the module can be unloaded while such a process lives" {
	start_init
	reload
	answers "OK none -1" "$ioctl" get "pid=$init"
	answers OK "$ioctl" register "pid=$init" "contid=$A"
}

@test "the parameter switches it off, and on again" {
	echo N >"$parameter"
	never unshare --pid --fork true
	echo Y >"$parameter"
	once unshare --pid --fork true
	reload unlabelled=0
	never unshare --pid --fork true
}

@test "monitor prints it" {
	contidctl monitor >"$BATS_TEST_TMPDIR/monitor" 3>&- &
	jobs+=($!)
	until_true "unshare --pid --fork true; grep -E ' unlabelled pid=[0-9]+ by=true\\[[0-9]+\\] ' $BATS_TEST_TMPDIR/monitor"
}

@test "many in a short time: some are passed over, and each is counted" {
	# from here on the limit is fresh, and for other suites afterwards
	reload
	seen=$(count unlabelled) passed=$(count unlabelled_passed)
	log_mark
	"$bin/spawn" pid_namespace 200 /bin/true
	recorded=$(unlabelled | wc -l)
	seen=$(($(count unlabelled) - seen)) passed=$(($(count unlabelled_passed) - passed))
	echo "$recorded of $seen are on record, $passed passed over"
	[ "$seen" -eq 200 ]
	[ "$passed" -gt 0 ]
	[ "$recorded" -eq $((seen - passed)) ]
}

@test "what users make passes over nothing that root starts" {
	reload
	passed=$(count unlabelled_passed)
	plain_user unshare --user --map-root-user "$bin/spawn" pid_namespace 200 /bin/true
	[ "$(count unlabelled_passed)" -gt "$passed" ]
	once unshare --pid --fork true
	# in a user namespace, as some engines start containers
	once unshare --user --map-root-user --pid --fork true
	once unshare --user --map-root-user unshare --user --map-root-user --pid --fork true
}
