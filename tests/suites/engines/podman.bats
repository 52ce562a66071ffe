#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# podman: run, exec, pods, and that it can remove what it made.
# depends on: userland. podman differs between the releases; who enters a container
# by setns is in adopt and oneshot, on each kernel.

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

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
	pod=
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	[ -z "$pod" ] || podman_pod_rm pod >/dev/null
	podman_rm --all >/dev/null
	gone "$A" "$B"
}

# one NAME CONTID: a container that waits
one() {
	podman_created "$1" "$2" --network none -- --rootfs "$root" sleep 1000
}

# bats test_tags=everywhere
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

@test "each one-shot podman exec process carries the contid from its execve on" {
	local times=${LONG:+20}
	one one "$A"
	rule -S execve
	rule -S mkdir
	for ((i = 0; i < ${times:=4}; i++)); do
		podman exec one busybox mkdir "/tmp/exec-$i" </dev/null
	done
	auditctl -D >/dev/null
	log >written
	tagged $((2 * times)) "$times podman exec" 'comm="busybox"' "$A"
	untagged 'comm="(podman|conmon|crun)"'
	[ "$(grep -acE "op=adopt .*ocontid=$A .*comm=\"crun\".*res=1" written)" -eq "$times" ]
}

# bats test_tags=everywhere
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
	mkfifo "$root/tmp/go"
	podman exec one sh -c '/bin/sleep 2000 & read -r _ </tmp/go; /bin/mkdir /tmp/done' \
		</dev/null &
	session=$!
	until_true "pgrep -fx '/bin/sleep 2000'"
	sleeper=$(pgrep -fx '/bin/sleep 2000')
	[ "$(contidctl get "$sleeper")" = "$A" ]
	[ "$(contidctl get "$(ps -o ppid= "$sleeper" | xargs)")" = "$A" ]
	echo >"$root/tmp/go"
	wait "$session"
	[ "$(contidctl get "$sleeper")" = "$A" ]
	log >written
	tagged 1 "a session's mkdir" 'comm="mkdir"' "$A"
}

# bats test_tags=everywhere
@test "two containers of a pod, with one PID and network namespace: exec gets that of its own" {
	first=() second=() pod=yes
	if on_bullseye || ! {
		podman pod create --name pod --network none --share pid,net >/dev/null
		podman pod start pod >/dev/null
	}; then
		# bookworm's podman 4.3 allows a pod's own container no device, not even
		# /dev/null, and bullseye's fetches an image for it: there the second
		# container shares with the first
		on_bullseye || podman pod rm --force pod >/dev/null
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
	podman exec one busybox true one </dev/null
	podman exec two busybox true two </dev/null
	auditctl -D >/dev/null
	log >written
	events 'type=EXECVE .*a2="one"' | placed "$A"
	events 'type=EXECVE .*a2="two"' | placed "$B"
	untagged 'comm="(podman|conmon|crun|catatonit)"'
}

@test "podman rm straight after the exit has nothing busy, each time, and leaves no mount" {
	times=${LONG:+200}
	on_bullseye || layer=:O
	for ((i = 0; i < ${times:-2}; i++)); do
		podman_created "short-$i" "$A" --network none -- --rootfs "$root${layer:-}" \
			sh -c 'read -r _ </dev/null; true'
		podman wait "short-$i" >/dev/null
		podman rm "short-$i" >/dev/null
		gone "$A"
	done
	run grep -c "$BATS_FILE_TMPDIR/storage" /proc/self/mountinfo
	[ "$output" = 0 ]
}

@test "podman exec reads a watched file by another name: key, contid and auid of the person who typed it" {
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

# --- who only looks in

# looks_in CLIENT: copies, lists and executes by podman or remotely
looks_in() {
	echo text >file
	"$1" cp file one:/tmp/file
	"$1" cp one:/tmp/file back
	"$1" top one >/dev/null
	"$1" top one -o pid,comm >/dev/null || true
	"$1" exec one true </dev/null
	cmp file back
}

# remotely COMMAND...: of the service; it takes no option of the local one
remotely() {
	command podman --remote --url "unix://$PWD/socket" "$@" 3>&-
}

@test "podman cp, top and exec leave podman's service a host process, and a container that it starts is not nested" {
	local service second

	mkdir hooks
	jq -n --arg path "$(hook "")" '{version: "1.0.0", hook: {path: $path},
		when: {always: true}, stages: ["createRuntime"]}' >hooks/register.json
	one one "$A"
	looks_in podman
	podman --hooks-dir hooks system service --time 0 "unix://$PWD/socket" >/dev/null 2>&1 &
	until_true "[ -S $PWD/socket ]"
	service=$(pgrep -fx ".*podman .*system service --time 0 unix://$PWD/socket")
	looks_in remotely
	run contidctl get "$service"
	[ "$output" = -1 ]
	second=$(remotely run -d --network none --name two --rootfs "$root" sleep 1000)
	pid=$(podman inspect --format '{{.State.Pid}}' two)
	[ "$(contidctl get "$pid")" = "$(contid_of "$second")" ]
	run contidctl get "$(pgrep -f "conmon .*$second")"
	[ "$output" = -1 ]
	podman_rm two
	# bookworm's goes on to wait after SIGTERM
	pkill -KILL -f "system service --time 0 unix://$PWD/socket"
	# the service keeps what it knows of a session for minutes after the end
	pkill -KILL -f 'conmon .*--exit-delay' || true
	gone "$(contid_of "$second")"
}

@test "a node shell: a pod that goes into the host's root and namespaces stays what it is" {
	local inside=/host$PWD

	podman_created one "$A" --network none --privileged --pid host -v /:/host -- \
		--rootfs "$root" sleep 1000
	rule -S mkdir
	podman exec one busybox chroot /host /bin/mkdir "$PWD/by-chroot" </dev/null
	podman exec one busybox nsenter -t 1 -m -u -i -n -p -- /bin/mkdir "$PWD/by-nsenter" </dev/null
	podman exec one busybox nsenter -t 1 -m -u -i -n -p -- /usr/bin/setsid -w /bin/mkdir \
		"$PWD/by-setsid" </dev/null
	podman exec one busybox mkdir "$inside/by-path" </dev/null
	podman exec one sh -c "echo \$\$ >/host/sys/fs/cgroup/cgroup.procs
		/bin/mkdir $inside/by-cgroup" </dev/null
	mkdir by-host
	auditctl -D >/dev/null
	[ "$(echo by-*)" = "by-cgroup by-chroot by-host by-nsenter by-path by-setsid" ]
	log >written
	for way in chroot nsenter setsid path cgroup; do
		events "type=PATH .*name=\"[^\"]*by-$way\"" | placed "$A"
	done
	events 'type=PATH .*name="by-host"' >host
	grep -a by-host host
	[ "$(grep -ac contid= host || true)" -eq 0 ]
	[ "$(grep -ac op=leave written || true)" -eq 0 ]
}
