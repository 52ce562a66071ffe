# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What people use instead. Read by guest.sh. Each is measured between two times of
# nothing, as that is no longer what it was in the rounds.
# shellcheck disable=SC2154 # measure and rounds are set there

# shellcheck source=tests/lib/interrupt.bash
. "$PROJECT/tests/lib/interrupt.bash"

# go LINE [DEPTH]: start measure in a process that waits for the word
go() {
	rm -f /run/go
	mkfifo /run/go
	# shellcheck disable=SC2016 # the inner shell expands it
	bash -c 'read -r go </run/go; exec "$@"' \
		go "$measure" -r "$rounds" -d "${2:-0}" "$1" >/run/values &
	gone=$!
}

# went LINE@BESIDE CONDITION: let it go and wait for what it measures
went() {
	sleep 1
	echo go >/run/go
	wait "$gone"
	echo "result $1 $2 $(</run/values)"
}

# alone LINE@BESIDE CONDITION [DEPTH]: the same with nothing of theirs
alone() {
	go "${1%@*}" "${3:-0}"
	went "$1" "$2"
}

# bpf PROGRAM ARGUMENT...: start bpftrace
bpf() {
	bpftrace -B none -e "$@" >/run/bpf.out 2>&1 &
	bpf=$!
	until grep -q ready /run/bpf.out; do
		kill -0 "$bpf" || { cat /run/bpf.out; return 1; }
		sleep 0.5
	done
	# it may still be attaching
	sleep 2
}

bpf_end() {
	interrupt "$bpf"
	wait "$bpf" || true
}

# map LINE CONDITION: a map from process to container that follows fork and exit,
# measured outside of it, or in it from the first process on
map() {
	local seed=0
	go "$1"
	[[ $2 == bpf ]] || seed=$gone
	# shellcheck disable=SC2016 # bpftrace expands it
	bpf 'BEGIN { @map[$1] = 1; printf("ready\n"); }
		tracepoint:sched:sched_process_fork /@map[args->parent_pid]/
			{ @map[args->child_pid] = @map[args->parent_pid]; }
		tracepoint:sched:sched_process_exit /@map[tid]/ { delete(@map[tid]); }' "$seed"
	went "$1@map" "$2"
	bpf_end
}

beside_map() {
	local line
	for line in vfork fork; do
		alone "$line@map" none
		module_load
		alone "$line@map" container 1
		module_unload
		map "$line" bpf
		map "$line" bpf-in
		alone "$line@map" none
	done
}

# Tools that print each program that is executed, by BPF and by perf.
beside_exec() {
	local perf
	alone exec@tools none
	go exec
	bpf 'BEGIN { printf("ready\n"); }
		tracepoint:sched:sched_process_exec
			{ printf("%d %d %s %s\n", pid, uid, comm, str(args->filename)); }'
	went exec@tools bpf-exec
	bpf_end
	go exec
	perf trace -a -e execve -o /run/perf.out &
	perf=$!
	until grep -qs execve /run/perf.out; do
		kill -0 "$perf" || return 1
		sleep 0.5
		/bin/true
	done
	went exec@tools perf
	kill -INT "$perf"
	wait "$perf" || true
	alone exec@tools none
}
