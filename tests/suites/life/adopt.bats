#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Entering a container's mount namespace.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
}

teardown() {
	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	! crun state inside >/dev/null 2>&1 || crun delete --force inside
	timeout 60 bash -c "while contidctl list | grep -E '$A|$B'; do :; done"
}

# A registered process in a mount namespace of its own: $pid.
contained() {
	unshare -m sleep 1000 3>&- &
	pid=$!
	pids=("$pid")
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	contidctl register "$pid" "$1" >/dev/null
}

# A crun container named inside, with busybox: $pid.
crun_container() {
	mkdir -p "$dir/rootfs/bin" "$dir/rootfs/proc"
	cp "$(command -v busybox)" "$dir/rootfs/bin/busybox"
	ln -s busybox "$dir/rootfs/bin/sh"
	cd "$dir" || return
	crun spec
	sed -i -e 's/"terminal": true/"terminal": false/' \
		-e 's/^\(\t* *\)"sh"$/\1"busybox", "sleep", "1000"/' config.json
	crun create inside >/dev/null 3>&-
	pid=$(crun state inside | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
	contidctl register "$pid" "$1" >/dev/null
	crun start inside
}

@test "nsenter -m is in the container before it executes anything, and adopt is recorded" {
	contained "$A"
	run nsenter -m -t "$pid" sh -c 'contidctl get $$'
	[ "$output" = "$A" ]
	log_now | grep -aE "op=adopt opid=[0-9]+ ocontid=$A .*mntns=$(stat -L -c %i "/proc/$pid/ns/mnt") .*res=1"
}

@test "nsenter without -m is not adopted" {
	contained "$A"
	run nsenter -u -t "$pid" sh -c 'contidctl get $$'
	[ "$output" = -1 ]
}

@test "the namespace of the host adopts nobody" {
	sleep 1000 3>&- &
	pids=($!)
	contidctl register "${pids[0]}" "$A" >/dev/null
	run unshare -m nsenter -m -t "${pids[0]}" sh -c 'contidctl get $$'
	[ "$output" = -1 ]
}

@test "a process that carries a contid keeps it in another's namespace, and that is recorded" {
	contained "$A"
	run contidctl run "$B" -- nsenter -m -t "$pid" sh -c 'contidctl get $$'
	[ "$output" = "$B" ]
	log_now | grep -aE "op=adopt opid=[0-9]+ ocontid=$A .*errno=17 res=0"
}

@test "a mount namespace that a container makes belongs to it" {
	contidctl run "$A" -- unshare -m sh -c "echo \$\$ >$dir/pid; exec sleep 1000" 3>&- &
	until_true "[ -s $dir/pid ]"
	pids=("$(cat "$dir/pid")")
	run nsenter -m -t "$(cat "$dir/pid")" sh -c 'contidctl get $$'
	[ "$output" = "$A" ]
}

@test "crun itself is a host process, and the container can be removed at once" {
	crun_container "$A"
	run sh -c "contidctl get $$"
	[ "$output" = -1 ]
	crun delete --force inside
	run grep -c "$dir/rootfs" /proc/self/mountinfo
	[ "$output" = 0 ]
}

@test "an unshared service of the host is not adopted from, though a container process comes in" {
	unshare -m sleep 1000 3>&- &
	host=$!
	pids=("$host")
	until_true "[ \"\$(cat /proc/$host/comm)\" = sleep ]"
	contidctl run "$A" -- nsenter -m -t "$host" sh -c "echo \$\$ >$dir/pid; exec sleep 1000" 3>&- &
	until_true "[ -s $dir/pid ]"
	pids+=("$(cat "$dir/pid")")
	run nsenter -m -t "$host" sh -c 'contidctl get $$'
	[ "$output" = -1 ]
}

@test "a host tool that looks into a container and goes back is a host process again" {
	contained "$A"
	"$bin/peek" "$pid" >"$dir/peek" 3>&- &
	peek=$!
	until_true "[ -s $dir/peek ]"
	run contidctl get "$peek"
	[ "$output" = -1 ]
	kill "$peek"
	log_now >"$dir/log"
	grep -aE "op=adopt opid=$peek ocontid=$A " "$dir/log"
	grep -aE "op=leave opid=$peek ocontid=$A " "$dir/log"
}

@test "a namespace that a container made beforehand is its home once it is in there" {
	contidctl run "$A" -- unshare -Urm sh -c "
		mount -t tmpfs none /mnt
		touch /mnt/ns
		unshare --mount=/mnt/ns true
		exec nsenter --mount=/mnt/ns sh -c 'echo \$\$ >$dir/pid; exec sleep 1000'" 3>&- &
	until_true "[ -s $dir/pid ]"
	pids=("$(cat "$dir/pid")")
	run nsenter -m -t "${pids[0]}" sh -c 'contidctl get $$'
	[ "$output" = "$A" ]
}

# turns_beside COUNT: the nanoseconds that a process of a container takes from one of its
# namespaces to another, beside so many processes of the host
turns_beside() {
	local gate=$dir/gate-$1 word

	mkfifo "$gate" "$gate-ready"
	"$bin/crowd" "$1" <"$gate" >"$gate-ready" 3>&- &
	exec 5>"$gate"
	read -r word <"$gate-ready"
	[ "$word" = ready ]
	contidctl run "$A" -- "$bin/namespace_turns"
	# it ends with its input
	exec 5>&-
	wait $! || true
}

@test "going between a container's namespaces takes no longer beside 2,000 processes of the host" {
	few=$(turns_beside 50)
	many=$(turns_beside 2000)
	echo "# setns beside 50 processes: $few ns, beside 2,000: $many ns" >&3
	[ "$few" -gt 0 ]
	# a walk over all of them would take many times as long, and a clock on the wall
	# runs on while others have the processor
	[ "$many" -lt $((10 * few)) ]
}
