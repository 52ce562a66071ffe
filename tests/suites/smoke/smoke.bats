#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A little of each suite that does not depend on the kernel: it runs on all of them,
# so that none has tools that do nothing there.
# depends on: kernel

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"

setup() {
	hook_setup
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	hook_teardown
}

@test "contidctl run, get, list, stats, events and report agree on a container" {
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k smoke >/dev/null
	# shellcheck disable=SC2016 # expanded in the container
	run contidctl run "$A" -- sh -c 'contidctl get $$; contidctl list | grep -c ^0123abcd; mkdir "$0"' \
		"$dir/made"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "$A"$'\n1' ]
	contidctl stats | grep -w containers
	log >"$dir/log"
	contidctl events --input "$dir/log" -k smoke --format json "$A" >"$dir/events"
	[ "$(jq -s length "$dir/events")" -eq 1 ]
	jq -e --arg a "$A" '.contid == $a and (.records | map(.type) | index("PATH"))' "$dir/events"
	contidctl report --input "$dir/log" | grep -a "$A"
}

@test "contidctl register refuses a word that is no container ID, with status 2 or 1 and a reason" {
	sleeper
	run contidctl register "$pid" nonsense
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == contidctl:* ]]
	run contidctl get "$pid"
	[ "$output" = -1 ]
}

@test "contidctl monitor prints an event of a container when it happens" {
	mkfifo "$dir/heard"
	contidctl monitor >"$dir/heard" 2>"$dir/said" 3>&- &
	pids+=($!)
	exec 8<"$dir/heard"
	wait_for grep -q listens "$dir/said"
	contidctl run "$A" -- true
	while IFS= read -r -t 60 line <&8; do
		[[ $line != *"$A"* ]] || break
	done
	echo "$line"
	exec 8<&-
	[[ $line == *"$A"* ]]
}

@test "contidctl adopt finds a container by its cgroup" {
	cgroup=/sys/fs/cgroup/docker/ab$(printf '%062d' 7)
	mkdir -p "$cgroup"
	sleeper
	echo "$pid" >"$cgroup/cgroup.procs"
	run contidctl adopt
	label=$(contidctl get "$pid")
	kill -9 "$pid"
	wait_for rmdir "$cgroup"
	rmdir /sys/fs/cgroup/docker
	echo "$output"
	[ "$label" = ab000000-0000-0000-0000-000000000000 ]
}

@test "contidctl save and restore put a container back after the module was loaded anew" {
	sleeper
	contidctl register "$pid" "$A"
	contidctl save --release "$dir/saved"
	modprobe -r audit_contid
	modprobe audit_contid
	run contidctl get "$pid"
	[ "$output" = -1 ]
	contidctl restore "$dir/saved"
	[ "$(contidctl get "$pid")" = "$A" ]
}

@test "crun's container is registered by the hook, and a process that enters it is in it" {
	bundle crun busybox sleep 1000
	in_background crun smoke
	[ "$(contidctl get "$pid")" = "$(contid_of crun smoke)" ]
	nsenter -m -t "$pid" busybox true 3>&-
	log | grep -aE "op=adopt .*ocontid=$(contid_of crun smoke) .*comm=\"nsenter\".*res=1"
	[ -z "$(journal)" ]
}
