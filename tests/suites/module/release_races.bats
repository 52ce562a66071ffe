#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# All containers are let go while processes leave them. The parameter widen makes the
# moment between taking an entry out and counting it a hundred times as long.
# flavour: debug

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

widen=/sys/module/audit_contid/parameters/widen

setup() {
	unshare -m sleep 1000 3>&- &
	pid=$!
	wait_for runs sleep "$pid"
}

teardown() {
	echo 0 >"$widen"
	kill -KILL "$pid" 2>/dev/null || true
	wait_for no_containers
}

# ends OP: how often the container's end was recorded so
ends() { log | grep -cE "op=$1 .*ocontid=$A " || true; }

@test "a process that goes back while its container is let go is counted once" {
	local first=0

	for _ in 1 2 3 4 5; do
		log_mark
		contidctl register "$pid" "$A" >/dev/null
		echo 20 >"$widen"
		# something has gone back since it looked: then it looks once more
		first=$(release_race 40 2000 "$first" "$pid")
		echo 0 >"$widen"
		run contidctl list
		[ "${#lines[@]}" -eq 1 ]
		[ "$(($(ends release) + $(ends drop)))" -eq 1 ]
		[ "$(cat /sys/module/audit_contid/refcnt)" -eq 0 ]
	done
}
