# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Nobody escapes.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

# those that this stress-ng has
stressors=()
for name in fork race-sched vfork clone exec io-uring pthread daemon zombie exit-group pidfd; do
	stress-ng --stressors | grep -qwe "$name" && stressors+=("$name")
done

# stress NUMBER: options for two of stress-ng's stressors
stress() {
	local n=${#stressors[@]}
	echo "--${stressors[$1 % n]} 1 --${stressors[($1 + 4) % n]} 1"
}

# starved CONTID SECONDS: become a container that wants more memory than it may have:
# the kernel kills in there again and again
starved() {
	mkdir -p "$cgroups/soak-d"
	echo 64M >"$cgroups/soak-d/memory.max"
	contained soak-d "$1" stress-ng --quiet --vm 2 --vm-bytes 512M -t "$2"
}

# race_all SECONDS: registrations that race with exits, forks and one another
race_all() {
	local end=$((SECONDS + $1)) rounds=0
	while [[ $SECONDS -lt $end ]]; do
		race pidfd 20 >/dev/null || bad "race pidfd: $?"
		race pid 20 >/dev/null || bad "race pid: $?"
		race threads 20 >/dev/null || bad "race threads: $?"
		contend target 4 5 | grep -v '^OK$' && bad "contend target"
		contend contid 4 5 | grep -v '^OK$' && bad "contend contid"
		contend end 4 5 | grep -v '^OK$' && bad "contend end"
		rounds=$((rounds + 1))
	done
	echo "rounds $rounds"
}

# part_processes ROUND
part_processes() {
	local round=$1
	local seconds=${PROCESS_SECONDS:-60} a b c d s pids=() inside
	local pid_max stale failed
	pid_max=$(</proc/sys/kernel/pid_max)
	a=$(new_contid) b=$(new_contid) c=$(new_contid) d=$(new_contid)
	rm -f counts-* out-*
	: >inside
	stale=$(stat_of stale)
	failed=$(stat_of inherit_failed)
	echo 2048 >/proc/sys/kernel/pid_max

	# a container with a mount namespace that others can enter
	(contained soak-b "$b" unshare -m sh -c 'echo $$ >inside; exec sleep infinity') &
	disown
	until [[ -s inside ]]; do sleep 0.1; done
	inside=$(<inside)

	(contained soak-a "$a" oracle "$a" counts-in "$seconds" >out-in) &
	pids+=($!)
	(in_cgroup soak-free oracle - counts-out "$seconds" "/proc/$inside/ns/mnt" "$b" >out-host) &
	pids+=($!)
	s=$round
	# shellcheck disable=SC2046 # several options
	(contained soak-c "$c" stress-ng --quiet --oomable $(stress "$s") -t "$seconds") &
	disown
	# shellcheck disable=SC2046
	(in_cgroup soak-host stress-ng --quiet --oomable $(stress $((s + 2))) -t "$seconds") &
	disown
	(starved "$d" "$seconds") &
	disown
	race_all "$seconds" >out-races &
	pids+=($!)
	overseer "$((seconds - 10))" "soak-a=$a" "soak-c=$c" "soak-d=$d" "soak-host=-" >out-overseer &
	pids+=($!)

	# a whole container at once, in the middle of its work
	sleep $((seconds * 2 / 3))
	end_cgroups soak-c
	for s in "${pids[@]}"; do
		wait "$s" || bad "a process of round $round ended with $?"
	done
	add killed-by-oom "$(awk '/^oom_kill / { print $2 }' "$cgroups/soak-d/memory.events")"
	end_cgroups soak-host soak-b soak-d
	rmdir "$cgroups"/soak-{a,free} 2>/dev/null
	echo "$pid_max" >/proc/sys/kernel/pid_max
	add_line contained out-in
	add_line host out-host
	add_line overseer out-overseer
	add_line race out-races
	add stale $(($(stat_of stale) - stale))
	add killed-unlabelled $(($(stat_of inherit_failed) - failed))
	[[ ${sum[stale]} -eq 0 ]] || bad "stale labels"
	quiet
}
