# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of contidctl: processes that end with their test, and a library
# that stands between contidctl and the module.

# shellcheck disable=SC2034 # used by the suites
bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

NOBODY=22222222-0123-4123-8123-0123456789ab
LEFT=0123abcd012341238123 # A, without what follows
REST=0123456789ab
COMMANDS="register run get list ps top stats events report monitor adopt save restore doctor"

contidctl_begin() {
	tmp=$BATS_TEST_TMPDIR
	started=()
	shim=$bin/other_module.so
}

setup() { contidctl_begin; }

end_started() {
	local pid

	for pid in "${started[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

teardown() {
	exec 9>&-
	end_started
	pkill -9 -f "$BATS_TEST_TMPDIR/log" || true
	auditctl -D >/dev/null
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	wait_for no_containers
}

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
	until_true runs sleep "$pid"
}

state_of() { sed 's/.*) //; s/ .*//' "/proc/$1/stat"; }
is_stopped() { [ "$(state_of "$1")" = T ]; }
is_gone() { [ ! -e "/proc/$1" ] || [ "$(state_of "$1")" = Z ]; }

# one container of list --json
container() { contidctl list --json | jq -e --arg id "$1" '.[] | select(.contid == $id)'; }
registrations() { contidctl stats --json | jq '.registered + .refused'; }
