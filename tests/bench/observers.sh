#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the machine: EXECS processes that live for a moment start in a container, in each way and
# beside each observer, one after the other. Prints "observed OBSERVER WAY BUSY OWN SEEN RIGHT
# EXECS" each time: how long the processors were busy until the observer had written all of it,
# and how long the observer's own processes were, in microseconds, or 0 if there is no TIMED=1;
# how many of these executions its output has, and of how many it names the right container.
#
#   children   of a process in the container: fork, vfork and posix_spawn in turn
#   exec       each enters the container's cgroup and its mount namespace, as `docker exec` does
#   nsenter    each enters its mount namespace alone
#
# The observers:
#
#   none       nothing
#   auditd     with a rule for execve
#   module     the same with this module
#   laurel     auditd and LAUREL, without the module
#   map        bpftrace's map from process to container, which follows fork and exit
#   cgroup     bpftrace that prints the path of the cgroup
#   sysdig     with its probe by BPF, prints the cgroups
#
# Who names a container by its cgroup is right if the path has the container's ID.

set -euo pipefail
execs=${EXECS:-1000}
# audit is off until auditd starts for the first time
observers=${OBSERVERS:-none map cgroup sysdig auditd laurel module none}
ways=${WAYS:-children exec nsenter}
helpers=$PROJECT/tests/helpers/bin
audit_log=/var/log/audit/audit.log
sysdig=/opt/sysdig/usr
id=$(printf '%064d' 0 | tr 0 7)
contid=77777777-7777-7777-7777-777777777777
cgroup=/system.slice/docker-$id.scope

for noun in auditd module; do
	# shellcheck source=/dev/null
	. "$PROJECT/tests/bench/$noun.sh"
done
# shellcheck source=tests/lib/laurel.bash
. "$PROJECT/tests/lib/laurel.bash"
# shellcheck source=tests/lib/interrupt.bash
. "$PROJECT/tests/lib/interrupt.bash"

say() { printf '# %s s: %s\n' "$(cut -d' ' -f1 /proc/uptime)" "$*"; }

# --- the container: a shell that starts so many children when it is asked to

container_made() {
	mkdir -p rootfs/{bin,dev,proc,sys}
	cp "$(command -v busybox)" rootfs/bin/busybox
	cp "$helpers/spawns" rootfs/bin/
	ln -sf busybox rootfs/bin/sh
	ln -sf busybox rootfs/bin/true
	mkfifo rootfs/go rootfs/done
	crun spec
	# shellcheck disable=SC2016 # expanded by jq, and in the container
	jq --arg cgroup "$cgroup" '.process.terminal = false | .linux.cgroupsPath = $cgroup |
		.process.args = ["/bin/sh", "-c",
			"while read -r n </go; do /bin/spawns $n /bin/true; echo $? >/done; done"]' \
		config.json >new
	mv new config.json
}

container_start() {
	crun create "$id" </dev/null >container.out 2>&1
	pid=$(crun state "$id" | jq .pid)
	crun start "$id"
	grep -q "$id" "/proc/$pid/cgroup"
}

container_end() { crun delete --force "$id"; }

way_children() {
	local status

	echo "$execs" >rootfs/go
	read -r status <rootfs/done
	[[ $status -eq 0 ]]
}

way_exec() { "$helpers/enter" -n "$execs" -c "/sys/fs/cgroup$cgroup" "$pid" /bin/true; }

way_nsenter() { "$helpers/enter" -n "$execs" "$pid" /bin/true; }

# --- the observers: begin sets $output, where it writes to, and $own, its processes

begin_none() { output='' own=''; }

end_none() { :; }

begin_auditd() {
	mkdir -p /run/audit /run/auditd /run/bench.audit
	sed -e 's/^log_format *=.*/log_format = RAW/' -e 's/^max_log_file *=.*/max_log_file = 1000/' \
		/etc/audit/auditd.conf >/run/bench.audit/auditd.conf
	chmod 640 /run/bench.audit/auditd.conf
	rm -f "$audit_log"
	auditd -c /run/bench.audit
	auditctl -D >/dev/null
	auditctl -b 65536 >/dev/null
	auditctl -a always,exit -F arch=b64 -S execve -S execveat -k bench >/dev/null
	output=$audit_log
	own=$(audit_status pid)
}

end_auditd() {
	auditctl -D >/dev/null
	auditd_stop
}

begin_module() {
	module_load
	contidctl register "$pid" "$contid" >/dev/null
	begin_auditd
}

end_module() {
	end_auditd
	module_unload
}

begin_laurel() {
	laurel_config /etc/laurel/config.toml
	sed -i 's/^active = .*/active = yes/' /etc/audit/plugins.d/laurel.conf
	begin_auditd
	until own=$(pgrep -x laurel) && [[ -s $laurel_log ]]; do
		auditctl -m begin >/dev/null
		sleep 0.2
	done
	own+=" $(audit_status pid)"
	output=$laurel_log
}

end_laurel() {
	end_auditd
	sed -i 's/^active = .*/active = no/' /etc/audit/plugins.d/laurel.conf
}

# bpf PROGRAM ARGUMENT...
bpf() {
	output=/run/observers/bpf.out
	bpftrace -B none -e "$@" >"$output" 2>&1 &
	own=$!
	until grep -q ready "$output"; do
		kill -0 "$own" || { cat "$output"; return 1; }
		sleep 0.5
	done
}

bpf_end() {
	interrupt "$own"
	wait "$own" || true
}

begin_map() {
	# shellcheck disable=SC2016 # bpftrace expands it
	bpf 'BEGIN { @map[$1] = 1; printf("ready\n"); }
		tracepoint:sched:sched_process_fork /@map[args->parent_pid]/
			{ @map[args->child_pid] = @map[args->parent_pid]; }
		tracepoint:sched:sched_process_exit /@map[tid]/ { delete(@map[tid]); }
		tracepoint:sched:sched_process_exec
			{ printf("%d %d %s\n", pid, @map[pid], comm); }' "$pid"
}

end_map() { bpf_end; }

begin_cgroup() {
	bpf 'BEGIN { printf("ready\n"); }
		tracepoint:sched:sched_process_exec
			{ printf("%d %s %s\n", pid, cgroup_path(cgroup), comm); }'
}

end_cgroup() { bpf_end; }

begin_sysdig() {
	output=/run/observers/sysdig.out
	"$sysdig/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$sysdig/lib/x86_64-linux-gnu" \
		"$sysdig/bin/sysdig" --bpf=/opt/sysdig/probe.o --unbuffered -p '%proc.pid %thread.cgroups %proc.name' \
		'evt.type in (execve, execveat)' >"$output" 2>/run/observers/sysdig.err &
	own=$!
	# it has begun when it sees a program
	until [[ -s $output ]]; do
		kill -0 "$own" || { cat /run/observers/sysdig.err; return 1; }
		sleep 0.5
		/bin/true
	done
}

end_sysdig() {
	kill -INT "$own"
	wait "$own" || true
}

# --- what came out

# executions of the program, in each one's output
seen_auditd() { LC_ALL=C grep -a '^type=SYSCALL .* comm="true"' "$1"; }
seen_module() { seen_auditd "$1"; }
seen_laurel() { jq -c 'select(.SYSCALL.comm == "true" or .SYSCALL.COMM == "true")' "$1"; }
seen_map() { grep ' true$' "$1"; }
seen_cgroup() { seen_map "$1"; }
seen_sysdig() { seen_map "$1"; }

# those of the right container
right_auditd() { grep -aF "$id"; }
right_module() { grep -aF " contid=$contid"; }
right_laurel() {
	jq -c --arg id "$id" 'select((.SYSCALL.PID.container.id // .CONTAINER_INFO.ID) == $id)'
}
right_map() { grep ' 1 true$'; }
right_cgroup() { right_auditd; }
right_sysdig() { right_auditd; }

# spent PID...: their processor time, in microseconds
spent() {
	local process task sum=0 time

	for process; do
		for task in "/proc/$process"/task/*/schedstat; do
			read -r time _ <"$task"
			sum=$((sum + time))
		done
	done
	echo $((sum / 1000))
}

# What only has the processor if nobody else wants it: what it does not get is what the
# machine was busy. It stands still while nothing is measured.
idle_made() {
	[[ -n ${TIMED:-} ]] || return 0
	for ((i = 0; i < $(nproc); i++)); do
		chrt -i 0 taskset -c "$i" bash -c 'kill -STOP $$; while :; do :; done' &
		idle+=("$!")
	done
}

# await: when a line comes, waits until $output ends with something of the marker
await_start() {
	rm -f /run/observers/await
	mkfifo /run/observers/await
	perl -e '
		my ($file, $text) = @ARGV;
		<STDIN>;
		while ($file) {
			open(my $fh, "<", $file) or die "$file: $!";
			my $size = -s $fh;
			seek($fh, $size > 65536 ? -65536 : 0, $size > 65536 ? 2 : 0);
			local $/;
			last if index(<$fh> // "", $text) >= 0;
			select(undef, undef, undef, 0.01);
		}' "$output" "$1" </run/observers/await &
	await=$!
	exec {word}>/run/observers/await
}

# observed OBSERVER WAY
observed() {
	local mark=mark$((number += 1)) from=0 begin end idle_begin idle_end own_begin own_end busy seen=- right=-

	cp /bin/true "/run/observers/$mark"
	await_start "$mark"
	[[ -z $output ]] || from=$(stat -c %s "$output")
	# shellcheck disable=SC2086 # several processes
	own_begin=$(spent $own)
	[[ -z ${TIMED:-} ]] || kill -CONT "${idle[@]}"
	idle_begin=$(spent "${idle[@]}")
	begin=${EPOCHREALTIME/./}
	"way_$2"
	"/run/observers/$mark"
	echo >&"$word"
	wait "$await"
	end=${EPOCHREALTIME/./}
	idle_end=$(spent "${idle[@]}")
	[[ -z ${TIMED:-} ]] || kill -STOP "${idle[@]}"
	busy=$((${TIMED:-0} ? $(nproc) * (end - begin) - idle_end + idle_begin : 0))
	# shellcheck disable=SC2086
	own_end=$(spent $own)
	exec {word}>&-
	if [[ -n $output ]]; then
		tail -c +$((from + 1)) "$output" >written
		"seen_$1" written >seen || true
		seen=$(wc -l <seen)
		right=$("right_$1" <seen | wc -l || true)
	fi
	echo "observed $1 $2 $busy $((own_end - own_begin)) $seen $right $execs"
}

mkdir -p /run/observers
mount -t tmpfs tmpfs /var/log/audit
# as Debian installs LAUREL, auditd starts it
sed -i 's/^active = .*/active = no/' /etc/audit/plugins.d/*.conf
mkdir -p /var/log/laurel
cd /run/observers
number=0 idle=()
idle_made
container_made
# what is read for the first time is not counted, and allocators settle
container_start
for way in $ways; do
	"way_$way"
done
container_end
for observer in $observers; do
	say "$observer"
	container_start
	"begin_$observer"
	# what it does once is not counted
	for way in $ways; do
		execs=50 observed "$observer" "$way" >/dev/null
	done
	for way in $ways; do
		observed "$observer" "$way"
	done
	container_end
	"end_$observer"
done
[[ -z ${TIMED:-} ]] || kill -9 "${idle[@]}"
say "end"
