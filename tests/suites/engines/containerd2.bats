#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# containerd 2 as Kubernetes has it, with its NRI as it comes and the real plugin: what
# starts, what is entered, what goes, containerd that is started again, and a plugin that is
# killed, hangs or is cut off while containers start. LONG=1 tries 100 of these.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: neither. What the module does of it is in main_job, adopt and unlabelled.
# vm: LAYER=forky

[ -z "${LONG:-}" ] || export BATS_TEST_TIMEOUT=2700

# shellcheck source=tests/lib/ways.bash
. "$BATS_TEST_DIRNAME/../../lib/ways.bash"
# shellcheck source=tests/lib/cri.bash
. "$BATS_TEST_DIRNAME/../../lib/cri.bash"
# shellcheck source=tests/lib/judged.bash
. "$BATS_TEST_DIRNAME/../../lib/judged.bash"

# something fails after so many hundredths of the time that a container's making and start take:
# when it is made, when the plugin is told of it, and when it runs
moments=(10 50 80 120)
[ -z "${LONG:-}" ] || moments=({5..100..5} 110 120 140)

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
	watch=
	syslogd=
	ones=()
}

teardown() {
	auditctl -D >/dev/null
	pkill -CONT -x audit-contid-nr || true
	[ -z "$watch" ] || kill "$watch"
	[ -z "$syslogd" ] || syslog_end
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	pgrep -x containerd || containerd_start "$dir" --config "$dir/containerd.toml"
	[ -z "$pod" ] || cri remove "$pod"
	nri_end
	relay_end
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
	# and the plugin has been told of it
	[ "$(log | grep -ac ": op=register .* ocontid=$(contid_of "$two") .*res=0")" -eq 1 ]
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

# --- what registers fails

# first_try: of a container whose registrar is well; sets $took, the milliseconds that it takes
first_try() {
	local begin

	tried_anew
	begin=${EPOCHREALTIME/./}
	by_nri
	took=$(((${EPOCHREALTIME/./} - begin) / 1000))
}

# in_a_while MOMENT COMMAND...: in the background, as $later
in_a_while() {
	local wait=$((took * $1 / 100))

	(
		read -r -t "$((wait / 1000)).$(printf %03d $((wait % 1000)))" _ <>/run/never || true
		exec "${@:2}"
	) 3>&- &
	later=$!
}

# relay_start, relay_end: what stands between the plugin and containerd, and can be cut
relay_start() {
	daemon "$dir/relay.log" socat "UNIX-LISTEN:$dir/relay,unlink-early" UNIX-CONNECT:/var/run/nri/nri.sock
	until_true "[ -S '$dir/relay' ]"
}

relay_end() {
	pkill -KILL -x socat || true
	rm -f "$dir/relay"
}

# bats test_tags=thorough
@test "the plugin is killed at any moment: each container is tagged or on record, and registered when it is back" {
	pod_by_nri
	first_try
	for moment in "${moments[@]}"; do
		in_a_while "$moment" pkill -KILL -x audit-contid-nr
		by_nri
		wait "$later"
		nri_start "$dir"
		gets_its_label "$one"
	done
	judged "containerd 2, the plugin is killed"
	[ "$refused" -eq 0 ]
	[ "$labelled" -gt 0 ]
}

# given_up: so many times has containerd hung up, as the plugin did not answer
given_up() { grep -c 'closing plugin 99-audit-contid.*deadline exceeded' "$dir/containerd.log" || true; }

# bats test_tags=thorough
@test "the plugin hangs at any moment: each container is tagged or on record, and registered when it goes on" {
	pod_by_nri
	first_try
	for moment in "${moments[@]}"; do
		before=$(synchronized "$dir") waits=$(given_up)
		in_a_while "$moment" pkill -STOP -x audit-contid-nr
		by_nri
		wait "$later"
		pkill -CONT -x audit-contid-nr
		[ "$(given_up)" -eq "$waits" ] || until_true "[ \$(synchronized '$dir') -gt $before ]"
		gets_its_label "$one"
	done
	judged "containerd 2, the plugin hangs"
	[ "$refused" -eq 0 ]
	[ "$labelled" -gt 0 ]
}

# bats test_tags=thorough
@test "containerd waits once for a plugin that hangs, and the plugin says so and is back when it goes on" {
	pod_by_nri
	before=$(synchronized "$dir") waits=$(given_up)
	syslog_begin "$PWD/journal"
	tried_anew
	pkill -STOP -x audit-contid-nr
	for ((i = 0; i < 3; i++)); do
		by_nri
		ones+=("$one")
	done
	judged "containerd 2, the plugin hangs for long"
	[ "$recorded" -eq 3 ]
	[ "$(given_up)" -eq $((waits + 1)) ]
	[ "$(synchronized "$dir")" -eq "$before" ]
	pkill -CONT -x audit-contid-nr
	until_true "[ \$(synchronized '$dir') -gt $before ]"
	for one in "${ones[@]}"; do
		gets_its_label "$one"
	done
	until_true grep -q 'audit-contid-nri.*: the runtime at .*; it is waited for' journal
}

# bats test_tags=thorough
@test "the plugin's link is cut at any moment: each container is tagged or on record, and registered when the link is back" {
	relay_start
	nri_start "$dir" --socket "$dir/relay"
	pod=$(cri pod web-0 plain)
	until_true has_names shop/web-0
	first_try
	for moment in "${moments[@]}"; do
		in_a_while "$moment" pkill -KILL -x socat
		by_nri
		wait "$later"
		relay_start
		gets_its_label "$one"
	done
	judged "containerd 2, the plugin is cut off"
	[ "$refused" -eq 0 ]
	[ "$labelled" -gt 0 ]
}

# made: containerd is up again, and has made one more container; its ID in $one
made() { one=$(cri create "$pod" web-0 "redis-$tries" /bin/sleep 1000); }

# bats test_tags=thorough
@test "containerd is killed at any moment: what starts is tagged or on record, and the same plugin comes back" {
	pod_by_nri
	plugin=$(pgrep -x audit-contid-nr)
	first_try
	for moment in "${moments[@]}"; do
		in_a_while "$moment" pkill -KILL -x containerd
		by_nri 2>>said || true
		wait "$later"
		until_true "! pgrep -x containerd"
		rm -f /run/containerd/containerd.sock
		containerd_start "$dir" --config "$dir/containerd.toml"
		# the plugin may be away for a second
		tries=$((tries + 1))
		until_true made
		cri start "$one"
		ran=$((ran + 1))
		gets_its_label "$one"
	done
	judged "containerd 2 is killed"
	[ "$labelled" -gt 0 ]
	[ "$ran" -ge "${#moments[@]}" ]
	[ "$(pgrep -x audit-contid-nr)" = "$plugin" ]
	in_container nginx tagged "a container, when containerd has been killed"
}

# gaps: of the file "written", the milliseconds from each op=unlabelled to the registration of
# the same process
gaps() {
	LC_ALL=C awk '
		/: op=(unlabelled|register) / {
			match($0, /audit\([0-9.]+/)
			at = substr($0, RSTART + 6, RLENGTH - 6)
			match($0, / opid=[0-9]+/)
			pid = substr($0, RSTART + 6, RLENGTH - 6)
			if (/: op=unlabelled /)
				begun[pid] = at
			else if (pid in begun)
				printf "%d\n", 1000 * (at - begun[pid])
		}' written
}

# bats test_tags=thorough
@test "adopt --watch registers within a second what a plugin that hangs has missed, and that does so not again" {
	pod_by_nri
	contidctl adopt --watch 3>&- >watched 2>&1 &
	watch=$!
	until_true grep -q watches watched
	tried_anew
	pkill -STOP -x audit-contid-nr
	for ((i = 0; i < ${LONG:+22} + 3; i++)); do
		by_nri
		gets_its_label "$one"
		ones+=("$(contid_of "$one")")
	done
	judged "containerd 2, adopt --watch instead of the plugin"
	[ "$recorded" -eq "$tries" ]
	gaps | sort -n >after
	echo "# adopt --watch: registered after $(xargs <after) ms" >&3
	[ "$(wc -l <after)" -eq "$tries" ]
	[ "$(tail -n 1 after)" -lt 1000 ]
	before=$(synchronized "$dir")
	pkill -CONT -x audit-contid-nr
	until_true "[ \$(synchronized '$dir') -gt $before ]"
	by_nri
	gets_its_label "$one"
	diff <(printf '%s\n' "${ones[@]}" "$(contid_of "$one")" | sort) <(named register)
}

# bats test_tags=thorough
@test "the module is absent: a pod and its container are in the journal, and adopted afterwards" {
	syslog_begin "$PWD/journal"
	nri_start "$dir"
	until_true modprobe -r audit_contid
	tries=0 ran=0
	pod=$(cri pod web-0 plain)
	by_nri
	until_true grep -q 'container "shop/web-0": the module is not loaded' journal
	until_true grep -q 'container "shop/web-0/nginx-1": the module is not loaded' journal
	modprobe audit_contid
	contidctl adopt
	gets_its_label "$one"
	gets_its_label "$pod"
}
