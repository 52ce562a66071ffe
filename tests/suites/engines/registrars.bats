#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What registers a container is killed, hangs, or is gone: each container that starts then
# carries an ID or is on record as one that nobody has registered, or it does not start, as
# the configuration says. Prints how many did what; LONG=1 tries 100.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: neither. What the module records of them is in unlabelled, on each kernel.
# vm: LAYER=engines

[ -z "${LONG:-}" ] || export BATS_TEST_TIMEOUT=2700

# shellcheck source=tests/lib/cri.bash
. "$BATS_TEST_DIRNAME/../../lib/cri.bash"
# shellcheck source=tests/lib/judged.bash
. "$BATS_TEST_DIRNAME/../../lib/judged.bash"

hook=$programs/audit-contid-oci-hook
# seconds after which something is killed: before it has begun, in between, and when it is over
moments=(0.001 0.02 0.04 0.08 0.16 0.32 0.64 1.28)
[ -z "${LONG:-}" ] || moments=(0.001 0.0{1..9} 0.{10..24} 0.3 0.4 0.5 0.7 1 1.5)

setup_file() {
	dir=$BATS_FILE_TMPDIR
	rootfs "$dir/root"
	kubernetes "$dir"
	cri_image "$dir/root" /bin/sleep 1000
}

teardown_file() {
	containerd_end
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_FILE_TMPDIR
	pod=
	begun=()
	watch=
	bundle "$PWD" /bin/true
	cp config.json without-hook
	: >journal
	tried_anew
}

teardown() {
	local one

	auditctl -D >/dev/null
	[ ! -e "$hook.away" ] || mv "$hook.away" "$hook"
	[ -e /sys/module/audit_contid ] || modprobe audit_contid
	for one in "${begun[@]}"; do
		"${one%%:*}" delete --force "${one#*:}" 2>/dev/null || true
	done
	[ -z "$watch" ] || kill "$watch"
	[ -z "$pod" ] || cri remove "$pod"
	nri_end
	wait_for no_containers
}

# hooked COMMAND...: what config.json has as its hook, with the time that we give it
hooked() {
	configure "$PWD" '.hooks.createRuntime = [{path: args[0], args: args, timeout: 30}]' "$@"
}

# started RUNTIME [COMMAND...]: a container by create and start, as engines do it. $tries counts
# them, and $ran those whose start has succeeded
started() {
	local name=c-$BATS_TEST_NUMBER-$((tries += 1))

	begun+=("$1:$name")
	if quiet "${@:2}" "$1" create --bundle "$PWD" "$name" >>said 2>&1 &&
		"$1" start "$name" >>said 2>&1; then
		ran=$((ran + 1))
	fi
}

@test "the hook is killed at any moment: the container does not start, or is labelled" {
	for runtime in crun runc; do
		tried_anew
		for moment in "${moments[@]}"; do
			hooked /usr/bin/timeout -s KILL "$moment" "$hook" --runtime "$runtime"
			started "$runtime"
		done
		judged "$runtime, the hook is killed"
		[ "$recorded" -eq 0 ]
	done
}

# bats test_tags=thorough
@test "the hook hangs: the runtime ends it, and the container does not start" {
	hooked /bin/sleep 1000
	configure "$PWD" '.hooks.createRuntime[0].timeout = 1'
	for runtime in crun runc; do
		started "$runtime"
	done
	judged "the hook hangs"
	[ "$refused" -eq 2 ]
}

# bats test_tags=thorough
@test "the hook's program is gone: crun and runc start no container" {
	hooked "$hook.away"
	for runtime in crun crun runc; do
		started "$runtime"
	done
	judged "the hook's program is gone"
	[ "$refused" -eq 3 ]
}

# wrapped COMMAND...: audit-contid-runtime, as containerd calls it in the place of runc
wrapped() {
	local name=w-$BATS_TEST_NUMBER-$((tries += 1))

	cp without-hook config.json
	begun+=("runc:$name")
	if quiet "$@" "$programs/bin/runc" create --bundle "$PWD" "$name" >>said 2>&1 &&
		runc start "$name" >>said 2>&1; then
		ran=$((ran + 1))
	fi
	# that is whole, with the hook or without
	jq -e .process config.json >/dev/null
}

# bats test_tags=thorough
@test "the stand-in for runc is killed at any moment: the container does not start, or is labelled" {
	# runc takes its time, too
	for moment in "${moments[@]}" 5; do
		wrapped timeout -s KILL "$moment"
	done
	judged "the stand-in for runc is killed"
	[ "$recorded" -eq 0 ]
}

# bats test_tags=thorough
@test "the stand-in for runc without the hook's program: the container is on record" {
	mv "$hook" "$hook.away"
	wrapped env
	wrapped env
	judged "the stand-in's hook is gone"
	[ "$recorded" -eq 2 ]
}

@test "no registrar at all: each container is on record" {
	for ((i = 0; i < ${LONG:+10} + 5; i++)); do
		started crun
	done
	judged "crun, nobody registers"
	[ "$recorded" -eq "$tries" ]
}

# bats test_tags=thorough
@test "NRI's plugin is gone, killed or hangs: the pod is on record, and adopted afterwards" {
	has_nri || skip "bookworm's containerd has no NRI"
	nri_end
	pod=$(cri pod web-0 plain)
	tries=1 ran=1
	by_nri
	nri_start "$dir"
	gets_its_label "$one"
	pkill -KILL -x audit-contid-nr
	by_nri
	for moment in ${LONG:+0.5 0.7 0.9 1.1 1.3 1.7 2} 0.1 1.5; do
		nri_end
		nri_start "$dir"
		(
			read -r -t "$moment" _ <>/run/never || true
			exec pkill -KILL -x audit-contid-nr
		) &
		killer=$!
		by_nri
		wait "$killer" || true
	done
	nri_end
	nri_start "$dir"
	pkill -STOP -x audit-contid-nr
	by_nri
	pkill -CONT -x audit-contid-nr
	judged "NRI's plugin is gone, is killed, hangs"
	[ "$refused" -eq 0 ]
	# it has come back, and finds what runs
	gets_its_label "$one"
}

@test "adopt --watch registers what NRI's plugin has missed" {
	contidctl adopt --watch 3>&- >watched 2>&1 &
	watch=$!
	until_true grep -q watches watched
	tries=1 ran=1
	pod=$(cri pod web-0 plain)
	by_nri
	gets_its_label "$one"
	judged "adopt --watch instead of NRI's plugin"
	[ "$refused" -eq 0 ]
}

@test "the module is absent: each container is in the journal, and adopted afterwards" {
	syslog_begin "$PWD/journal"
	modprobe -r audit_contid
	id=$(uuidgen -r | tr -d -)$(uuidgen -r | tr -d -)
	bundle "$PWD" /bin/sleep 1000
	configure "$PWD" '.linux.cgroupsPath = args[0]' "/libpod_parent/libpod-$id"
	hooked "$hook"
	begun+=("crun:$id")
	quiet crun run --detach --bundle "$PWD" "$id"
	pid=$(crun state "$id" | jq .pid)
	until_true grep -q "container \"$id\": the module is not loaded" journal
	syslog_end
	modprobe audit_contid
	contidctl adopt
	[ "$(label "$pid")" = "$(contid_of "$id")" ]
}
