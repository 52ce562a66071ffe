#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Of so many processes that live for a moment, how many are told apart? LAUREL,
# which looks them up in /proc, reads the same records; its number stands beside.
# depends on: neither. What decides it is the probe on exec, which main_job, adopt and
# adopt_threads try on each kernel.
# vm: LAYER=engines APPEND=audit=1

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"
# shellcheck source=tests/lib/laurel.bash
. "$BATS_TEST_DIRNAME/../../lib/laurel.bash"

setup_file() {
	podman_begin
	laurel_begin
}

teardown_file() {
	podman_end
	laurel_is no
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	# as the engines name them: LAUREL finds such an ID in a cgroup's path
	id=$(uuidgen -r | tr -d -)$(uuidgen -r | tr -d -)
	contid=$(contid_of "$id")
	lost=$(auditctl -s | grep '^lost')
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	! crun state "$id" >/dev/null 2>&1 || crun delete --force "$id"
	podman_rm --all >/dev/null
	gone "$contid"
}

# container: a crun container that waits, in a cgroup as podman makes it
container() {
	bundle "$PWD" sleep 1000
	configure "$PWD" '.linux.cgroupsPath = args[0]' "/libpod_parent/libpod-$id"
	created crun "$id" "$contid" "$PWD"
	cgroup=/sys/fs/cgroup$(cut -d: -f3 "/proc/$pid/cgroup")
}

# beside COUNT WHAT PROGRAM: what LAUREL knows of the same processes. It has
# to have read all records, with our field, and without an error; and of many to know some.
beside() {
	local known

	laurel_sync
	jq -c --arg comm "$3" --arg contid "$contid" \
		'select(.SYSCALL.comm == $comm and .SYSCALL.contid == $contid)' "$laurel_log" >laurel
	known=$(jq -c --arg id "$id" 'select((.SYSCALL.PID.container.id // .CONTAINER_INFO.ID) == $id)' \
		laurel | wc -l)
	echo "# $2: $known of $1 known to $(laurel_version)" >&3
	[ "$(wc -l <laurel)" -eq "$1" ]
	[ "$1" -lt 500 ] || [ "$known" -gt 0 ]
	[ "$(auditctl -s | grep '^lost')" = "$lost" ]
}

@test "of 500 one-shot processes that enter by setns and execute, 500 are tagged" {
	container
	rule -S execve
	enter -n 500 -c "$cgroup" "$pid" /bin/busybox true
	auditctl -D >/dev/null
	log >written
	tagged 500 "setns and execve" 'comm="busybox"' "$contid"
	[ "$(grep -acE "op=adopt .*ocontid=$contid .*comm=\"enter\".*res=1" written)" -eq 500 ]
	beside 500 "setns and execve" busybox
}

# entered COMMAND...: by crun exec. It ends with 255 and says nothing if the process that it has
# made dies before its execve: then it is said here what could have killed that.
entered() {
	local status=0

	crun exec "$id" "$@" </dev/null 3>&- || status=$?
	[ "$status" -ne 0 ] || return 0
	echo "crun exec $*: $status"
	log | grep -aE '^type=ANOM_ABEND|: op=(inherit|adopt) .*res=0' || true
	contidctl stats | grep inherit_failed
	dmesg | tail -n 20
	return 1
}

@test "each one-shot crun exec process is tagged in each of its events" {
	local times=${LONG:+200}
	container
	rule -S execve
	rule -S mkdir
	for ((i = 0; i < ${times:=15}; i++)); do
		entered busybox mkdir "/tmp/$i"
	done
	auditctl -D >/dev/null
	log >written
	tagged $((2 * times)) "crun exec" 'comm="busybox"' "$contid"
	untagged 'comm="crun"'
	beside $((2 * times)) "crun exec" busybox
}

# in_podman WHAT: 500 children of a process in a podman container
in_podman() {
	rootfs "$PWD/root"
	mkfifo root/go
	cp "$bin/spawns" root/bin/
	mkdir hooks
	jq -n --arg path "$(hook "")" '{version: "1.0.0", hook: {path: $path},
		when: {always: true}, stages: ["createRuntime"]}' >hooks/register.json
	rule -S execve
	podman --hooks-dir hooks run --cidfile cid --network none --rootfs "$PWD/root" \
		sh -c 'read -r _ </go; /bin/spawns 500 /bin/true' </dev/null &
	engine=$!
	until_true "[ -s cid ] && contidctl list | grep -q ^[0-9a-f]"
	id=$(cat cid)
	contid=$(contid_of "$id")
	echo >root/go
	[ $# -eq 1 ] || "${@:2}"
	wait "$engine"
	auditctl -D >/dev/null
	log >written
	tagged 500 "$1" 'comm="true"' "$contid"
	[ "$(type SYSCALL <written | grep -a ' contid=' | grep -acvE 'exe="/bin/(busybox|spawns)"')" -eq 0 ]
	beside 500 "$1" true
}

@test "of 500 children by fork, vfork and posix_spawn in a podman container, 500 are tagged" {
	in_podman "children in podman run"
}

# Without audit=1 on its command line the kernel throws away what an auditd that
# does not read its socket has not taken after some tries, and counts it nowhere.
pause_auditd() {
	stress-ng --quiet --cpu 2 3>&- &
	stress=$!
	until_true "grep -qa 'comm=\"true\".*contid=$contid' $audit_log"
	kill -STOP "$(cat /run/auditd.pid)"
	sleep 2
	kill -CONT "$(cat /run/auditd.pid)"
	wait "$engine"
	kill "$stress"
	wait "$stress" || true
	# what the kernel has put aside meanwhile comes when the next record does,
	# perhaps behind that
	log_sync
	log_sync
}

@test "they are with two busy processors, and while auditd is stopped for two seconds" {
	in_podman "the same, busy" pause_auditd
}
