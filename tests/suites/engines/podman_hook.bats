#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# podman with the hook where it looks by itself: nobody types a registration.
# depends on: userland. podman differs between the releases, the hook's registration
# does not.

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"
# shellcheck source=tests/lib/podman.bash
. "$BATS_TEST_DIRNAME/../../lib/podman.bash"

setup_file() {
	make -C "$PROJECT" install-hook
	root=$BATS_FILE_TMPDIR/root
	mkdir -p "$root"/{bin,dev,etc,proc,run,sys,tmp}
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in mkdir sh sleep true; do
		ln -s busybox "$root/bin/$name"
	done
	chmod 1777 "$root/tmp"
	cat >"$BATS_FILE_TMPDIR/storage.conf" <<-END
		[storage]
		driver = "vfs"
		runroot = "/run/containers/storage"
		graphroot = "$BATS_FILE_TMPDIR/storage"
	END
	export CONTAINERS_STORAGE_CONF=$BATS_FILE_TMPDIR/storage.conf root
}

teardown_file() {
	# of a container that has ended podman cleans up where bats is about to delete
	wait_for no_engine
	make -C "$PROJECT" uninstall-hook install-tools
}

no_engine() { ! pgrep -x 'podman|conmon'; }

setup() {
	hook_setup
	with_pod=
	log_mark
}

teardown() {
	podman_rm --all || true
	[ -z "$with_pod" ] || podman_pod_rm pod || true
	hook_teardown
}

# podman ARGUMENT...: without systemd, and with nothing left for bats to wait for
podman() {
	command podman --cgroup-manager cgroupfs --events-backend none "$@" </dev/null 3>&-
}

# create NAME OPTION... -- COMMAND...: a container, its ID of 64 digits in $id, and
# the same as records have it in $contid
create() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	id=$(podman create --network none --name "${options[@]}" --rootfs "$root" "$@")
	contid=${id:0:8}-${id:8:4}-${id:12:4}-${id:16:4}-${id:20:12}
}

# count PATTERN: of records since the test began
count() { records | grep -acE "$1" || true; }

# begun N, ended N: the container was registered, or has ended, so many times
begun() { [ "$(count "op=register .*ocontid=$contid .*res=1")" -eq "$1" ]; }
ended() { [ "$(count "op=drop .*ocontid=$contid .*res=1")" -eq "$1" ]; }

# bats test_tags=everywhere
@test "podman run: the container has the first 32 digits of its ID from the first execve on" {
	create demo -- mkdir /tmp/demo
	auditctl -a always,exit -F arch=b64 -S execve,mkdir -k hook >/dev/null
	podman start --attach demo
	auditctl -D >/dev/null
	begun 1
	wait_for ended 1
	[ "$(count "^type=SYSCALL.* syscall=59 .*exe=\"/bin/busybox\".* contid=$contid\$")" -eq 1 ]
	[ "$(count "^type=SYSCALL.* syscall=83 .*comm=\"mkdir\".* contid=$contid\$")" -eq 1 ]
	[ "$(count '^type=SYSCALL.*comm="(podman|conmon|crun)".* contid=')" -eq 0 ]
	[ -z "$(journal)" ]
}

@test "podman stop, start, restart and kill: the same ID each time, and each end on record" {
	create demo -- sleep 1000
	podman start demo
	first=$(podman inspect --format '{{.State.Pid}}' demo)
	[ "$(contidctl get "$first")" = "$contid" ]
	podman stop --time 0 demo
	begun 1
	wait_for ended 1
	podman start demo
	podman restart --time 0 demo
	begun 3
	podman kill demo
	wait_for ended 3
	podman start demo
	podman_rm demo
	begun 4
	wait_for ended 4
	[ -z "$(journal)" ]
}

@test "podman run --restart=on-failure: each start is registered, with the same ID" {
	create demo --restart on-failure:2 -- sh -c 'exit 3'
	podman start demo
	wait_for begun 3
	wait_for ended 3
	[ "$(podman wait demo)" -eq 3 ]
	begun 3
	[ -z "$(journal)" ]
}

@test "the containers of a pod have IDs of their own" {
	pod=(--network none --share "pid,net") member=() containers=3
	# crun 1.8 cannot make the devices of podman 4's container for the pod itself, and
	# podman 3 fetches an image for it
	if [[ $(podman --version) == *" "[34].* ]]; then
		pod=(--infra=false --share none) member=(--network none) containers=2
	fi
	with_pod=yes
	podman pod create --name pod "${pod[@]}"
	for name in one two; do
		its_id=$(podman create --pod pod "${member[@]}" --name "$name" --rootfs "$root" \
			sleep 1000)
		podman start "$name"
		first=$(podman inspect --format '{{.State.Pid}}' "$name")
		[ "$(contidctl get "$first" | tr -d -)" = "${its_id:0:32}" ]
	done
	# and that of the pod itself, if there is one
	[ "$(contidctl list --json | jq length)" -eq "$containers" ]
}

@test "a container whose ID is refused does not start, podman says so and can remove it" {
	create demo -- mkdir /tmp/refused
	sleeper
	contidctl register "$pid" "$contid"
	run podman start --attach demo
	[ "$status" -ne 0 ]
	[[ $output == *hook* ]]
	[ ! -e "$root/tmp/refused" ]
	journal_is "$error" "container \"$id\": *$contid already*\(Name not unique on network); it does not start \(on-refused=refuse, see $config)"
	kill -9 "$pid"
	wait_for no_containers
	podman start --attach demo
	[ -d "$root/tmp/refused" ]
	podman rm demo
}

@test "without the module podman's containers start, with a warning, or not at all if the site says so" {
	modprobe -r audit_contid
	create demo -- mkdir /tmp/unlabelled
	podman start --attach demo
	[ -d "$root/tmp/unlabelled" ]
	journal_is "$warning" "container \"$id\": the module is not loaded: *\(No such file or directory); it starts *\(on-missing=warn, see $config)"
	no_journal
	configure on-missing=refuse
	create other -- mkdir /tmp/not-at-all
	run podman start --attach other
	[ "$status" -ne 0 ]
	[ ! -e "$root/tmp/not-at-all" ]
	journal_is "$error" "container \"$id\": *\(No such file *; it does not start \(on-missing=refuse, see $config)"
}

# built OPTION...: an image with two RUN steps
built() {
	mkdir "$dir/context"
	cp -a "$root" "$dir/context/root"
	printf '%s\n' 'FROM scratch' 'COPY root /' 'RUN ["/bin/mkdir", "/tmp/one"]' \
		'RUN ["/bin/mkdir", "/tmp/two"]' >"$dir/context/Containerfile"
	auditctl -a always,exit -F arch=b64 -S mkdir -k hook >/dev/null
	podman build --layers=false "$@" -t built "$dir/context"
	auditctl -D >/dev/null
	records | grep -aE '^type=SYSCALL.*comm="mkdir" exe="/bin/busybox"' >"$dir/steps"
	podman rmi --force built
	[ "$(wc -l <"$dir/steps")" -eq 2 ]
}

# bats test_tags=everywhere
@test "podman build: each RUN step is a container, which begins and ends" {
	! on_bullseye || skip "podman 3 calls no hook when it builds"
	built --isolation oci --network none
	[ "$(grep -aoE ' contid=[0-9a-f-]+$' "$dir/steps" | sort -u | wc -l)" -eq 2 ]
	grep -aoE '[0-9a-f-]{36}$' "$dir/steps" >"$dir/ids"
	while read -r contid; do
		begun 1
		wait_for ended 1
	done <"$dir/ids"
}

# bats test_tags=thorough
@test "podman build --isolation chroot has no runtime and calls no hook: its steps carry no ID" {
	built --isolation chroot --network host
	[ "$(grep -ac contid= "$dir/steps" || true)" -eq 0 ]
	[ "$(count 'op=register')" -eq 0 ]
}

@test "a plain user's podman starts its containers, with a notice" {
	home=$dir/home
	mkdir "$home"
	cp -r "$root" "$home/root"
	chown -R 65534:65534 "$home"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$dir"
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$PATH" HOME="$home" \
		XDG_RUNTIME_DIR="$home" podman --cgroup-manager cgroupfs --events-backend none \
		--storage-driver vfs run --network none --cgroups disabled \
		--rootfs "$home/root" mkdir /tmp/rootless </dev/null 3>&-
	[ -d "$home/root/tmp/rootless" ]
	journal_is "$notice" "*needs CAP_AUDIT_CONTROL*\(Operation not permitted)*; it starts *\(rootless=notice, see $config)"
}

# bats test_tags=everywhere
@test "with the hook taken away podman starts containers as before" {
	make -C "$PROJECT" uninstall-hook
	create demo -- mkdir /tmp/without
	podman start --attach demo
	[ -d "$root/tmp/without" ]
	begun 0
	make -C "$PROJECT" install-hook
}
