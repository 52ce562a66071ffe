# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of audit-contid-runtime: a journal, bundles as engines write them, and
# a runtime that says how it was called.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

programs=/usr/local/libexec/audit-contid
runtime=$programs/audit-contid-runtime
hook=$programs/audit-contid-oci-hook
config=/etc/audit-contid/runtime.conf

runtime_setup() {
	dir=$BATS_TEST_TMPDIR
	rm -rf /etc/audit-contid
	syslog_begin "$dir/journal"
	mkdir "$dir/path"
	fake "$dir/path/runc"
	PATH=$dir/path:$PATH
}

runtime_teardown() {
	syslog_end
	rm -rf /etc/audit-contid /dev/audit_contid
	[ ! -e "$hook.away" ] || mv "$hook.away" "$hook"
}

# fake FILE: a runtime that leaves its arguments in $dir/called, and ends with 7
fake() {
	mkdir -p "${1%/*}"
	cat >"$1" <<-END
		#!/bin/bash
		printf '%q ' "\$0" "\$@" >"$dir/called"
		exit 7
	END
	chmod 755 "$1"
}

# called RUNTIME ARGUMENT...: that is how it was called
called() {
	local wanted

	printf -v wanted '%q ' "$@"
	[ "$(<"$dir/called")" = "$wanted" ]
}

# passed ARGUMENT...: our program, whose end is the fake's
passed() {
	rm -f "$dir/called"
	run "$runtime" "$@"
	# shellcheck disable=SC2154 # of run
	echo "$status: $output"
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	called "$dir/path/runc" "$@"
}

# bundle [ENGINE]: in $bundle, with a config.json as that one writes it
# shellcheck disable=SC2120
bundle() {
	bundle=$dir/bundle-$RANDOM$RANDOM
	mkdir "$bundle"
	cp "$tests/fixtures/bundles/${1:-docker}.json" "$bundle/config.json"
}

# hooked FILE: has it our hook, once?
hooked() {
	# shellcheck disable=SC2016 # expanded by jq
	[ "$(jq --arg path "$hook" '[.hooks.createRuntime[]? | select(. ==
		{ path: $path, args: ["audit-contid-oci-hook"], timeout: 30 })] | length' "$1")" = 1 ]
}

# said PATTERN: the journal has this one line of our program, and nothing else
said() {
	local mark=mark-$RANDOM$RANDOM$RANDOM lines=()

	logger --socket /dev/log "$mark"
	until_true grep -q "$mark" "$dir/journal"
	mapfile -t lines < <(grep -F ' audit-contid-runtime[' "$dir/journal")
	printf 'journal: %s\n' "${lines[@]}"
	if [ $# -eq 0 ]; then
		[ ${#lines[@]} -eq 0 ]
		return
	fi
	[ ${#lines[@]} -eq 1 ]
	# shellcheck disable=SC2053 # a pattern
	[[ ${lines[0]} == *" audit-contid-runtime["*"]: "$1 ]]
	: >"$dir/journal"
}

# configure LINE...: the configuration file
configure() {
	mkdir -p "${config%/*}"
	printf '%s\n' "$@" >"$config"
}

# refused PATTERN: nothing is started, on stderr and in the journal
refused() {
	rm -f "$dir/called"
	bundle docker
	run "$runtime" create --bundle "$bundle" web
	[ "$status" -eq 1 ]
	[ ! -e "$dir/called" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $output == "audit-contid-runtime: no runtime can be started: "$1 ]]
	said "no runtime can be started: $1"
}
