#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The bytes of the ioctls: of 32-bit callers, of answers, of long lists.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# The layout is checked when it is compiled, on each kernel, and so is the way through a
# long list; how a 32-bit call arrives is the kernel's.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# --- 32-bit callers

# both COMMAND...: the two builds give the same answer, which is printed
both() {
	local wide narrow

	wide=$("$ioctl" "$@")
	narrow=$("${ioctl}32" "$@")
	printf '%s: %s\n' "$*" "$wide"
	[ -n "$wide" ]
	[ "$narrow" = "$wide" ]
}

# bats test_tags=everywhere
@test "a 32-bit process gets the same answers from each ioctl" {
	start_in "$A $B" parent
	both info
	both list room=1
	both list
	both list room=0
	both list buffer=bad
	both stats
	both stats room=2
	for one in "${said[@]}"; do
		both get "pid=$one"
		both get "pidfd=$one"
	done
	both register "pid=$pid" "contid=$C"
	both register "pid=${said[1]}" "contid=$A"
	both register join "pid=${said[1]}" "contid=$A"
	both register pid=0 "contid=$C"
	both register tfd=eventfd "contid=$C"
	both register pid=self "contid=$C"
	both register flags=0 "contid=$C"
	[ "$("$bin/ioctl_numbers32")" = "$("$bin/ioctl_numbers")" ]
	for command in info register get list stats release rate; do
		for at in null kernel edge; do
			both "$command" "at=$at"
		done
	done
	both get "pid=$pid" poke=8-127:1
	both register "pid=${said[1]}" "contid=$C" poke=24-63:1
	both list poke=20-63:1
	both stats poke=12-167:1
	both release after=1000000
	both release poke=8-63:1
	both rate "contid=$A" rate=100 burst=7
	both rate "contid=$B" rate=4294967296
	both rate "contid=$A" burst=1
	both rate "contid=$C" rate=1
	both rate "contid=$A" poke=32-63:1
	both rate "contid=$A"
}

@test "a 32-bit process registers and joins" {
	start plain
	answers OK "${ioctl}32" register "pidfd=$pid" "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
	start plain
	answers OK "${ioctl}32" register join "pid=$pid" "contid=$A"
	answers "OK registered $A" "$ioctl" get "pid=$pid"
}

# --- answers

@test "answers have zeros in what is reserved or unused, and touch nothing beyond" {
	# the helper fills its structures with other bytes, and says what it finds
	start_in "$A $B" parent
	for one in "$ioctl" "${ioctl}32"; do
		"$one" info | grep -cv '^OK ' | grep -x 0
		[ "$("$one" info | wc -l)" -eq 1 ]
		[ "$("$one" get "pid=$pid" | wc -l)" -eq 1 ]
		[ "$("$one" get "pid=$$" | wc -l)" -eq 1 ]
		[ "$("$one" list room=1 | wc -l)" -eq 4 ]
		[ "$("$one" list room=40 | wc -l)" -eq 3 ]
		for room in 0 1 16; do
			run "$one" stats "room=$room"
			echo "$output"
			[ "$(grep -cvE '^(OK|[a-z_]+=[0-9]+|probe [a-z_.0-9]+ [a-z-]+ proven=[01])\s*$' \
				<<<"$output")" -eq 0 ]
		done
	done
}

@test "many containers are listed, each exactly once, through any buffer" {
	local many=${LONG:+2500}

	answers OK "$bin/list_many" "${many:=600}" 1 7 31 32 33 $((many - 1)) "$many" $((many + 1))
}

# bats test_tags=everywhere
@test "a caller in a container lists its own and those nested in it" {
	start_in "$A $B" plain
	put "$C"
	run in_container "$A" "$ioctl" list room=1
	echo "$output"
	[ "$(grep -oE '^[0-9a-f]{8}-[-0-9a-f]+' <<<"$output" | xargs)" = "$A $B" ]
	run in_container "$B" "$ioctl" list
	[ "$(grep -oE '^[0-9a-f]{8}-[-0-9a-f]+' <<<"$output" | xargs)" = "$B" ]
	run in_container "$C" "$ioctl" list
	[ "$(grep -oE '^[0-9a-f]{8}-[-0-9a-f]+' <<<"$output" | xargs)" = "$C" ]
}
