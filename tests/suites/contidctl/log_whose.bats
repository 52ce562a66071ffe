#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Which container is meant: names that look like IDs, and beginnings of several.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

DBAD=dbad0000-1111-4222-8333-444455556666
NAMED=7a7a0000-1111-4222-8333-444455556666
storage=/var/lib/containers/storage/overlay-containers

teardown() {
	rm -rf "$storage" /var/lib/docker/containers/reader-test
}

# podman_has NAME ID...: containers that have this name
podman_has() {
	local id list=()

	for id in "${@:2}"; do
		id=${id//-/}
		list+=("{\"id\":\"$id$id\",\"names\":[\"$1\"]}")
	done
	mkdir -p "$storage"
	(
		IFS=,
		echo "[${list[*]}]" >"$storage/containers.json"
	)
}

@test "a name of hexadecimal digits that also begins an ID is refused, and both are named" {
	podman_has db "$NAMED"
	run -1 --separate-stderr of db db
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"'db' may mean several containers"* ]]
	[[ $stderr == *"id:$NAMED, which has this name: or name:db"* ]]
	[[ $stderr == *"id:$DBAD, which begins so in the log"* ]]
}

@test "name: and id: decide" {
	podman_has db "$NAMED"
	of db name:db | grep -q text=of-7a7a
	of db id:db | grep -q text=of-dbad
	of db "id:$NAMED" | grep -q text=of-7a7a
	run -1 of db name:dbad
	[[ $output == "contidctl: dbad: neither"* ]]
	run -1 of db id:web
	[ "$output" = "contidctl: 'web' is not an ID or the beginning of one" ]
}

@test "a name of hexadecimal digits that begins no ID in the log is the container's" {
	podman_has cafe "$NAMED"
	of db cafe | grep -q text=of-7a7a
}

@test "a name that also begins the ID of the same container is that container" {
	podman_has 7a "$NAMED"
	of db 7a | grep -q text=of-7a7a
}

@test "the beginning of one ID is that one, also from a pipe" {
	[ "$(of db --format raw db | serials)" = 1 ]
	fixture db | contidctl events --input - --input <(fixture db) --format raw 7a >found
	[ "$(grep -c text=of-7a7a found)" -eq 2 ]
}

@test "the beginning of several IDs is refused, and they are named" {
	{
		line USER 1 "contid=dbad0000-1111-4222-8333-444455556666 pid=1 msg='x'"
		line SYSCALL 2 "arch=c000003e contid=$A,^dbad1111-1111-4222-8333-444455556666"
		line KERNEL_OTHER 3 "op=register opid=1 ocontid=dbad2222-1111-4222-8333-444455556666 old-ocontid=-1 res=1"
	} >log
	run -1 --separate-stderr contidctl events --input log dbad
	[ -z "$output" ]
	[ "$(grep -c 'id:dbad.*begins so in the log' <<<"$stderr")" -eq 3 ]
	[ "$(found_in log dbad0)" = 1 ]
}

@test "of more IDs than can be read sixteen are named" {
	for i in $(seq 10 39); do
		line USER "$i" "contid=dbad00$i-1111-4222-8333-444455556666 pid=1 msg='x'"
	done >log
	run -1 --separate-stderr contidctl events --input log db
	[ "$(grep -c 'id:db' <<<"$stderr")" -eq 16 ]
	[[ $stderr == *"and others" ]]
}

@test "a name that several containers have means all of them, and they are named" {
	podman_has web "$NAMED" "$DBAD"
	run -0 --separate-stderr of db web
	[[ $output == *text=of-7a7a* && $output == *text=of-dbad* ]]
	[[ $stderr == "contidctl: 'web' was the name of 2 containers in the time that is searched: "* ]]
	[[ $stderr == *"$NAMED"* && $stderr == *"$DBAD"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "neither a name nor a beginning: one message says that both were tried" {
	run -1 --separate-stderr of db fe
	[ -z "$output" ]
	[[ $stderr == *"no container in the log has an ID that begins with fe, and podman,"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "a whole ID is never taken for a name" {
	podman_has "$DBAD" "$NAMED"
	of db "$DBAD" | grep -q text=of-dbad
}

@test "docker:NAME and podman:NAME look in that engine alone" {
	podman_has web "$NAMED"
	mkdir -p /var/lib/docker/containers/reader-test
	id=${DBAD//-/}
	echo "{\"ID\":\"$id$id\",\"Name\":\"/web\"}" >/var/lib/docker/containers/reader-test/config.v2.json
	of db podman:web | grep -q text=of-7a7a
	of db docker:web | grep -q text=of-dbad
	run -1 of db docker:shop
	[[ $output == "contidctl: docker:shop: neither"* ]]
}

# of_node NODE SERIAL NAME: container A begins there, and does something
of_node() {
	line KERNEL_OTHER "$2" "op=register opid=7 ocontid=$A ppid=1 pid=3 auid=1000 uid=0 res=1 vm=\"$3\"" |
		sed "s/^/node=$1 /"
	line SYSCALL "$(($2 + 1))" "arch=c000003e syscall=83 success=yes pid=7 auid=1000 uid=0 comm=\"x\" exe=\"/usr/bin/x\" key=(null) contid=$A" |
		sed "s/^/node=$1 /"
}

@test "an ID that two machines have made of one name is each machine's own" {
	{
		of_node one 1 web
		of_node two 3 db
	} >log
	for format in text json; do
		contidctl events --input log --format "$format" --all >out
		LC_ALL=C grep -E ':2\)|"serial":2,' out | grep web
		LC_ALL=C grep -E ':4\)|"serial":4,' out | grep db
	done
	[ "$(contidctl events --input log --format raw --node two --all | serials)" = "3 4" ]
	[ "$(contidctl events --input log --format raw -n one web 2>/dev/null | serials)" = "1 2" ]
	run -1 contidctl events --input log --node two web
	[[ $output == *"web: neither an ID"* ]]
	[ "$(contidctl report --input log --node two --format json | jq '.containers[0].events')" = 1 ]
	contidctl tree --input log --node two "$A" | grep -c '/usr/bin/x'
	run -1 contidctl events --input log --node three --all
	[[ $output == *"no record is of the node 'three'"* ]]
}
