#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Namespaces on record: the numbers are those that /proc shows.
# depends on: kernel

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pids=()
	log_mark
}

teardown() {
	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	gone "$A" "$B"
}

# ends PID...: the test's end is theirs
ends() {
	pids+=("$@")
}

# apart: a process with all eight namespaces of its own: $pid
apart() {
	unshare --mount --uts --ipc --net --cgroup --user --map-root-user --time --pid --fork \
		--mount-proc sleep 1000 3>&- &
	ends "$!"
	until_true "pgrep -P $! -x sleep"
	pid=$(pgrep -P "$!")
	ends "$pid"
	for kind in mnt pid net user uts ipc cgroup time; do
		[ "$(readlink "/proc/$pid/ns/$kind")" != "$(readlink "/proc/self/ns/$kind")" ]
	done
}

# shown PID: the fields of a record that say what /proc shows of a process
shown() {
	local kind

	printf ' nsdev=%s' "$(device_of "/proc/$1/ns/mnt")"
	for kind in mnt pid net user uts ipc cgroup time; do
		printf ' %sns=%s' "$kind" "$(stat -L -c %i "/proc/$1/ns/$kind")"
	done
}

# recorded OP PID CONTID: there is one such record, and it says that
recorded() {
	log | grep -aE "op=$1 opid=$2 ocontid=$3 .* res=1" >record
	cat record
	[ "$(wc -l <record)" -eq 1 ]
	grep -aF "$(shown "$2") " record
}

@test "op=register has all eight namespaces, of a process that shares none and of one that shares all" {
	apart
	contidctl register "$pid" "$A"
	recorded register "$pid" "$A"
	sleep 1000 3>&- &
	ends "$!"
	contidctl register "$!" "$B"
	recorded register "$!" "$B"
}

@test "op=join has all eight namespaces: those of the process that joins, not those of the container" {
	apart
	contidctl register "$pid" "$A"
	apart
	contidctl register --join "$pid" "$A"
	recorded join "$pid" "$A"
}

@test "op=adopt has all eight namespaces of a process that enters one, and of one that enters all" {
	apart
	contidctl register "$pid" "$A"
	enter "$pid" /usr/bin/sleep 2000 3>&- &
	ends "$!"
	until_true "pgrep -P $! -x sleep"
	one=$(pgrep -P "$!")
	enter -a "$pid" /usr/bin/sleep 2000 3>&- &
	ends "$!" "$one"
	until_true "pgrep -P $! -x sleep"
	all=$(pgrep -P "$!")
	ends "$all"
	recorded adopt "$one" "$A"
	recorded adopt "$all" "$A"
	[ "$(readlink "/proc/$one/ns/net")" = "$(readlink /proc/self/ns/net)" ]
	[ "$(readlink "/proc/$all/ns/net")" = "$(readlink "/proc/$pid/ns/net")" ]
}

@test "a refused registration has them as well, and one without a process has none" {
	apart
	contidctl register "$pid" "$A"
	run contidctl register "$pid" "$B"
	[ "$status" -eq 1 ]
	log | grep -aE "op=register opid=$pid ocontid=$B .* errno=17 res=0" | grep -aF "$(shown "$pid") "
	run contidctl register 4194304 "$B"
	[ "$status" -eq 1 ]
	log | grep -aE "op=register opid=\? .* nsdev=\? mntns=\? pidns=\? netns=\? userns=\? utsns=\? ipcns=\? cgroupns=\? timens=\? .*res=0"
}

@test "contidctl list shows the namespaces of the first process at registration" {
	apart
	contidctl register "$pid" "$A"
	contidctl list --json | jq -r '.[] | .namespaces | " nsdev=\(.dev) mntns=\(.mnt)" +
		" pidns=\(.pid) netns=\(.net) userns=\(.user) utsns=\(.uts) ipcns=\(.ipc)" +
		" cgroupns=\(.cgroup) timens=\(.time)"' >listed
	[ "$(cat listed)" = "$(shown "$pid")" ]
	contidctl list --namespaces | grep "^$A " | grep -F "$(shown "$pid" | sed 's/nsdev=/dev=/; s/ns=/=/g')"
}
