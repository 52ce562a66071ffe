#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl's arguments, and what it prints: what it makes of them by itself. contidctl and
# contidctl_register, _label and _list have what it makes of the module.
# depends on: neither. A library remembers in place of the module what is registered.
# vm: none

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"
# shellcheck source=tests/lib/remembered.bash
. "$BATS_TEST_DIRNAME/../../lib/remembered.bash"

setup() {
	contidctl_begin
	remember
}

teardown() { end_started; }

# shown CONTID: what list has in its last column
shown() { contidctl list | sed -n "s/^$1 \( *[^ ]*\)\{10\}  //p"; }

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
		events -m , $A
		events --json $A
		report 1
		report --format csv
		monitor 1
		adopt 1
		adopt --tree
	END
}

@test "every option that a command knows is in its help" {
	for option in register:--join register:--tree run:--join list:--json \
		list:--namespaces stats:--json events:--since events:--until \
		events:--type events:--key events:--input report:--input \
		adopt:--dry-run adopt:--json save:--release; do
		contidctl "${option%:*}" --help | grep -E "^  .*${option#*:} "
	done
}

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

@test "a module of another interface is named with its version" {
	for command in "register 1" "get 1" list stats "run -- touch $tmp/ran"; do
		# shellcheck disable=SC2086 # several arguments
		run env API=2 LD_PRELOAD="$between" contidctl $command
		[ "$status" -eq 1 ]
		[[ $output == *"has interface 2, this contidctl "*" needs 1: install "* ]]
		# shellcheck disable=SC2086
		run env UNKNOWN=1 LD_PRELOAD="$between" contidctl $command
		[ "$status" -eq 1 ]
		[[ $output == *"install the module and contidctl of one version"* ]]
	done
	[ ! -e "$tmp/ran" ]
}

@test "register without a CONTID makes a random UUID, another one each time" {
	form='^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
	sleeper
	first=$(contidctl register "$pid")
	[[ $first =~ $form ]]
	[ "$(contidctl get "$pid")" = "$first" ]
	sleeper
	second=$(contidctl register "$pid")
	[[ $second =~ $form ]]
	[ "$first" != "$second" ]
}

@test "rare refusals have their text too" {
	sleeper
	while read -r errno text; do
		run env FAIL="$errno" LD_PRELOAD="$between" contidctl register "$pid"
		echo "$errno: $status $output"
		[ "$status" -eq 1 ]
		# shellcheck disable=SC2053 # a pattern
		[[ $output == *$text* ]]
	done <<-END
		1 CAP_AUDIT_CONTROL*\(Operation not permitted)
		4 try again*\(Interrupted system call)
		12 memory*\(Cannot allocate memory)
		28 max_containers*\(No space left on device)
		5 kernel log*\(Input/output error)
	END
}

@test "what a terminal might obey is escaped, and JSON has each byte" {
	sleeper
	contidctl register --label $'a\nb\e[2J\xff\xe2\x80\xae' "$pid" "$A"
	[ "$(shown "$A")" = 'a\012b\033[2J\377\342\200\256' ]
	[ "$(contidctl list | wc -l)" -eq 2 ]
	[ "$(container "$A" | jq -r .label)" = 'a\012b\033[2J\377\342\200\256' ]
	[ "$(container "$A" | jq -r .label_hex)" = 610a621b5b324affe280ae ]
	contidctl list --namespaces | grep -F '\256 dev='
}

@test "255 bytes are taken, also if each of them is escaped" {
	sleeper
	contidctl register --label "$(printf '%255s' '' | tr ' ' '\001')" "$pid" "$A"
	[ "$(shown "$A")" = "$(printf '%255s' '' | sed 's/ /\\001/g')" ]
	contidctl list --namespaces | grep -F '\001 dev='
}

@test "a label that cannot be is a usage error, and nothing is registered" {
	sleeper
	before=$(registrations)
	run contidctl register --label '' "$pid" "$A"
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "contidctl: register: a label has 1 to 255 bytes" ]]
	run contidctl register --label "$(printf '%256s' '')" "$pid" "$A"
	[ "$status" -eq 2 ]
	run contidctl register --join --label x "$pid" "$A"
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"leave --join out" ]]
	run contidctl run --label '' -- touch "$tmp/made"
	[ "$status" -eq 2 ]
	run contidctl run --label -- touch "$tmp/made"
	[ "$status" -eq 2 ]
	[ ! -e "$tmp/made" ]
	[ "$(registrations)" = "$before" ]
}

@test "list with nothing to list is a head line, and an empty array" {
	run contidctl list
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$(contidctl list --json | jq -c .)" = "[]" ]
}

@test "list has each of 150 containers once, oldest first" {
	for ((i = 0; i < 150; i++)); do
		sleep infinity 3>&- &
		will_end "$!"
		contidctl register "$!" "$(printf '33333333-0000-4000-8000-%012d' "$i")"
	done >"$tmp/registered"
	contidctl list | sed 1d | cut -d' ' -f1 | diff "$tmp/registered" -
	contidctl list --json | jq -r '.[].contid' | diff "$tmp/registered" -
	contidctl list --json | jq -e 'map(.serial) | . == sort'
}
