#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Docker and containerd, set up by contidctl setup: each container is labelled from its
# first instruction, or on record as one without a label.
# depends on: neither. Who enters a container is in adopt and oneshot, on each kernel.
# vm: LAYER=engines APPEND=audit=1

[ -z "${LONG:-}" ] || export BATS_TEST_TIMEOUT=2700

# shellcheck source=tests/lib/docker.bash
. "$BATS_TEST_DIRNAME/../../lib/docker.bash"

setup_file() {
	contidctl setup docker containerd
	containerd_start "$BATS_FILE_TMPDIR"
	docker_start "$BATS_FILE_TMPDIR"
	rootfs "$BATS_FILE_TMPDIR/root"
	tar -C "$BATS_FILE_TMPDIR/root" -c . | command docker import - box 3>&- >/dev/null
}

teardown_file() {
	docker_end
	contidctl setup --undo docker containerd
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	docker ps -aq | xargs -r env docker rm -f >/dev/null
	# it says that there is a systemd
	rm -rf /run/systemd/system
	wait_for no_containers
}

@test "docker run: all that the container does is tagged, nothing that the daemons do is" {
	rule -S execve
	rule -S mkdir
	id=$(docker_run web sh -c '/bin/mkdir /tmp/one; /bin/sh -c "/bin/mkdir /tmp/two"; /bin/sleep 1000')
	until_true "docker top web | grep -q 'sleep 1000'"
	auditctl -D >/dev/null
	contid=$(contid_of "$id")
	log >written
	tagged 7 "docker run" 'exe="/bin/busybox"' "$contid"
	untagged 'comm="(dockerd|containerd|containerd-shim|runc)'
	[ "$(contidctl list --json | jq -r '.[].contid')" = "$contid" ]
	docker rm -f web
	until_true "log | grep -aq 'op=drop .*ocontid=$contid .*res=1'"
}

@test "docker exec is in the container, with the auid of the daemon and not of the person who typed it" {
	id=$(docker_run web sleep 1000)
	rule -S execve
	rule -S mkdir
	(
		echo 1234 >/proc/self/loginuid
		docker exec web /bin/mkdir /tmp/one
	)
	auditctl -D >/dev/null
	log >written
	tagged 2 "docker exec" 'comm="mkdir"' "$(contid_of "$id")"
	# audit_contid(7) has it among the limits
	[ "$(type SYSCALL <written | grep -a 'comm="mkdir"' | grep -ac ' auid=4294967295 ')" -eq 2 ]
	type SYSCALL <written | grep -a ' auid=1234 .*comm="docker"'
	untagged 'comm="(dockerd|containerd|containerd-shim|runc)'
}

# bats test_tags=thorough
@test "of 20 execs by dockerd each is on record with the user of its request, and no other" {
	local i runs=() wanted=()

	# the maker of the container has chosen this one
	docker run -d --name web --network none -e SPO_EXEC_REQUEST_UID=forged box sleep 1000 >id
	contid=$(contid_of "$(<id)")
	rule -S execve
	for i in {1..20}; do
		docker exec -e "SPO_EXEC_REQUEST_UID=user$i" web /bin/true "$i" &
		runs+=("$!")
		wanted+=("/bin/true $i user$i")
	done
	wait "${runs[@]}"
	docker exec web /bin/true nobody
	docker exec web /bin/sh -c 'SPO_EXEC_REQUEST_UID=inside /bin/true'
	until_true on_record 22
	auditctl -D >/dev/null
	log >written
	diff <(pairs "$contid") <(printf '%s\n' "${wanted[@]}" '/bin/true nobody ' \
		"/bin/sh -c 'SPO_EXEC_REQUEST_UID=inside /bin/true' " | sort)
	[ "$(type VIRT_CONTROL <written | grep -ac ' op=exec reason=requested vm="web" ')" -eq 22 ]
	contidctl sessions --json "$contid" >found
	jq -c '.sessions[] | [.request_user, .command, .ran, .pid]' found
	diff <(jq -r '.sessions[] | select(.request_user) | "\(.command) \(.request_user)"' found | sort) \
		<(printf '%s\n' "${wanted[@]}" | sort)
}

@test "of execs by containerd each is on record with the user in front of its command" {
	local i

	ln -sf busybox "$BATS_FILE_TMPDIR/root/bin/env"
	ctr run -d --rootfs "$BATS_FILE_TMPDIR/root" demo /bin/sleep 1000 3>&- </dev/null
	contid=$(contidctl list --json | jq -r '.[].contid')
	for i in 1 2 3; do
		ctr task exec --exec-id "e$i" demo /bin/env "SPO_EXEC_REQUEST_UID=user$i" /bin/true 3>&- </dev/null || true
	done
	until_true on_record 3
	log >written
	type VIRT_CONTROL <written
	ctr task kill -s KILL demo
	until_true 'ctr task list | grep -q "demo .*STOPPED"'
	ctr task rm demo || true
	ctr container rm demo
	[ "$(pairs "$contid" | grep -oE 'user[0-9]+$' | xargs)" = "user1 user2 user3" ]
}

@test "a container that is restarted has the same ID again, and its end is on record" {
	id=$(docker_run web sleep 1000)
	contid=$(contid_of "$id")
	docker restart -t 0 web
	[ "$(contidctl list --json | jq -r '.[].contid')" = "$contid" ]
	[ "$(log | grep -ac "op=register .*ocontid=$contid .*res=1")" -eq 2 ]
	[ "$(log | grep -ac "op=drop .*ocontid=$contid .*res=1")" -eq 1 ]
}

# built: of the two steps of an image each is a container
built() {
	printf 'FROM box\nRUN /bin/mkdir /tmp/one\nRUN /bin/mkdir /tmp/two\n' >Dockerfile
	rule -S mkdir
	docker build --network none -t built . >said 2>&1 || { cat said; false; }
	auditctl -D >/dev/null
	log >written
	type SYSCALL <written | grep -a 'comm="mkdir" exe="/bin/busybox"' >steps
	[ "$(wc -l <steps)" -eq 2 ]
	[ "$(grep -acE ' contid=[0-9a-f-]{36}' steps)" -eq 2 ]
	[ "$(grep -aoE ' contid=[0-9a-f-]{36}' steps | sort -u | wc -l)" -eq 2 ]
}

@test "each step of docker build, by the builder without BuildKit, is a container" {
	DOCKER_BUILDKIT=0 built
}

@test "each step of docker build, by BuildKit, is a container" {
	docker buildx version || skip "Docker has BuildKit's client since trixie"
	DOCKER_BUILDKIT=1 built
}

# bats test_tags=thorough
@test "of several containers that start at once each is registered" {
	local n=${LONG:+100} runs=()

	: "${n:=4}"
	for ((i = 0; i < n; i++)); do
		docker run --rm --network none box true &
		runs+=("$!")
	done
	# not for the process that bats has to end a test that takes too long
	wait "${runs[@]}"
	wait_for no_containers
	[ "$(log | grep -ac 'op=register .*res=1')" -eq "$n" ]
	[ "$(log | grep -ac 'op=drop .*res=1')" -eq "$n" ]
}

@test "ctr run through containerd: the container is tagged from its first instruction" {
	rule -S execve
	rule -S mkdir
	ctr run --rm --rootfs "$BATS_FILE_TMPDIR/root" demo /bin/mkdir /tmp/ctr 3>&- </dev/null
	auditctl -D >/dev/null
	log >written
	contid=$(sed -nE 's/.*op=register .*ocontid=([0-9a-f-]{36}) .*res=1.*/\1/p' written)
	tagged 2 "ctr run" 'comm="mkdir"' "$contid"
}

@test "without the hook's program a container starts, and is on record as unlabelled" {
	mv "$programs/audit-contid-oci-hook" "$BATS_FILE_TMPDIR/away"
	docker run --rm --network none box true
	mv "$BATS_FILE_TMPDIR/away" "$programs/audit-contid-oci-hook"
	until_true "log | grep -aq 'op=unlabelled .*exe=\"/bin/busybox\"'"
	[ "$(log | grep -ac op=register || true)" -eq 0 ]
}

# with_systemd COMMAND...: on a machine whose systemd has Docker reload its file
with_systemd() {
	mkdir -p /run/systemd/system path
	cat >path/systemctl <<-'END'
		#!/bin/sh
		case $1 in
		is-active) pgrep -x dockerd >/dev/null ;;
		reload) pkill -HUP -x dockerd ;;
		esac
	END
	chmod 755 path/systemctl
	PATH=$PWD/path:$PATH "$@"
	rm -r /run/systemd/system
}

has_default() { docker info --format '{{.DefaultRuntime}}' | grep -qx "$1"; }

@test "undo gives Docker its own runtime back without a restart, setup takes it again" {
	with_systemd contidctl setup --undo docker
	[ ! -e /etc/docker/daemon.json ]
	until_true has_default runc
	with_systemd contidctl setup docker
	until_true has_default audit-contid
	docker run --rm --network none box true
	[ "$(log | grep -ac 'op=register .*res=1')" -eq 1 ]
}

@test "undo with a daemon.json of the site's: a dockerd that runs forgets our runtime, too" {
	contidctl setup --undo docker
	mkdir -p /etc/docker
	echo '{ "max-concurrent-uploads": 3 }' >/etc/docker/daemon.json
	with_systemd contidctl setup docker
	until_true has_default audit-contid
	with_systemd contidctl setup --undo docker >said
	[ "$(</etc/docker/daemon.json)" = '{ "max-concurrent-uploads": 3 }' ]
	until_true has_default runc
	docker info --format '{{json .Runtimes}}' >runtimes
	rm /etc/docker/daemon.json
	with_systemd contidctl setup docker
	until_true has_default audit-contid
	cat said runtimes
	grep -q 'systemctl restart docker' said
	[ "$(grep -c audit-contid runtimes)" -eq 0 ]
}

@test "without systemd setup and undo say that Docker is to be restarted" {
	contidctl setup --undo docker >said
	contidctl setup docker >>said
	cat said
	[ "$(grep -c '^Docker: no systemd runs that reloads it: restart it' said)" -eq 2 ]
}
