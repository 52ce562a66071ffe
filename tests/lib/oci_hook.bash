# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of audit-contid-oci-hook: a journal, bundles that have the hook,
# and what its configuration says.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

# shellcheck disable=SC2034 # used by the suites
hook=/usr/local/libexec/audit-contid/audit-contid-oci-hook
config=/etc/audit-contid/oci-hook.conf
name_space=6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21

hook_setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
	started=()
	rm -rf /etc/audit-contid
	syslog_begin "$dir/journal"
}

hook_teardown() {
	local entry

	for entry in "${started[@]}"; do
		"${entry%%:*}" delete --force "${entry#*:}" || true
	done
	for pid in "${pids[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	syslog_end
	echo 1 >/sys/kernel/debug/kprobes/enabled
	auditctl -D >/dev/null
	rm -rf /etc/audit-contid
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	wait_for no_containers
}

# A host process that does nothing, in $pid
sleeper() {
	sleep infinity >/dev/null 2>&1 3>&- &
	pid=$!
	pids+=("$pid")
	until_true runs sleep "$pid"
}

# journal: what the hook wrote to it. A message that is sent now comes last. That audit
# was slow is no word about a container.
journal() {
	local line mark=mark-$RANDOM$RANDOM$RANDOM

	logger --socket /dev/log "$mark"
	until_true journal_has "$mark"
	for line in "${lines_there[@]}"; do
		[[ $line != *' audit-contid-oci-hook['* ||
			$line == *': audit does not take a message: '* ]] || printf '%s\n' "$line"
	done
}

# journal_has TEXT: without a process, as it is asked for again and again
journal_has() {
	mapfile -t lines_there <"$dir/journal"
	[[ ${lines_there[*]} == *"$1"* ]]
}

# no_journal: from here on it is empty
no_journal() {
	journal >/dev/null
	: >"$dir/journal"
}

# journal_is PRIORITY PATTERN: it has this one line
journal_is() {
	local line

	line=$(journal)
	echo "journal: $line"
	[[ $line != *$'\n'* ]]
	# the facility is daemon
	# shellcheck disable=SC2053 # a pattern
	[[ $line == "<$((24 + $1))>"*" audit-contid-oci-hook["*"]: "$2 ]]
}

# shellcheck disable=SC2034 # as in syslog.h
error=3 warning=4 notice=5

# configure LINE...: the configuration file
configure() {
	mkdir -p "${config%/*}"
	printf '%s\n' "$@" >"$config"
}

# contid_of RUNTIME NAME: by another program than the hook
contid_of() { uuidgen --sha1 --namespace "$name_space" --name "$1:$2"; }

# bundle RUNTIME COMMAND...: in $bundle, with the hook; a busybox as its root
bundle() {
	local runtime=$1

	shift
	bundle=$dir/bundle-$runtime-$RANDOM$RANDOM
	mkdir -p "$bundle"/rootfs/{bin,proc,dev,sys,etc}
	cp "$(command -v busybox)" "$bundle/rootfs/bin/busybox"
	ln -s busybox "$bundle/rootfs/bin/sh"
	(cd "$bundle" && "$runtime" spec)
	# shellcheck disable=SC2016 # expanded by jq
	change '.process.terminal = false | .root.readonly = false |
		.process.args = $ARGS.positional |
		.hooks.createRuntime = [{ path: $hook, args: ["hook", "--runtime", $runtime] }]' \
		--arg hook "$hook" --arg runtime "$runtime" --args "$@"
}

# change FILTER [OPTION...]: the bundle's config.json, with jq
change() {
	local filter=$1

	shift
	jq "$filter" "$bundle/config.json" "$@" >"$bundle/new"
	mv "$bundle/new" "$bundle/config.json"
}

# in_foreground RUNTIME NAME: run the bundle to its end
in_foreground() {
	started+=("$1:$2")
	"$1" run --bundle "$bundle" "$2" </dev/null 3>&-
}

# in_background RUNTIME NAME: create and start it; its process in $pid
in_background() {
	started+=("$1:$2")
	"$1" create --bundle "$bundle" "$2" </dev/null >"$dir/output" 2>&1 3>&-
	"$1" start "$2"
	pid=$("$1" state "$2" | jq .pid)
}

# records: what auditd has written since log_mark, and what it added on lines of its own
records() {
	log | tr '\035' '\n'
}
