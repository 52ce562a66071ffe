#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl, as it is installed: its arguments, and what can go wrong with all commands.
# depends on: neither. It is what contidctl makes of its arguments; what it asks a
# kernel for is in smoke.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "a CONTID is a UUID, 32 digits or the 64 of a runtime, in either case" {
	for text in "$A" "${A^^}" "${A//-/}" "${LEFT^^}$REST" "$LEFT$REST$(printf '%032d' 7)"; do
		sleeper
		run --separate-stderr contidctl register "$pid" "$text"
		[ "$status" -eq 0 ]
		[ "$output" = "$A" ]
		[ -z "$stderr" ]
		[ "$(contidctl get "$pid")" = "$A" ]
		kill -9 "$pid"
		wait "$pid" || true
	done
}

@test "anything else is no CONTID: usage error, and the kernel is not asked" {
	sleeper
	before=$(registrations)
	for text in x "" "${A%?}" "${A}0" "${A//-/}0" "${A//-/_}" "g${A#?}" " $A" "$A " \
		"${A/abcd-/abc-d}" "0123abcd01-23-4123-8123-0123456789ab" "${A//-/}-" \
		"$(printf '%063d' 7)" "$(printf '%065d' 7)" "$A-$A" "{$A}" "urn:uuid:$A" \
		"-${LEFT}$REST---" "$(printf '%036d' 7)"; do
		run --separate-stderr contidctl register "$pid" -- "$text"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == *"'$text' is not a UUID"*Usage:* ]]
	done
	run contidctl run "${A%?}" -- touch "$tmp/ran"
	[ "$status" -eq 2 ]
	[ ! -e "$tmp/ran" ]
	[ "$(registrations)" -eq "$before" ]
}

@test "all zeros and all ones are refused as reserved, in each form" {
	sleeper
	before=$(registrations)
	for digit in 0 f F; do
		digits=${REST//?/$digit}${LEFT//?/$digit}
		for text in "$digits" "$digits$digits" "${digits}0123456789abcdef0123456789abcdef" \
			"${A//[0-9a-f]/$digit}"; do
			run contidctl register "$pid" "$text"
			[ "$status" -eq 2 ]
			[[ $output == *"'$text' is reserved: all "*Usage:* ]]
		done
	done
	[ "$(registrations)" -eq "$before" ]
	run contidctl get "$pid"
	[ "$output" = -1 ]
}

@test "a PID is decimal digits and nothing else" {
	before=$(registrations)
	for text in "" x 0 -1 +1 " 1" "1 " 1x 0x1 1.0 2147483648 18446744073709551617 self; do
		for command in get register; do
			run contidctl "$command" -- "$text"
			[ "$status" -eq 2 ]
			[[ $output == *"'$text' is not a process number"*Usage:* ]]
		done
	done
	[ "$(registrations)" -eq "$before" ]
}

@test "wrong arguments are a usage error, printed on stderr" {
	while read -r arguments; do
		# shellcheck disable=SC2086 # several arguments
		run --separate-stderr contidctl $arguments
		echo "contidctl $arguments: $status $stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == *Usage:* ]]
	done <<-END

		nonsense
		--nonsense
		--json list
		register
		register 1 $A 3
		register --nonsense 1
		register --join 1
		register --json 1
		get
		get 1 2
		get --join 1
		run
		run --
		run true
		run $A
		run $A --
		run $A true
		run $A $B -- true
		run --join -- true
		run --tree -- true
		run --nonsense -- true
		list 1
		list --tree
		stats 1
		stats --namespaces
		events
		events --all $A
		events --success maybe $A
		doctor 1
		events --format xml $A
		events --since sometime $A
		events -m NOTHING $A
		events --json $A
		report 1
		report --format csv
		monitor 1
		adopt 1
		adopt --tree
	END
}

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

@test "every option that a command knows is in its help" {
	for option in register:--join register:--tree run:--join list:--json \
		list:--namespaces stats:--json events:--since events:--until \
		events:--type events:--key events:--input report:--input \
		adopt:--dry-run adopt:--json save:--release; do
		contidctl "${option%:*}" --help | grep -E "^  .*${option#*:} "
	done
}

# --- what can go wrong with all of them

@test "output that cannot be printed is an error" {
	sleeper
	contidctl register "$pid" "$A"
	for command in "get $pid" list "list --json" stats "stats --json" --help --version \
		"list --help"; do
		# shellcheck disable=SC2086 # several arguments
		run --separate-stderr bash -c "contidctl $command >/dev/full"
		[ "$status" -eq 1 ]
		[[ $stderr == *"could not be written: No space left on device"* ]]
		run --separate-stderr bash -c "contidctl $command >&-"
		[ "$status" -eq 1 ]
		[[ $stderr == *"could not be written: Bad file descriptor"* ]]
	done
}

@test "register whose output is lost says what was done" {
	sleeper
	run bash -c "contidctl register $pid >/dev/full"
	[ "$status" -eq 1 ]
	[[ $output == *"process $pid is registered as $(contidctl get "$pid")"* ]]
}

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

@test "a module of another interface is named with its version" {
	for command in "register 1" "get 1" list stats "run -- touch $tmp/ran"; do
		# shellcheck disable=SC2086 # several arguments
		run env API=2 LD_PRELOAD="$shim" contidctl $command
		[ "$status" -eq 1 ]
		[[ $output == *"has interface 2, this contidctl "*" needs 1: install "* ]]
		# shellcheck disable=SC2086
		run env UNKNOWN=1 LD_PRELOAD="$shim" contidctl $command
		[ "$status" -eq 1 ]
		[[ $output == *"install the module and contidctl of one version"* ]]
	done
	[ ! -e "$tmp/ran" ]
}
