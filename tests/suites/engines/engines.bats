#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# crun, runc, systemd-nspawn and nsenter, on one container.
# depends on: userland. crun, runc and systemd-nspawn differ between the releases;
# what they ask the kernel for is in adopt, oneshot and life_birth.

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

# many containers, on a machine that is emulated and perhaps not alone
export BATS_TEST_TIMEOUT=600

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	nspawn=
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	for engine in crun runc; do
		! "$engine" state one >/dev/null 2>&1 || "$engine" delete --force one
	done
	[ -z "$nspawn" ] || kill -KILL "$nspawn" "$(pgrep -P "$nspawn")" || true
	gone "$A" "$B"
}

# one ENGINE: a container that waits, in A
one() {
	bundle "$PWD" sleep 1000
	created "$1" one "$A" "$PWD"
}

# runs ENGINE: its `run`, with a hook that registers the container
runs() {
	bundle "$PWD" sh -c '/bin/mkdir /tmp/one; /bin/sh -c "/bin/mkdir /tmp/two"; /bin/true'
	configure "$PWD" '.hooks.createRuntime = [{path: args[0]}]' "$(hook "")"
	rule -S execve
	rule -S mkdir
	id=$(uuidgen -r | tr -d -)
	quiet "$1" run --bundle "$PWD" "$id"
	auditctl -D >/dev/null
	log >written
	tagged 7 "$1 run" 'exe="/bin/busybox"' "$(contid_of "$id")"
	untagged "comm=\"$1\""
}

# execs ENGINE: its `exec`, without and with a terminal
execs() {
	one "$1"
	rule -S execve
	quiet "$1" exec one busybox true plain
	script -qec "$1 exec -t one busybox true terminal" /dev/null </dev/null
	auditctl -D >/dev/null
	log >written
	events 'type=EXECVE .*a2="plain"' | placed "$A"
	events 'type=EXECVE .*a2="terminal"' >event
	placed "$A" <event
	grep -a ' tty=pts' event
	untagged "comm=\"$1\""
	[ "$(grep -acE "op=adopt .*ocontid=$A .*res=1" written)" -eq 2 ]
}

# bats test_tags=everywhere
@test "crun run: all that the container does is tagged, nothing that crun does is" {
	runs crun
}

# bats test_tags=everywhere
@test "runc run: all that the container does is tagged, nothing that runc does is" {
	runs runc
}

# bats test_tags=everywhere
@test "crun exec, with a terminal and without, is in the container" {
	execs crun
}

@test "runc exec, with a terminal and without, is in the container" {
	execs runc
}

@test "a process that crun exec leaves behind is in the container" {
	one crun
	quiet crun exec one sh -c '/bin/sleep 2000 & :'
	until_true "pgrep -fx '/bin/sleep 2000'"
	sleeper=$(pgrep -fx '/bin/sleep 2000')
	[ "$(contidctl get "$sleeper")" = "$A" ]
	[ "$(contidctl list --json | jq '.[0].processes')" -eq 2 ]
}

@test "nsenter -a and nsenter -m into a crun container are in it" {
	one crun
	rule -S execve
	nsenter -a -t "$pid" busybox true all
	nsenter -m -t "$pid" busybox true mount
	auditctl -D >/dev/null
	events 'type=EXECVE .*a2="all"' | placed "$A"
	events 'type=EXECVE .*a2="mount"' | placed "$A"
}

# bats test_tags=everywhere
@test "a mount namespace that a process in the container unshares leads into the container" {
	bundle "$PWD" unshare -m sleep 1000
	configure "$PWD" '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
	created crun one "$A" "$PWD"
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	quiet crun exec --cap CAP_SYS_ADMIN one unshare -m /bin/sleep 2000 &
	exec=$!
	until_true "pgrep -fx '/bin/sleep 2000'"
	inner=$(pgrep -fx '/bin/sleep 2000')
	[ "$(readlink "/proc/$inner/ns/mnt")" != "$(readlink "/proc/$pid/ns/mnt")" ]
	for target in "$pid" "$inner"; do
		rule -S execve
		nsenter -m -t "$target" busybox true "$target"
		auditctl -D >/dev/null
		events "type=EXECVE .*a2=\"$target\"" | placed "$A"
	done
	kill "$inner"
	wait "$exec" || true
}

# bats test_tags=everywhere
@test "systemd-nspawn: its container is not booted, and nsenter -a and -m are in it" {
	[ -s /etc/machine-id ] || uuidgen -r | tr -d - >/etc/machine-id
	rootfs "$PWD/rootfs"
	systemd-nspawn --register=no --keep-unit --quiet --pipe --directory="$PWD/rootfs" \
		sh -c 'until [ -e /go ]; do :; done; /bin/mkdir /done; exec /bin/sleep 1000' \
		</dev/null 3>&- &
	nspawn=$!
	until_true "pgrep -P $nspawn -x sh"
	leader=$(pgrep -P "$nspawn")
	contidctl register --tree "$leader" "$A"
	rule -S execve
	rule -S mkdir
	: >rootfs/go
	until_true "[ \"\$(cat /proc/$leader/comm)\" = sleep ]"
	nsenter -a -t "$leader" busybox true all
	nsenter -m -t "$leader" busybox true mount
	auditctl -D >/dev/null
	log >written
	tagged 3 "systemd-nspawn, its own" 'comm="(mkdir|sleep)" exe="/bin/busybox"' "$A"
	events 'type=EXECVE .*a2="all"' | placed "$A"
	events 'type=EXECVE .*a2="mount"' | placed "$A"
	[ "$(contidctl get "$nspawn")" = -1 ]
}

@test "crun removes the container straight after its exit, each time, and its disk is free" {
	times=${LONG:+200}
	modprobe loop
	truncate -s 8M disk
	busybox mke2fs -F disk >/dev/null
	disk=$(losetup --show -f disk)
	mkdir rootfs
	mount "$disk" rootfs
	bundle "$PWD" true
	configure "$PWD" '.hooks.createRuntime = [{path: args[0]}]' "$(hook "$A")"
	umount rootfs
	log_mark
	for ((i = 0; i < ${times:=10}; i++)); do
		mount "$disk" rootfs
		quiet crun run --bundle "$PWD" one
		umount rootfs
		# a process that has it mounted still, in any namespace, makes this fail
		perl -MFcntl -e 'sysopen(F, $ARGV[0], O_RDWR | O_EXCL) or die "$!"' "$disk"
	done
	losetup -d "$disk"
	[ "$(log | grep -acE "op=register .*ocontid=$A .*res=1")" -eq "$times" ]
}

@test "perf, which looks into each process's mount namespace, is a host process afterwards" {
	unshare -m stress-ng --quiet --cpu 1 3>&- &
	stress=$!
	until_true "pgrep -P $stress"
	contidctl register --tree "$stress" "$A"
	perf record -e cpu-clock -o data -p "$(pgrep -P "$stress")" -- sleep 0.5 3>&-
	perf report -i data --stdio 3>&- | tee report | grep -a stress-ng
	kill "$stress"
	wait "$stress" || true
	log >written
	grep -aE "op=adopt .*ocontid=$A .*comm=\"perf\".*res=1" written >adopt
	grep -aE "op=leave .*ocontid=$A .*comm=\"perf\".*res=1" written >leave
	[ "$(wc -l <adopt)" -eq "$(wc -l <leave)" ]
	# the last is where it is
	grep -aE "op=(adopt|leave) .*comm=\"perf\"" written | tail -1 | grep -a 'op=leave'
}
