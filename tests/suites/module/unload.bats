#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The module goes, and comes, while others are in the middle of something: none
# of it stays behind, nobody waits for ever, and nothing is lost.
# depends on: kernel
# Elsewhere than on the first kernel: what its locks, its RCU and its queue decide.
# vm: last

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

fair_server=/sys/kernel/debug/sched/fair_server/cpu1/runtime

setup() {
	modprobe audit_contid
	mapfile -t symbols < <(probed)
	spinner=
	fair_runtime=
	storms=()
	contained=()
	T=$BATS_TEST_TMPDIR
	auditd=$(</run/auditd.pid)
	end_rules
	log_mark
}

teardown() {
	kill -CONT "$auditd"
	release_queue
	end_storms
	[ "${#contained[@]}" -eq 0 ] || kill -KILL "${contained[@]}" 2>/dev/null || true
	end_rules
	auditctl -b 8192 --backlog_wait_time 60000 >/dev/null
	modprobe audit_contid
	until_true no_containers
}

end_storms() {
	[ ${#storms[@]} -gt 0 ] || return 0
	kill "${storms[@]}"
	wait "${storms[@]}" || true
	storms=()
}

loaded() { grep -q '^audit_contid ' /proc/modules; }

held_by() { [ "$(awk '$1 == "audit_contid" { print $3 }' /proc/modules)" = "$1" ]; }

# no trace of the module, apart from what it wrote
nothing_left() {
	run loaded
	[ "$status" -eq 1 ]
	[ ! -e /dev/audit_contid ]
	[ "${#symbols[@]}" -ge 5 ]
	run grep -F "$(printf ' %s+\n' "${symbols[@]}" contid_heartbeat)" \
		/sys/kernel/debug/kprobes/list
	[ "$status" -eq 1 ]
	run grep -E 'audit_contid|contid_' /sys/kernel/tracing/enabled_functions
	[ "$status" -eq 1 ]
	[ "$(awk '$3 < 0 || $3 == "-"' /proc/modules | wc -l)" -eq 0 ]
}

# in_container CONTID COMMAND: bash, as process $pid, runs it in the container as
# soon as there is a line in the pipe go.CONTID
in_container() {
	mkfifo "$T/go.$1" "$T/up.$1"
	bash -c "echo >$T/up.$1; read -r _ <$T/go.$1; $2" 3>&- &
	pid=$!
	contained+=("$pid")
	read -r _ <"$T/up.$1"
	contidctl register "$pid" "$1"
}

full_queue_or_skip() {
	[[ ${KERNEL:-} != debug* ]] ||
		skip "this kernel makes records more slowly than kauditd passes them on"
}

# waiting_for_audit COMM COUNT: so many wait for room in the queue
waiting_for_audit() {
	local dir comm place count=0

	for dir in /proc/[0-9]*; do
		read -r comm 2>/dev/null <"$dir/comm" || continue
		[[ $comm =~ ^$1$ ]] || continue
		# where it sleeps: the file has no end of a line
		place=
		read -r place 2>/dev/null <"$dir/wchan" || true
		# before 5.16 it says 0
		[[ $place != 0 ]] || read -r place 2>/dev/null <"$dir/stack" || continue
		[[ " $place" != *' audit_log_start'* ]] || count=$((count + 1))
	done
	[ "$count" -ge "$2" ]
}

# has_none_left PID...: all of them have ended
has_none_left() {
	local of

	for of; do
		[ ! -e "/proc/$of" ] || return 1
	done
}

# stirring COMMAND...: do it, and if it fails, make a record: the kernel wakes one of
# those that wait for room each time it has sent some, and the last one only then
stirring() {
	"$@" || {
		auditctl -m stir >/dev/null
		false
	}
}

# From here on nothing leaves the queue of records, and nothing gets lost: the
# thread that empties it waits for a CPU that somebody else has.
hold_queue() {
	taskset -p 1 $BASHPID >/dev/null
	taskset -p 2 "$(pgrep -x kauditd)" >/dev/null
	sysctl -q kernel.sched_rt_runtime_us=-1
	if [ -e "$fair_server" ]; then
		fair_runtime=$(<"$fair_server")
		echo 0 >"$fair_server"
	fi
	mkfifo "$T/spins"
	taskset 2 chrt -f 50 bash -c "echo >$T/spins; while :; do :; done" 3>&- &
	spinner=$!
	read -r _ <"$T/spins"
}

release_queue() {
	[ -n "$spinner" ] || return 0
	kill "$spinner"
	wait "$spinner" || true
	spinner=
	[ -z "$fair_runtime" ] || echo "$fair_runtime" >"$fair_server"
	sysctl -q kernel.sched_rt_runtime_us=950000
	taskset -p 3 "$(pgrep -x kauditd)" >/dev/null
}

# bats test_tags=everywhere
@test "an unloaded module leaves nothing behind" {
	for symbol in "${symbols[@]}"; do
		grep -F " $symbol+" /sys/kernel/debug/kprobes/list
	done
	modprobe -r audit_contid
	nothing_left
	written | grep -E 'op=unload .* containers=0 .* res=1$'
}

@test "a live container holds the module" {
	in_container "$A" true
	run modprobe -r audit_contid
	[ "$status" -ne 0 ]
	[[ $output == *"in use"* ]]
	held_by 1
	echo >"$T/go.$A"
	wait "$pid"
	modprobe -r audit_contid
	nothing_left
}

@test "an open file descriptor of the device holds the module" {
	exec 8<>/dev/audit_contid
	run modprobe -r audit_contid
	[ "$status" -ne 0 ]
	[[ $output == *"in use"* ]]
	exec 8>&-
	modprobe -r audit_contid
	nothing_left
}

# bats test_tags=everywhere
@test "two processes that load or unload at once do no harm" {
	for _ in 1 2 3; do
		modprobe -r audit_contid &
		first=$!
		modprobe -r audit_contid || true
		wait "$first" || true
		nothing_left
		modprobe audit_contid &
		first=$!
		modprobe audit_contid
		wait "$first"
		loaded
	done
	[ "$(written | grep -cE '^type=KERNEL_OTHER .*op=unload ')" -eq 3 ]
	[ "$(written | grep -cE '^type=KERNEL_OTHER .*op=load ')" -eq 3 ]
}

# bats test_tags=everywhere
@test "fifty contained tasks that wait for room in the queue hold the module, and all get through" {
	full_queue_or_skip
	rule -S mkdir
	in_container "$A" "for n in {1..50}; do mkdir $T/made.\$n & done; wait"
	auditctl -b 8 --backlog_wait_time 60000 --reset-lost >/dev/null
	kill -STOP "$auditd"
	hold_queue
	others=()
	for n in 1 2 3 4 5 6; do
		mkdir "$T/host.$n" 3>&- &
		others+=($!)
	done
	until_true waiting_for_audit mkdir 1
	echo >"$T/go.$A"
	until_true waiting_for_audit mkdir 50
	begin=$SECONDS
	run timeout 20 modprobe -r audit_contid
	[ "$status" -eq 1 ]
	[[ $output == *"in use"* ]]
	# the kernel says so too, by delete_module()
	number=176
	[ "$HOSTTYPE" != aarch64 ] || number=106
	run perl -e '$name = "audit_contid"; syscall($ARGV[0], $name, 2048) == 0 or print $!{EAGAIN} ? "in use" : $!' \
		$number
	[ "$output" = "in use" ]
	[ $((SECONDS - begin)) -lt 20 ]
	# ten of them are killed meanwhile, and are heard nevertheless
	pgrep -x mkdir | tail -n 10 | xargs kill -KILL
	waiting_for_audit mkdir 50
	kill -CONT "$auditd"
	release_queue
	until_true stirring has_none_left "$pid" "${others[@]}"
	wait "$pid" "${others[@]}"
	auditctl -b 8192 >/dev/null
	syscalls >"$T/calls"
	[ "$(grep -c "^$A mkdir " "$T/calls")" -eq 50 ]
	[ "$(grep -c '^- mkdir ' "$T/calls")" -eq 6 ]
	[ "$(wc -l <"$T/calls")" -eq 56 ]
	auditctl -s | grep -x 'lost 0'
	[ "$(drops "$A")" -eq 1 ]
	modprobe -r audit_contid
	nothing_left
}

# stop_daemon TIME: keep the queue full while the daemon stands still. TIME is in
# ticks, of which a second has 250 or 1000; each record waits for that long.
stop_daemon() {
	rule -S mkdir
	auditctl -b 8 --backlog_wait_time "$1" >/dev/null
	kill -STOP "$auditd"
	for n in 1 2 3 4 5 6 7 8 9 10; do
		"$bin/churn" "storm$n" 1000000 3>&- &
		storms+=($!)
	done
	until_true waiting_for_audit 'storm[0-9]+' 8
}

go_on() {
	kill -CONT "$auditd"
	end_storms
	auditctl -b 8192 >/dev/null
}

@test "unloading with a pending record and a full queue takes no longer than the backlog's wait time" {
	full_queue_or_skip
	in_container "$A" true
	stop_daemon 1500
	echo >"$T/go.$A"
	until_true held_by 0
	begin=$SECONDS
	timeout 60 modprobe -r audit_contid
	[ $((SECONDS - begin)) -le 30 ]
	nothing_left
	go_on
	wait "$pid"
}

@test "loading with a full queue takes no longer than the backlog's wait time" {
	full_queue_or_skip
	modprobe -r audit_contid
	stop_daemon 1500
	begin=$SECONDS
	timeout 60 modprobe audit_contid
	[ $((SECONDS - begin)) -le 30 ]
	go_on
	run contidctl run "$A" -- sh -c 'contidctl get $$'
	[ "$output" = "$A" ]
}

# bats test_tags=everywhere
@test "loaded and unloaded again and again under a storm of forks and records" {
	local times=${LONG:+25}
	modprobe -r audit_contid
	rule -S mkdir,wait4,exit_group
	for n in 1 2 3; do
		"$bin/churn" "storm$n" 1000000 3>&- &
		storms+=($!)
	done
	for ((i = 0; i < ${times:=2}; i++)); do
		modprobe audit_contid
		[ "$(contidctl run "$A" -- "$bin/spawn" vfork 3 sh -c 'contidctl get $$' | sort -u)" = "$A" ]
		contidctl run "$A" -- "$bin/churn" contained 10
		timeout 60 modprobe -r audit_contid
		nothing_left
	done
	end_storms
	syscalls >"$T/calls"
	[ "$(grep -c "^$A contained [0-9]* $mkdir_nr " "$T/calls")" -eq $((10 * times)) ]
	[ "$(grep -c '^- contained ' "$T/calls")" -eq 0 ]
	[ "$(grep -c '^[^-].* storm' "$T/calls")" -eq 0 ]
	[ "$(drops "$A")" -eq $((2 * times)) ]
}

@test "rmmod -f with live containers says how many, and nobody dies of it" {
	rule -S mkdir
	in_container "$A" "mkdir $T/made.in; read -r _ <$T/go.$A; mkdir $T/made.out"
	first=$pid
	in_container "$B" true
	echo >"$T/go.$A"
	until_true [ -d "$T/made.in" ]
	rmmod -f audit_contid
	nothing_left
	written | grep -E 'op=unload .* containers=2 .* res=1$'
	modprobe audit_contid
	[ "$(contidctl list | wc -l)" -eq 1 ]
	echo >"$T/go.$A"
	wait "$first"
	echo >"$T/go.$B"
	wait "$pid"
	syscalls >"$T/calls"
	[ "$(grep -c "^$A mkdir " "$T/calls")" -eq 1 ]
	[ "$(grep -c '^- mkdir ' "$T/calls")" -eq 1 ]
	[ "$(drops "$A")" -eq 0 ]
}
