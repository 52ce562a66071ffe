#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The container of the process that a signal was meant for.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

# ten thousand processes, on a machine that is emulated and perhaps not alone
export BATS_TEST_TIMEOUT=900

setup() {
	dir=$BATS_TEST_TMPDIR
	auditctl -D >/dev/null
	auditctl -a always,exit -F arch=b64 -S kill,tgkill,pidfd_send_signal,ptrace \
		-k signals >/dev/null
}

teardown() {
	[ -z "${pid_max:-}" ] || sysctl -q kernel.pid_max="$pid_max"
	auditctl -D >/dev/null
	timeout 60 bash -c "while contidctl list | grep -E '$A|$B'; do :; done"
}

# bats test_tags=everywhere
@test "a signal from the host into a container names the container as its object" {
	contidctl run "$A" -- sleep 1000 3>&- &
	runner=$!
	# it has another child for a while, which sends a record
	until_true "pgrep -P $runner -x sleep"
	target=$(pgrep -P "$runner" -x sleep)
	[ "$(contidctl get "$target")" = "$A" ]
	kill -KILL "$target"
	wait "$runner" || true
	log_now >"$dir/log"
	grep -a "^type=OBJ_PID .*opid=$target " "$dir/log" | tr '\035' '\n' | grep -aE "ocomm=\"sleep\" ocontid=$A\$"
	id=$(grep -a "^type=OBJ_PID .*opid=$target " "$dir/log" | grep -aoE 'audit\([^)]*\)')
	[ "$(grep -aF "$id" "$dir/log" | grep -ac ' contid=')" -eq 0 ]
}

# objects PID: of each OBJ_PID record of it in the log, what it ends with
objects() {
	grep -a "^type=OBJ_PID .*opid=$1 " "$dir/log" | sed 's/\x1d.*//; s/.* //'
}

# bats test_tags=everywhere
@test "tgkill, pidfd_send_signal and ptrace name the container of their target" {
	mkfifo "$dir/up"
	contidctl run "$A" -- sh -c "echo \$\$ >$dir/up; exec sleep 1000" 3>&- &
	runner=$!
	read -r target <"$dir/up"
	for how in tgkill pidfd ptrace; do
		"$bin/aim" "$how" "$target"
	done
	# from another container, too
	for how in tgkill pidfd ptrace; do
		contidctl run "$B" -- "$bin/aim" "$how" "$target"
	done
	kill -KILL "$target"
	wait "$runner" || true
	log_now >"$dir/log"
	[ "$(objects "$target" | grep -cx "ocontid=$A")" -eq 7 ]
	[ "$(objects "$target" | wc -l)" -eq 7 ]
}

@test "each of forty members of a process group is named with its container" {
	mkfifo "$dir/up"
	# older than the clock tick that the event's stamp is taken from, as in kills.c
	contidctl run "$A" -- setsid sh -c "i=0; while [ \$i -lt 39 ]; do sleep 1000 & i=\$((i + 1)); done
		sleep 0.1; echo \$\$ >$dir/up; exec sleep 1000" 3>&- &
	runner=$!
	read -r group <"$dir/up"
	kill -KILL -- "-$group"
	wait "$runner" || true
	log_now >"$dir/log"
	id=$(grep -a "^type=OBJ_PID .*opid=$group " "$dir/log" | grep -aoE 'audit\([^)]*\)')
	grep -aF "$id" "$dir/log" | grep -a ^type=OBJ_PID | sed 's/\x1d.*//; s/.* //' >"$dir/members"
	[ "$(grep -cx "ocontid=$A" "$dir/members")" -eq 40 ]
	[ "$(wc -l <"$dir/members")" -eq 40 ]
}

@test "a signal out of a container to a host process has no object container" {
	sleep 1000 3>&- &
	target=$!
	contidctl run "$A" -- sh -c "kill -KILL $target"
	wait "$target" || true
	log_now >"$dir/log"
	[ "$(grep -a "^type=OBJ_PID .*opid=$target " "$dir/log" | grep -ac ocontid)" -eq 0 ]
	id=$(grep -a "^type=OBJ_PID .*opid=$target " "$dir/log" | grep -aoE 'audit\([^)]*\)')
	grep -aF "$id" "$dir/log" | grep -a "^type=SYSCALL" | grep -a "contid=$A"
}

# bats test_tags=everywhere
@test "of thousands of targets that are killed and reaped at once, with few numbers, none is named wrongly" {
	local times=${LONG:+10000}
	# a smaller log, of which auditd's five files have room for all
	auditctl -a always,exclude -F msgtype=PROCTITLE >/dev/null
	pid_max=$(sysctl -n kernel.pid_max)
	sysctl -q kernel.pid_max=600
	# others take the numbers as soon as they are free
	contidctl run "$B" -- sh -c 'while :; do /bin/true; done' 3>&- &
	runner=$!
	contidctl run "$A" -- "$bin/kills" "${times:=1000}"
	kill -KILL "$(pgrep -P "$runner" -x sh)"
	wait "$runner" || true
	log_now >"$dir/log"
	all=$(grep -ac 'type=OBJ_PID.*ocomm="kills"' "$dir/log")
	ours=$(grep -a 'type=OBJ_PID.*ocomm="kills"' "$dir/log" | grep -ac "ocontid=$A")
	unknown=$(grep -a 'type=OBJ_PID.*ocomm="kills"' "$dir/log" | grep -acF "ocontid=?" || true)
	echo "# of $all targets $ours named, $unknown unknown" >&3
	[ "$all" -eq "$times" ]
	[ "$((ours + unknown))" -eq "$times" ]
	[ "$ours" -ge $((times * 9 / 10)) ]
}
