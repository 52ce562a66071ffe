#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl register and get: what they print, refuse and end with.
# depends on: neither. It is what contidctl prints and ends with; who is registered
# by it is in register.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "register prints the CONTID and the process has it" {
	sleeper
	run --separate-stderr contidctl register "$pid" "$A"
	[ "$status" -eq 0 ]
	[ "$output" = "$A" ]
	[ -z "$stderr" ]
	run --separate-stderr contidctl get "$pid"
	[ "$status" -eq 0 ]
	[ "$output" = "$A" ]
	[ -z "$stderr" ]
}

@test "get of a host process prints -1 and ends with 1" {
	sleeper
	run --separate-stderr contidctl get "$pid"
	[ "$status" -eq 1 ]
	[ "$output" = -1 ]
	[ -z "$stderr" ]
}

@test "get prints three levels, nearest first" {
	run contidctl run "$A" -- contidctl run "$B" -- contidctl run "$NOBODY" -- \
		sh -c 'exec contidctl get $$'
	[ "$status" -eq 0 ]
	[ "$output" = "$NOBODY,^$B,^$A" ]
}

@test "register names its target by a pidfd" {
	sleeper
	LOG=$tmp/flags LD_PRELOAD=$shim contidctl register "$pid" "$A"
	[ "$(cat "$tmp/flags")" -eq 1 ]
}

@test "register goes by the number if the kernel's pidfds cannot be read" {
	sleeper
	LOG=$tmp/flags FAIL=95 FLAGS=1 LD_PRELOAD=$shim contidctl register "$pid" "$A"
	[ "$(tr '\n' ' ' <"$tmp/flags")" = "1 2 " ]
	[ "$(contidctl get "$pid")" = "$A" ]
	sleeper
	rm "$tmp/flags"
	LOG=$tmp/flags FEATURES=0 LD_PRELOAD=$shim contidctl register "$pid" "$B"
	[ "$(cat "$tmp/flags")" -eq 2 ]
	[ "$(contidctl get "$pid")" = "$B" ]
}

@test "the number of a thread names its process, in register and in get" {
	background "$bin/two_threads"
	wait_for grep -q . "$tmp/background"
	thread=$(cat "$tmp/background")
	[ "$thread" -ne "$pid" ]
	[ "$(contidctl register "$thread" "$A")" = "$A" ]
	[ "$(contidctl get "$pid")" = "$A" ]
	[ "$(contidctl get "$thread")" = "$A" ]
}

@test "register --join puts a second process into a live container" {
	sleeper
	contidctl register "$pid" "$A"
	sleeper
	run contidctl register --join "$pid" "$A"
	[ "$status" -eq 0 ]
	[ "$output" = "$A" ]
	[ "$(container "$A" | jq .processes)" -eq 2 ]
}

@test "register --tree puts a process and its children into a container" {
	contidctl stats | grep -E '^features.* tree' || skip "the module cannot do that"
	background sh -c 'sleep infinity & wait'
	wait_for pgrep -P "$pid" -x sleep
	child=$(pgrep -P "$pid" -x sleep)
	will_end "$child"
	run contidctl register --tree "$pid" "$A"
	[ "$status" -eq 0 ]
	[ "$(contidctl get "$pid")" = "$A" ]
	[ "$(contidctl get "$child")" = "$A" ]
}

@test "--tree with a module that cannot do that says so" {
	sleeper
	run env FAIL=22 FLAGS=8 FEATURES=5 LD_PRELOAD="$shim" contidctl register --tree "$pid"
	[ "$status" -eq 1 ]
	[[ $output == *"cannot register trees"*"(Invalid argument)"* ]]
	run contidctl get "$pid"
	[ "$output" = -1 ]
}

@test "a refusal ends with 1 and says what happened, what to do, and last the errno's text" {
	refused() {
		local wanted=$1

		shift
		run --separate-stderr "$@"
		echo "$*: $status $output $stderr"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		# shellcheck disable=SC2053 # a pattern
		[[ $stderr == contidctl:\ $wanted ]]
	}
	sleeper
	other=$pid
	sleeper
	contidctl register "$pid" "$A"

	refused "*\(No such process)" contidctl register 4194304
	refused "*\(No such process)" contidctl get 4194304
	refused "*kernel thread*\(Invalid argument)" contidctl register 2
	refused "*kernel thread*\(Invalid argument)" contidctl get 2
	refused "*registered before*\(File exists)" contidctl register "$pid" "$B"
	refused "*--join*\(Name not unique on network)" contidctl register "$other" "$A"
	refused "*contidctl list*\(No such file or directory)" \
		contidctl register --join "$other" "$NOBODY"
	# shellcheck disable=SC2016 # expanded by the inner shell
	refused "*contidctl run*\(Device or resource busy)" sh -c 'contidctl register $$; exit $?'
	refused "*outside*\(Invalid cross-device link)" \
		contidctl run "$B" -- contidctl register "$other"
	refused "*nested*\(Invalid cross-device link)" \
		contidctl run "$B" -- contidctl run --join "$A" -- true
	refused "*max_depth*\(Too many links)" contidctl run -- contidctl run -- contidctl run -- \
		contidctl run -- contidctl run -- true
	background sh -c 'sleep infinity & wait'
	wait_for pgrep -P "$pid" -x sleep
	will_end "$(pgrep -P "$pid" -x sleep)"
	refused "*--tree*\(Device or resource busy)" contidctl register "$pid"
	[ "$(contidctl get "$other" || true)" = -1 ]
}

@test "without the capability every command says what is needed" {
	for command in "register 1" "get 1" list stats "run -- touch $tmp/ran"; do
		# shellcheck disable=SC2086 # several arguments
		run capsh --drop=cap_audit_control -- -c "contidctl $command"
		[ "$status" -eq 1 ]
		[[ $output == *"needs CAP_AUDIT_CONTROL"*"(Operation not permitted)"* ]]
		# shellcheck disable=SC2086
		run setpriv --reuid 65534 --clear-groups contidctl $command
		[ "$status" -eq 1 ]
		[[ $output == *"needs CAP_AUDIT_CONTROL"*"(Permission denied)"* ]]
	done
	[ ! -e "$tmp/ran" ]
}

@test "root of a user namespace learns why it is refused" {
	run unshare -r contidctl list
	[ "$status" -eq 1 ]
	[[ $output == *"needs CAP_AUDIT_CONTROL in the initial user namespace"* ]]
}
