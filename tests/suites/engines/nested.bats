#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A container in a container: crun, started by crun in a crun container.
# depends on: userland. crun in crun asks nothing of the kernel that
# errors_container and attacks_relabel do not ask for on each.

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

C=22222222-0123-4123-8123-0123456789ab

# The outer container has what an engine needs, and the device.
setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	bundle "$PWD" sleep 1000
	for link in lib lib64 sbin; do
		ln -s "usr/$link" "rootfs/$link"
	done
	bundle "$PWD/rootfs/inner" sh -c 'until [ -e /tmp/go ]; do :; done; /bin/mkdir /tmp/done; exec /bin/sleep 1000'
	IFS=: read -r major minor </sys/class/misc/audit_contid/dev
	capabilities=$(capsh --decode=1ffffffffff | sed 's/.*=//; s/cap_/CAP_/g; s/[a-z]/\U&/g')
	configure "$PWD" '.process.capabilities[] |= (args[0] | split(",")) |
		del(.linux.resources, .linux.maskedPaths, .linux.readonlyPaths) |
		.linux.devices = [{path: "/dev/audit_contid", type: "c",
			major: (args[1] | tonumber), minor: (args[2] | tonumber)}] |
		.process.env += ["PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/bin"] |
		.mounts += [{destination: "/usr", source: "/usr", type: "bind", options: ["rbind", "ro"]}]' \
		"$capabilities" "$major" "$minor"
	created crun outer "$A" "$PWD"
	outer=$pid
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	crun delete --force outer
	gone "$A" "$B" "$C"
}

# in_outer COMMAND...: what somebody types in there
in_outer() {
	quiet crun exec outer sh -c "$*"
}

# inner COMMAND...: crun in there
inner() {
	in_outer "crun --cgroup-manager=disabled --root=/run/inner $*"
}

# inner_created [CONTID]: a container in there; registered by its own
# orchestrator, by the pid that this one knows it by. $pid is the host's.
inner_created() {
	inner create --bundle /inner inner
	own=$(inner state inner | jq .pid)
	[ $# -eq 0 ] || in_outer "contidctl register $own $1" >/dev/null
	inner start inner
	pid=$(grep -l "^NSpid:.*	$own	1\$" /proc/[0-9]*/status | sed 's,/proc/\(.*\)/status,\1,')
}

@test "an inner container that nobody registered is the outer one's" {
	inner_created
	rule -S execve
	rule -S mkdir
	: >rootfs/inner/rootfs/tmp/go
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	inner exec inner busybox true within
	nsenter -m -t "$pid" busybox true entered
	auditctl -D >/dev/null
	log >written
	tagged 3 "inner container, unregistered" 'comm="(mkdir|sleep)" exe="/bin/busybox"' "$A"
	events 'type=EXECVE .*a2="within"' | placed "$A"
	events 'type=EXECVE .*a2="entered"' | placed "$A"
	[ "$(contidctl get "$pid")" = "$A" ]
}

# bats test_tags=everywhere
@test "a registered inner container carries both, and its pids in the records are the host's" {
	inner_created "$B"
	[ "$own" != "$pid" ]
	[ "$(contidctl get "$pid")" = "$B,^$A" ]
	[ "$(contidctl list --json | jq '.[] | select(.depth == 2) | .first_pid')" = "$pid" ]
	rule -S execve
	rule -S mkdir
	: >rootfs/inner/rootfs/tmp/go
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	auditctl -D >/dev/null
	log >written
	tagged 3 "inner container, registered" 'comm="(mkdir|sleep)" exe="/bin/busybox"' "$B,\^$A"
	grep -aE "op=register opid=$pid ocontid=$B,\^$A old-ocontid=$A .*res=1 contid=$A" written
	type SYSCALL <written | grep -aE " pid=$pid .*comm=\"sleep\""
}

# bats test_tags=everywhere
@test "a process that comes from the host into the inner container carries both, and a third level all three" {
	inner_created "$B"
	rule -S execve
	nsenter -m -t "$pid" busybox true entered
	auditctl -D >/dev/null
	events 'type=EXECVE .*a2="entered"' | placed "$B,^$A"
	nsenter -m -t "$pid" /bin/sleep 2000 3>&- &
	third=$!
	until_true "[ \"\$(contidctl get $third)\" = '$B,^$A' ]"
	contidctl register "$third" "$C"
	[ "$(contidctl get "$third")" = "$C,^$B,^$A" ]
	kill "$third"
	wait "$third" || true
	gone "$C"
}

@test "an inner exec starts in the outer container and keeps that, and the entry is on record" {
	inner_created "$B"
	rule -S execve
	inner exec inner busybox true within
	auditctl -D >/dev/null
	log >written
	events 'type=EXECVE .*a2="within"' | placed "$A"
	grep -aE "op=adopt opid=[0-9]+ ocontid=$B,\^$A .*errno=17 res=0 contid=$A" written
}

@test "the end of the inner container does not end the outer one" {
	inner_created "$B"
	kill -KILL "$pid"
	gone "$B"
	log | grep -aE "op=drop opid=$pid ocontid=$B,\^$A .*res=1"
	[ "$(log | grep -acE "op=drop .*ocontid=$A ")" -eq 0 ]
	[ "$(contidctl get "$outer")" = "$A" ]
	rule -S execve
	crun exec outer busybox true after </dev/null 3>&-
	auditctl -D >/dev/null
	events 'type=EXECVE .*a2="after"' | placed "$A"
}

@test "the inner container keeps what it carries when its engine is killed" {
	inner run --bundle /inner inner &
	until_true "pgrep -f '^sh -c until'"
	pid=$(pgrep -f '^sh -c until')
	own=$(inner state inner | jq .pid)
	engine=$(ps -o ppid= "$pid" | xargs)
	[ "$(contidctl get "$engine")" = "$A" ]
	in_outer "contidctl register --tree $own $B" >/dev/null
	kill -KILL "$engine"
	wait "$!" || true
	[ "$(contidctl get "$pid")" = "$B,^$A" ]
	: >rootfs/inner/rootfs/tmp/go
	until_true "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	[ "$(contidctl get "$pid")" = "$B,^$A" ]
}
