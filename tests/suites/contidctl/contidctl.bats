#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl, as it is installed: what can go wrong with all commands.
# depends on: neither. It is what contidctl makes of a module that is not as it should be;
# what it asks a kernel for is in smoke.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "--help and --version answer on stdout and need no module" {
	modprobe -r audit_contid
	run --separate-stderr contidctl --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for command in $COMMANDS; do
		# one line, which says what it does
		[ "$(grep -cE "^  contidctl $command +[a-z]([a-z' ,]+)$" <<<"$output")" -eq 1 ]
	done
	for command in $COMMANDS; do
		run --separate-stderr contidctl "$command" --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == "Usage: contidctl $command"[[:space:]]*--help* ]]
	done
	run contidctl --version
	[ "$status" -eq 0 ]
	[ "$output" = "contidctl $(modinfo -F version audit_contid)" ]
}

# --- what can go wrong with all of them

@test "if the probes are switched off every command warns" {
	sleeper
	# what is run would leave a container behind whose end nobody sees
	for command in "register $pid $A" "get $pid" list stats "run --join $NOBODY -- true"; do
		echo 0 >/sys/kernel/debug/kprobes/enabled
		# shellcheck disable=SC2086 # several arguments
		run --separate-stderr contidctl $command
		echo 1 >/sys/kernel/debug/kprobes/enabled
		[[ $stderr == *"warning: "*"switched off"* ]]
	done
	run --separate-stderr contidctl get "$pid"
	[ "$output" = "$A" ]
	[ -z "$stderr" ]
}

@test "without the module every command says how to load it" {
	modprobe -r audit_contid
	for command in "register 1" "get 1" list stats "run -- touch $tmp/ran"; do
		# shellcheck disable=SC2086 # several arguments
		run --separate-stderr contidctl $command
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr == *"not loaded: try \`modprobe audit_contid\`"* ]]
	done
	[ ! -e "$tmp/ran" ]
}

@test "if no module is built for this kernel it says what to install" {
	modprobe -r audit_contid
	# shellcheck disable=SC2016 # expanded by the inner shell
	run unshare -m bash -c 'mount -t tmpfs tmpfs "/lib/modules/$(uname -r)/updates"
		contidctl list'
	[ "$status" -eq 1 ]
	[[ $output == *"none is built for the running kernel $(uname -r)"* ]]
	[[ $output == *"linux-headers-$(uname -r)"*"dkms autoinstall"*modprobe* ]]
}

@test "if only the device node is missing it says so" {
	run unshare -m bash -c 'mount -t tmpfs tmpfs /dev; contidctl list'
	[ "$status" -eq 1 ]
	[[ $output == *"is loaded, but there is no /dev/audit_contid here"* ]]
}
