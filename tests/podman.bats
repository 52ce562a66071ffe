#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# podman: run, exec, pods, and that it can remove what it made.
# vm: alone

# shellcheck source=tests/engines.bash
. "$BATS_TEST_DIRNAME/engines.bash"

[ -z "${LONG:-}" ] || export BATS_TEST_TIMEOUT=2700

setup_file() {
	podman_begin
	rootfs "$BATS_FILE_TMPDIR/root"
}

teardown_file() {
	podman_end
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	root=$BATS_FILE_TMPDIR/root
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	podman pod rm --all --force --time 0 >/dev/null
	podman rm --all --force --time 0 >/dev/null
	gone "$A" "$B"
}

# one NAME CONTID: a container that waits
one() {
	podman_created "$1" "$2" --network none -- --rootfs "$root" sleep 1000
}

@test "podman run: all that the container does is tagged, nothing that podman does is" {
	mkdir hooks
	jq -n --arg path "$(hook "")" '{version: "1.0.0", hook: {path: $path},
		when: {always: true}, stages: ["createRuntime"]}' >hooks/register.json
	rule -S execve
	rule -S mkdir
	podman --hooks-dir hooks run --cidfile id --network none --rootfs "$root" \
		sh -c '/bin/mkdir /tmp/one; /bin/sh -c "/bin/mkdir /tmp/two"; /bin/true' </dev/null
	auditctl -D >/dev/null
	contid=$(contid_of "$(cat id)")
	log >written
	tagged 7 "podman run" 'exe="/bin/busybox"' "$contid"
	untagged 'comm="(podman|conmon|crun)"'
	grep -a "op=register .*ocontid=$contid .*res=1" written
	grep -a "op=drop .*ocontid=$contid .*res=1" written
}

@test "of 20 one-shot podman exec processes all carry the contid from their execve on" {
	one one "$A"
	rule -S execve
	rule -S mkdir
	for i in $(seq 20); do
		podman exec one busybox mkdir "/tmp/exec-$i" </dev/null
	done
	auditctl -D >/dev/null
	log >written
	tagged 40 "20 podman exec" 'comm="busybox"' "$A"
	untagged 'comm="(podman|conmon|crun)"'
	[ "$(grep -acE "op=adopt .*ocontid=$A .*comm=\"crun\".*res=1" written)" -eq 20 ]
}

@test "podman exec with a terminal is in the container" {
	one one "$A"
	rule -S execve
	podman exec -t one busybox true </dev/null
	auditctl -D >/dev/null
	log >written
	type SYSCALL <written | grep -a 'comm="busybox"' >executed
	grep -a ' tty=pts' executed
	placed "$A" <executed
}

@test "a running podman exec session, and what it leaves behind, are in the container" {
	one one "$A"
	rule -S mkdir
	podman exec one sh -c '/bin/sleep 2000 & until [ -e /tmp/go ]; do :; done; /bin/mkdir /tmp/done' \
		</dev/null &
	session=$!
	until_true "pgrep -fx '/bin/sleep 2000'"
	sleeper=$(pgrep -fx '/bin/sleep 2000')
	[ "$(contidctl get "$sleeper")" = "$A" ]
	[ "$(contidctl get "$(ps -o ppid= "$sleeper" | xargs)")" = "$A" ]
	: >"$root/tmp/go"
	wait "$session"
	[ "$(contidctl get "$sleeper")" = "$A" ]
	log >written
	tagged 1 "a session's mkdir" 'comm="mkdir"' "$A"
}

@test "two containers of a pod, with one PID and network namespace: exec gets that of its own" {
	first=() second=()
	podman pod create --name pod --network none --share pid,net >/dev/null
	if ! podman pod start pod >/dev/null; then
		# bookworm's podman 4.3 allows a pod's own container no device, not even
		# /dev/null: there the second container shares with the first
		podman pod rm --force pod >/dev/null
		podman pod create --name pod --infra=false >/dev/null
		first=(--network none)
		second=(--network container:one --pid container:one)
	fi
	rootfs "$PWD/other"
	podman_created one "$A" --pod pod "${first[@]}" -- --rootfs "$root" sleep 1000
	one=$pid
	podman_created two "$B" --pod pod "${second[@]}" -- --rootfs "$PWD/other" sleep 1000
	for ns in pid net; do
		[ "$(readlink "/proc/$one/ns/$ns")" = "$(readlink "/proc/$pid/ns/$ns")" ]
	done
	[ "$(readlink "/proc/$one/ns/mnt")" != "$(readlink "/proc/$pid/ns/mnt")" ]
	[ "$(contidctl get "$one")" = "$A" ]
	[ "$(contidctl get "$pid")" = "$B" ]
	rule -S execve
	for i in 1 2 3; do
		podman exec one busybox true one "$i" </dev/null
		podman exec two busybox true two "$i" </dev/null
	done
	auditctl -D >/dev/null
	log >written
	for i in 1 2 3; do
		events "type=EXECVE .*a2=\"one\" a3=\"$i\"" | placed "$A"
		events "type=EXECVE .*a2=\"two\" a3=\"$i\"" | placed "$B"
	done
	untagged 'comm="(podman|conmon|crun|catatonit)"'
}

@test "podman rm straight after the exit has nothing busy, each time, and leaves no mount" {
	times=${LONG:+200}
	for ((i = 0; i < ${times:-6}; i++)); do
		podman_created "short-$i" "$A" --network none -- --rootfs "$root:O" \
			sh -c 'read -r _ </dev/null; true'
		podman wait "short-$i" >/dev/null
		podman rm "short-$i" >/dev/null
		gone "$A"
	done
	run grep -c "$BATS_FILE_TMPDIR/storage" /proc/self/mountinfo
	[ "$output" = 0 ]
}

@test "podman exec reads a watched file by another name: key, contid and who typed it" {
	mkdir host
	echo secret >host/file.env
	podman_created one "$A" --network none -v "$PWD/host:/directory" -- \
		--rootfs "$root" sleep 1000
	rule -F path="$PWD/host/file.env" -F perm=r
	(
		echo 1234 >/proc/self/loginuid
		podman exec one cat /directory/file.env </dev/null
	)
	auditctl -D >/dev/null
	log >written
	events 'type=SYSCALL .*key="engine"' >event
	placed "$A" <event
	type SYSCALL <event | grep -a ' auid=1234 '
	type PATH <event | grep -a 'name="/directory/file.env"'
	grep -aE "op=adopt .*ocontid=$A .* auid=1234 .*comm=\"crun\".*res=1" written
}

@test "a container that has the host's root mounted writes a watched file: key and contid" {
	podman_created one "$A" --network none -v /:/hostRoot -- --rootfs "$root" sleep 1000
	echo old >host.txt
	rule -F path="$PWD/host.txt" -F perm=w
	(
		echo 1234 >/proc/self/loginuid
		podman exec one sh -c "echo new >/hostRoot$PWD/host.txt" </dev/null
	)
	auditctl -D >/dev/null
	[ "$(cat host.txt)" = new ]
	events 'type=SYSCALL .*key="engine"' >event
	placed "$A" <event
	type SYSCALL <event | grep -a ' auid=1234 .*comm="sh" exe="/bin/busybox"'
	type PATH <event | grep -aF "name=\"/hostRoot$PWD/host.txt\""
}
