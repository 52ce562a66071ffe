#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl register --label, run --label, and how list shows a label.
# depends on: neither. contidctl passes on what the module keeps and answers; label
# asks the module itself, on each kernel.

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

# shown CONTID: what list has in its last column
shown() { contidctl list | sed -n "s/^$1 \( *[^ ]*\)\{10\}  //p"; }

@test "register --label and run --label: list shows it, and the records have it" {
	log_mark
	sleeper
	contidctl register --label shop/web-0/nginx "$pid" "$A"
	[ "$(shown "$A")" = shop/web-0/nginx ]
	[ "$(container "$A" | jq -r .label)" = shop/web-0/nginx ]
	[ "$(container "$A" | jq 'has("label_hex")')" = false ]
	run contidctl run -l 'two words' "$NOBODY" -- contidctl list --json
	[ "$(jq -r '.[].label' <<<"$output")" = "two words" ]
	[ "$(log | grep -ac ': op=register .* vm="shop/web-0/nginx"')" -eq 1 ]
	[ "$(log | grep -ac ": op=register .*ocontid=$NOBODY .* vm=74776F20776F726473")" -eq 1 ]
	[ "$(log | grep -ac ": op=drop .*ocontid=$NOBODY .* vm=74776F20776F726473")" -eq 1 ]
}

@test "by its name alone a container is found after its end, with stock tools and ours" {
	log_mark
	contidctl run --label name-of-this-test "$A" -- true
	log >/dev/null
	contidctl events name-of-this-test >"$BATS_TEST_TMPDIR/events"
	grep -q "op=register .*ocontid=$A ocontname=\"name-of-this-test\"" "$BATS_TEST_TMPDIR/events"
	ausearch --input-logs -vm name-of-this-test --raw | grep -q "type=VIRT_CONTROL .*op=start .*uuid=$A"
	ausearch --input-logs -uu "$A" --raw | grep -q 'vm="name-of-this-test"'
	aureport --input-logs --virt | grep -q VIRT_CONTROL
	contidctl report --format json | jq -e --arg id "$A" \
		'any(.containers[]; .contid == $id and .name == "name-of-this-test")'
}

@test "get --names, and ps by the label" {
	sleeper
	contidctl register --label web "$pid" "$A"
	[ "$(contidctl get --names "$pid")" = "$A (web)" ]
	[ "$(contidctl get "$pid")" = "$A" ]
	contidctl ps web | grep -q sleep
}

@test "without --label there is none" {
	sleeper
	contidctl register "$pid" "$A"
	[ "$(shown "$A")" = - ]
	[ "$(container "$A" | jq .label)" = null ]
}

@test "a module that keeps no labels: a warning, and the container has none" {
	sleeper
	run env FEATURES=0xf LD_PRELOAD="$shim" contidctl register --label web "$pid" "$A"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "contidctl: warning: the loaded module (version "*") keeps no labels:"* ]]
	[ "${lines[1]}" = "$A" ]
	[ "$(shown "$A")" = - ]
	run env FEATURES=0xf LD_PRELOAD="$shim" contidctl run --label web "$NOBODY" -- true
	[ "$status" -eq 0 ]
	# and one that keeps them, of which contidctl asks no more than it knows
	log_mark
	FEATURES=0xf LD_PRELOAD="$shim" contidctl list | grep "^$A .* -\$"
	[ "$(log | grep -ac ' op=label ')" -eq 0 ]
}
