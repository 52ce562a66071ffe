#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-oci-hook by itself, and the module: whom it registers, and what it makes of a
# module that is not there or refuses. oci_hook_input has what it reads.
# depends on: neither. register has what the module answers, on each kernel.

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"

setup() {
	hook_setup
	shim=$bin/other_module.so
	sleeper
}
teardown() { hook_teardown; }

# hooked ID COMMAND...: the hook's state for the sleeper goes to COMMAND
hooked() {
	local id=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	run bash -c 'printf "%s" "$1" | "${@:2}"' _ \
		"{\"id\": \"$id\", \"pid\": $pid}" "$@"
	echo "$status: $output"
}

# will_end PID: with the test
will_end() { pids+=("$1"); }

# with_child: a process that has one, in $pid and $child
with_child() {
	bash -c 'sleep infinity & exec sleep infinity' >/dev/null 2>&1 3>&- &
	pid=$!
	will_end "$pid"
	wait_for pgrep -P "$pid" -x sleep
	child=$(pgrep -P "$pid")
	will_end "$child"
}

@test "the pid is that of the runtime's PID namespace" {
	# shellcheck disable=SC2016
	unshare -pf --mount-proc bash -c 'sleep infinity & printf "{\"id\":\"demo\",\"pid\":%d}" $! |
		"$1"; contidctl get $!; kill -9 $!' _ "$hook" >"$dir/label" 3>&-
	[ "$(cat "$dir/label")" = "$(contid_of oci demo)" ]
	[ "$(label "$pid")" = -1 ]
}

@test "the process is named by a pidfd, and by its number if the kernel's cannot be read" {
	LOG=$dir/flags hooked demo env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 0 ]
	[ "$(cat "$dir/flags")" -eq 1 ]
	rm "$dir/flags"
	sleeper
	LOG=$dir/flags FAIL=95 FLAGS=1 hooked other env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 0 ]
	[ "$(tr '\n' ' ' <"$dir/flags")" = "1 2 " ]
	[ "$(label "$pid")" = "$(contid_of oci other)" ]
}

@test "if the probes are switched off the container starts, and the journal warns" {
	echo 0 >/sys/kernel/debug/kprobes/enabled
	hooked demo "$hook"
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ "$status" -eq 0 ]
	journal_is "$warning" 'container "demo": warning: *probes are switched off*; it starts'
	[ "$(label "$pid")" = "$(contid_of oci demo)" ]
}

@test "a first process that has children already is registered with them" {
	with_child
	hooked demo "$hook"
	[ "$status" -eq 0 ]
	[ "$(contidctl get "$pid")" = "$(contid_of oci demo)" ]
	[ "$(contidctl get "$child")" = "$(contid_of oci demo)" ]
	[ -z "$(journal)" ]
}

@test "a container's own processes that live on keep it from starting, and the journal names them" {
	contidctl run "$(contid_of oci demo)" -- bash -c 'sleep infinity & echo $!' >"$dir/left" 3>&-
	left=$(<"$dir/left")
	will_end "$left"
	until_true runs sleep "$left"
	hooked demo "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" "*\(process $left \(sleep), inherited)*Name not unique*; it does not start*"
}

@test "without the device the container starts, with a warning" {
	hooked demo unshare -m sh -c "mount -t tmpfs tmpfs /dev && exec $hook"
	[ "$status" -eq 0 ]
	[[ $output == *"the module is loaded, but there is no"*"(No such file or directory)"* ]]
	[[ $output == *"(on-missing=warn, see $config)" ]]
}

@test "an engine that cannot register at all gets a notice and the container starts, whatever else is wrong" {
	configure on-missing=refuse on-refused=refuse
	cannot="^<29>.*container \"demo\": .*CAP_AUDIT_CONTROL.*Operation not permitted.*; it starts"
	for module in loaded missing; do
		[ "$module" = loaded ] || modprobe -r audit_contid
		for as in "unshare -Ur" "setpriv --reuid 65534 --clear-groups" \
			"setpriv --bounding-set -audit_control"; do
			no_journal
			# shellcheck disable=SC2086 # several arguments
			hooked demo $as "$hook"
			[ "$status" -eq 0 ]
			# shellcheck disable=SC2086
			$as "$hook" </dev/null
			[ "$(journal | wc -l)" -eq 2 ]
			journal | head -n 1 | grep -E "$cannot.* \(rootless=notice, see $config\)\$"
		done
	done
	configure rootless=refuse
	no_journal
	hooked demo unshare -Ur "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" "*; it does not start \(rootless=refuse, see $config)"
}
