#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# containerd 2 as Kubernetes has it, with its NRI as it comes and the real plugin: what
# starts, what is entered, what goes, and containerd that is started again.
# depends on: neither. What the module does of it is in main_job, adopt and unlabelled.
# vm: LAYER=forky

# shellcheck source=tests/lib/ways.bash
. "$BATS_TEST_DIRNAME/../../lib/ways.bash"
# shellcheck source=tests/lib/cri.bash
. "$BATS_TEST_DIRNAME/../../lib/cri.bash"

setup_file() {
	dir=$BATS_FILE_TMPDIR
	chmod 755 "$BATS_RUN_TMPDIR" "$dir"
	contidctl setup nri containerd
	echo "# $(containerd --version), $(runc --version | head -n 1)" >&3
	box "$dir/root"
	kubernetes "$dir"
	cri_image "$dir/root" /bin/way pause stay
}

teardown_file() {
	containerd_end
	contidctl setup --undo nri containerd
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_FILE_TMPDIR
	pod=
}

teardown() {
	auditctl -D >/dev/null
	[ -z "$pod" ] || cri remove "$pod"
	nri_end
	wait_for no_containers
}

# has_names NAME...: the containers that are registered have these, in this order
has_names() { [ "$(contidctl list --json | jq -r '.[].label' | sort | xargs)" = "$*" ]; }

# contids: their IDs
contids() { contidctl list --json | jq -r '.[].contid' | sort; }

# pod_by_nri: a pod of which NRI alone has been told: its sandbox executes before that
pod_by_nri() {
	nri_start "$dir"
	pod=$(cri pod web-0 plain)
	until_true has_names shop/web-0
}

# named OP: the containers of the records of an operation
named() {
	log | LC_ALL=C grep -a ": op=$1 .*res=1" | grep -aoE ' ocontid=[0-9a-f-]{36}' | cut -d= -f2 | sort
}

# bats test_tags=thorough
@test "by NRI alone a pod's sandbox is on record as unlabelled, and is registered at once, with its name" {
	log_mark
	pod_by_nri
	until_true "log | grep -aq 'op=unlabelled .* exe=\"/bin/busybox\"'"
	[ "$(log | grep -ac ': op=unlabelled ')" -eq 1 ]
	[ "$(named register)" = "$(contid_of "$pod")" ]
}

# bats test_tags=thorough
@test "by NRI alone a container is tagged from its first instruction, and so is what is executed in there" {
	pod_by_nri
	in_container nginx tagged "a container, by NRI alone"
	begin
	cri exec "$one" /bin/way "$word"
	came_out "CRI: exec, by NRI alone" 1 tagged shop/web-0/nginx
}

# bats test_tags=thorough
@test "by NRI alone a container in the host's PID namespace is tagged from its first instruction" {
	export HOST=1
	pod_by_nri
	in_container nginx tagged "a container in the host's PID namespace, by NRI alone"
}

# bats test_tags=thorough
@test "by the stand-in for runc a pod, a container and an exec are tagged from the first instruction" {
	in_pod runc tagged ""
	begin
	cri exec "$one" /bin/way "$word"
	came_out "CRI: exec" 1 tagged shop/web-0/nginx
}

# bats test_tags=thorough
@test "with the stand-in and the plugin each container is registered once, and the journal has nothing" {
	syslog_begin "$PWD/journal"
	nri_start "$dir"
	in_pod runc tagged ", by both"
	log_mark
	two=$(cri create "$pod" web-0 redis /bin/sleep 1000)
	cri start "$two"
	[ "$(named register)" = "$(contid_of "$two")" ]
	nri_end
	syslog_end
	[ "$(grep -F audit-contid journal | grep -vcF 'it is waited for')" -eq 0 ]
}

# bats test_tags=thorough
@test "the containers of a pod of two have an ID and a name each" {
	pod_by_nri
	in_container nginx tagged "a container of two, by NRI alone"
	in_container redis tagged "the other one, by NRI alone"
	has_names shop/web-0 shop/web-0/nginx shop/web-0/redis
	[ "$(contids | uniq | wc -l)" -eq 3 ]
}

# bats test_tags=thorough
@test "containerd is started again: what runs keeps its ID, and what starts then is tagged" {
	pod_by_nri
	in_container nginx tagged "a container, by NRI alone"
	contids >before
	containerd_end
	# its log begins anew, and the plugin comes back by itself
	containerd_start "$dir" --config "$dir/containerd.toml"
	until_true "[ \$(synchronized '$dir') -eq 1 ]"
	diff before <(contids)
	begin
	cri exec "$one" /bin/way "$word"
	came_out "CRI: exec, behind a restart of containerd" 1 tagged shop/web-0/nginx
	in_container redis tagged "a container, behind a restart of containerd"
}

# bats test_tags=thorough
@test "the end of a container that is removed is on record, once, and its pod's" {
	pod_by_nri
	in_container nginx tagged "a container, by NRI alone"
	log_mark
	contids >all
	cri remove "$pod"
	pod=
	wait_for no_containers
	diff all <(named drop)
}

# bats test_tags=thorough
@test "the plugin comes behind the containers: it registers what runs, with its name" {
	pod=$(cri pod web-0 plain)
	one=$(cri create "$pod" web-0 nginx /bin/sleep 1000)
	cri start "$one"
	no_containers
	nri_start "$dir"
	until_true has_names shop/web-0 shop/web-0/nginx
}
