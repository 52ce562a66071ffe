# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of contidctl: processes that end with their test, and a library
# that stands between contidctl and the module.

# shellcheck disable=SC2034 # used by the suites
bats_require_minimum_version 1.5.0

A=0123abcd-0123-4123-8123-0123456789ab
B=11111111-0123-4123-8123-0123456789ab
NOBODY=22222222-0123-4123-8123-0123456789ab
LEFT=0123abcd012341238123 # A, without what follows
REST=0123456789ab
COMMANDS="register run get list stats events report monitor adopt save restore"

setup_file() {
	gcc -O1 -shared -fPIC -I"$PROJECT/include/uapi" -o "$BATS_FILE_TMPDIR/other_module.so" \
		"$BATS_TEST_DIRNAME/fixtures/other_module.c"
	gcc -O1 -pthread -o "$BATS_FILE_TMPDIR/threads" "$BATS_TEST_DIRNAME/fixtures/threads.c"
}

setup() {
	tmp=$BATS_TEST_TMPDIR
	started=()
	shim=$BATS_FILE_TMPDIR/other_module.so
}

teardown() {
	local pid

	exec 9>&-
	for pid in "${started[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	pkill -9 -f "$BATS_TEST_TMPDIR/log" || true
	auditctl -D >/dev/null
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	wait_for no_container
}

# wait_for COMMAND...: until it succeeds
wait_for() {
	local end=$((SECONDS + 30))

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
	done
}

no_container() { [ "$(contidctl list | wc -l)" -eq 1 ]; }

# will_end PID: this process is ended with the test
will_end() { started+=("$1"); }

# background COMMAND...: its number is in $pid
background() {
	"$@" >"$tmp/background" 2>&1 3>&- &
	pid=$!
	will_end "$pid"
}

# A host process that does nothing, in $pid
sleeper() {
	background sleep infinity
	# it is what is registered, and not yet the shell that forks it
	wait_for grep -qx sleep "/proc/$pid/comm"
}

state_of() { sed 's/.*) //; s/ .*//' "/proc/$1/stat"; }
is_stopped() { [ "$(state_of "$1")" = T ]; }
is_gone() { [ ! -e "/proc/$1" ] || [ "$(state_of "$1")" = Z ]; }

# one container of list --json
container() { contidctl list --json | jq -e --arg id "$1" '.[] | select(.contid == $id)'; }
registrations() { contidctl stats --json | jq '.registered + .refused'; }

# The log, up to a message that is sent now: what came before is in it.
log_now() {
	"$BATS_TEST_DIRNAME/helpers/bin/audit_sync" "mark-$RANDOM$RANDOM$RANDOM"
	cat /var/log/audit/audit.log
}
