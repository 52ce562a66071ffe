# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of audit-contid-oci-hook: a journal, bundles that have the hook,
# and what its configuration says.

# shellcheck disable=SC2034 # used by the suites
A=0123abcd-0123-4123-8123-0123456789ab
hook=/usr/local/libexec/audit-contid/audit-contid-oci-hook
config=/etc/audit-contid/oci-hook.conf
name_space=6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21
audit_log=/var/log/audit/audit.log

hook_setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
	started=()
	rm -rf /etc/audit-contid
	perl "$BATS_TEST_DIRNAME/fixtures/syslogd.pl" /dev/log "$dir/journal" 3>&- &
	syslogd=$!
	wait_for grep -qx ready "$dir/journal"
}

hook_teardown() {
	local entry

	for entry in "${started[@]}"; do
		"${entry%%:*}" delete --force "${entry#*:}" || true
	done
	for pid in "${pids[@]}" "$syslogd"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	echo 1 >/sys/kernel/debug/kprobes/enabled
	auditctl -D >/dev/null
	rm -rf /dev/log /etc/audit-contid
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	wait_for no_container
}

# wait_for COMMAND...: until it succeeds
wait_for() {
	local end=$((SECONDS + 60))

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
	done
}

no_container() { [ "$(contidctl list | wc -l)" -eq 1 ]; }

# A host process that does nothing, in $pid
sleeper() {
	sleep infinity >/dev/null 2>&1 3>&- &
	pid=$!
	pids+=("$pid")
	wait_for grep -qx sleep "/proc/$pid/comm"
}

# journal: what the hook wrote to it. A message that is sent now comes last.
journal() {
	local mark=mark-$RANDOM$RANDOM$RANDOM

	logger --socket /dev/log "$mark"
	wait_for grep -q "$mark" "$dir/journal"
	grep ' audit-contid-oci-hook\[' "$dir/journal" || true
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
	[ "$(wc -l <<<"$line")" -eq 1 ]
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

# log: what auditd has written since log_mark
log_mark() {
	log_sync
	log_from=$(stat -c %s "$audit_log")
}

log_sync() {
	"$BATS_TEST_DIRNAME/helpers/bin/audit_sync" "mark-$RANDOM$RANDOM$RANDOM"
}

log() {
	log_sync
	tail -c "+$((log_from + 1))" "$audit_log" | tr '\035' '\n'
}
