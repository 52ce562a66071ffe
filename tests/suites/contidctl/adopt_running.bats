#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl adopt: containers that were there before the module.
# depends on: neither. It reads paths of cgroups and states of processes, which a
# kernel may not change; the registration itself is in tree, one container in smoke.

# shellcheck source=tests/lib/running.bash
. "$BATS_TEST_DIRNAME/../../lib/running.bash"

@test "the containers of each runtime get their own IDs, and the monitors none" {
	declare -A expected
	local path name monitors=()

	while read -r path name; do
		container "$path"
		expected[$init]=$name
	done <<-END
		machine.slice/libpod-$(digits 01).scope $(id_of 01)
		machine.slice/machine-libpod_pod_$(digits 99).slice/libpod-$(digits 02).scope/container $(id_of 02)
		libpod_parent/$(digits 99)/libpod-$(digits 03) $(id_of 03)
		user.service/libpod-payload-$(digits 04) $(id_of 04)
		docker/$(digits 05) $(id_of 05)
		system.slice/docker-$(digits 06).scope $(id_of 06)
		kubepods.slice/kubepods-pod1.slice/crio-$(digits 07).scope/container $(id_of 07)
		kubepods/besteffort/pod1/crio-$(digits 08) $(id_of 08)
		kubepods.slice/kubepods-pod2.slice/cri-containerd-$(digits 09).scope $(id_of 09)
		kubepods/besteffort/pod2/$(digits 10) $(id_of 10)
		k8s.io/$(digits 11) $(id_of 11)
		system.slice/containerd.service/kubepods-pod3.slice:cri-containerd:$(digits 12) $(id_of 12)
		system.slice/nerdctl-$(digits 13).scope $(id_of 13)
		lxc.payload.web/init.scope $(id_of_name lxc:web)
		lxc/100/ns $(id_of_name lxc:100)
		machine.slice/machine-my\\x2dbox.scope/payload/init.scope $(id_of_name nspawn:my-box)
		machine.slice/systemd-nspawn@other.service/payload $(id_of_name nspawn:other)
	END
	for path in "machine.slice/libpod-conmon-$(digits 01).scope" \
		"kubepods.slice/kubepods-pod1.slice/crio-conmon-$(digits 07).scope" \
		lxc.monitor.web lxc.monitor/100 'machine.slice/machine-my\x2dbox.scope/supervisor' \
		machine.slice/systemd-nspawn@other.service/supervisor system.slice/docker.service; do
		process "$path" sleep infinity
		monitors+=("$pid")
	done

	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(containers)" -eq 17 ]
	for first in "${!expected[@]}"; do
		echo "process $first: ${expected[$first]}"
		[ "$(contidctl get "$first")" = "${expected[$first]}" ]
	done
	for monitor in "${monitors[@]}"; do
		[ "$(label "$monitor")" = -1 ]
	done
	[[ $output == *"Left outside"*"process ${monitors[0]} (sleep)"* ]]
}

@test "cgroups that are not the textbook's: each has its ID, and one of no container is reported" {
	declare -A expected
	local path name node decoys=()

	node=system.slice/docker-$(digits 01).scope
	container "$node/init.scope"
	expected[$init]=$(id_of 01)
	while read -r path name; do
		container "$path"
		expected[$init]=$name
	done <<-END
		$node/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod1.slice/cri-containerd-$(digits 02).scope $(id_of 02),^$(id_of 01)
		system.slice/containerd.service/kubepods-burstable-pod2.slice:cri-containerd:$(digits 03) $(id_of 03)
		kubepods/burstable/pod3/$(digits 04) $(id_of 04)
		kubepods/burstable/pod3/crio-$(digits 05) $(id_of 05)
		ecs/task/$(digits 06) $(id_of 06)
		kubepods.slice/kubepods.slice/kubepods-pod4.slice/kubepods-pod4.slice/crio-$(digits 07).scope $(id_of 07)
		lxc/101/ns/init.scope $(id_of_name lxc:101)
	END
	for path in garden/6f1c2b nomad.slice/share.slice/6f1c2b.redis.scope default/redis \
		system.slice:docker:o4f9sx2b8y3qk7w1m6t5r0zpd; do
		container "$path"
		decoys+=("$init")
	done
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	for first in "${!expected[@]}"; do
		echo "process $first: ${expected[$first]}"
		[ "$(contidctl get "$first")" = "${expected[$first]}" ]
	done
	[ "$(containers)" -eq 8 ]
	for decoy in "${decoys[@]}"; do
		[ "$(label "$decoy")" = -1 ]
		[[ $output == *"though the first of a PID namespace:"*"process $decoy (sleep)"* ]]
	done
}

@test "a crun container as podman has it: first process, children and exec are in it" {
	crun_container "machine.slice/libpod-$(digits 01).scope/container"
	crun exec -d crunned busybox sleep 1001
	until_true "pgrep -fx 'busybox sleep 1001'"
	[ "$(label "$init")" = -1 ]

	contidctl adopt
	[ "$(contidctl get "$init")" = "$(id_of 01)" ]
	[ "$(contidctl get "$(pgrep -fx 'busybox sleep 1001')")" = "$(id_of 01)" ]
	[ "$(contidctl get "$(pgrep -P "$init")")" = "$(id_of 01)" ]
	crun exec -d crunned busybox sleep 1002
	until_true "pgrep -fx 'busybox sleep 1002'"
	[ "$(contidctl get "$(pgrep -fx 'busybox sleep 1002')")" = "$(id_of 01)" ]
	[ "$(contidctl list --json | jq '.[].first_pid')" -eq "$init" ]
}

@test "a process in the cgroup is joined, though no descendant of the first process" {
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" bash -c 'sleep infinity & wait'
	until_true "pgrep -P $pid"
	run contidctl adopt --json
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(jq '.containers[0].joined' <<<"$output")" -eq 3 ]
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
	[ "$(contidctl get "$(pgrep -P "$pid")")" = "$(id_of 01)" ]
	[ "$(contidctl list --json | jq '.[].first_pid')" -eq "$init" ]
}

@test "a process in the mount namespace is joined, though in another cgroup" {
	container "docker/$(digits 01)"
	process "elsewhere" nsenter -m -t "$init" sleep infinity
	until_true "[ \$(readlink /proc/$pid/ns/mnt) = \$(readlink /proc/$init/ns/mnt) ]"
	contidctl adopt
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
}

@test "a container in the mount namespace of the host does not draw the host in" {
	process "docker/$(digits 01)" unshare -pf sleep infinity
	until_true "pgrep -P $pid"
	process "elsewhere" sleep infinity
	other=$pid
	contidctl adopt
	[ "$(contidctl list --json | jq '.[].processes')" -eq 2 ]
	[ "$(label "$other")" = -1 ]
	[ "$(label $$)" = -1 ]
}

@test "a runtime's process in the container's cgroup stays outside; one like it inside does not" {
	cp "$(command -v sleep)" "$dir/conmon"
	container "machine.slice/libpod-$(digits 01).scope"
	process "machine.slice/libpod-$(digits 01).scope" "$dir/conmon" infinity
	monitor=$pid
	process "machine.slice/libpod-$(digits 01).scope" nsenter -m -t "$init" "$dir/conmon" infinity
	until_true "[ \$(readlink /proc/$pid/ns/mnt) = \$(readlink /proc/$init/ns/mnt) ]"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(label "$monitor")" = -1 ]
	[[ $output == *"Left outside"*"process $monitor (conmon), podman"* ]]
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
}

@test "a comm that is a runtime's does not keep a process out" {
	container "docker/$(digits 01)"
	# shellcheck disable=SC2016 # it is perl's
	process "docker/$(digits 01)" perl -e '$0 = "conmon"; sleep 1 while 1'
	until_true "grep -qx conmon /proc/$pid/comm"
	contidctl adopt
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
}

@test "without a PID namespace the first is the oldest whose parent is outside" {
	process "docker/$(digits 01)" unshare -m bash -c 'unshare -mpf sleep infinity & wait'
	until_true "pgrep -P \$(pgrep -P $pid)"
	contidctl adopt
	[ "$(contidctl list --json | jq '.[].first_pid')" -eq "$pid" ]
	[ "$(contidctl get "$(pgrep -P "$(pgrep -P "$pid")")")" = "$(id_of 01)" ]
}

@test "a process whose first thread has ended is joined as well" {
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" "$bin/leaderless"
	until_true "grep -q '^State:.Z' /proc/$pid/status"
	contidctl adopt
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
}

@test "the hierarchy of systemd in cgroup v1 names containers as well" {
	mkdir -p "$dir/v1"
	mount -t cgroup -o none,name=systemd systemd "$dir/v1" || skip "no cgroup v1 in this kernel"
	mkdir -p "$dir/v1/docker/$(digits 01)"
	background unshare -mpf sleep infinity
	until_true "pgrep -P $pid -x sleep"
	first=$(pgrep -P "$pid")
	echo "$first" >"$dir/v1/docker/$(digits 01)/cgroup.procs"
	run contidctl adopt
	kill -9 "$first"
	until_true "rmdir $dir/v1/docker/$(digits 01)"
	rmdir "$dir/v1/docker"
	umount "$dir/v1"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"docker"*"$(id_of 01)"*"registered"* ]]
}

@test "systemd's scope of a machine is a container if nspawn runs it, and not a virtual machine" {
	mkdir -p /run/systemd/machines
	echo CLASS=container >/run/systemd/machines/box
	echo CLASS=container >/run/systemd/machines/lxc-4-web
	echo CLASS=vm >/run/systemd/machines/qemu-1-vm
	process 'machine.slice/machine-lxc\x2d4\x2dweb.scope' sleep infinity
	libvirt=$pid
	container machine.slice/machine-box.scope
	process 'machine.slice/machine-qemu\x2d1\x2dvm.scope/libvirt' sleep infinity
	contidctl adopt
	rm -r /run/systemd
	[ "$(contidctl get "$init")" = "$(id_of_name nspawn:box)" ]
	[ "$(label "$pid")" = -1 ]
	[ "$(label "$libvirt")" = -1 ]
}

# --- containers inside of containers

@test "nested containers are registered as such, outer ones first" {
	local outer inner third
	outer=machine.slice/libpod-$(digits 01).scope/container
	inner=$outer/machine.slice/libpod-$(digits 02).scope/container
	third=$inner/libpod_parent/libpod-$(digits 03)
	mkdir -p "$cgroups/$third"
	cat >"$dir/descend" <<-'END'
		# descend CGROUP...: a container in the first, and in that those in the rest
		echo 0 >"$1/cgroup.procs"
		shift
		[ $# -eq 0 ] || unshare -mpf bash "$0" "$@" &
		wait
		exec sleep infinity
	END
	background unshare -mpf --kill-child bash "$dir/descend" "$cgroups/$outer" "$cgroups/$inner" \
		"$cgroups/$third"
	until_true "grep -q . $cgroups/$third/cgroup.procs"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(containers)" -eq 3 ]
	[ "$(contidctl get "$(who "$third" | head -n 1)")" = "$(id_of 03),^$(id_of 02),^$(id_of 01)" ]
	[ "$(contidctl get "$(head -n 1 "$cgroups/$inner/cgroup.procs")")" = "$(id_of 02),^$(id_of 01)" ]
	[ "$(contidctl get "$(head -n 1 "$cgroups/$outer/cgroup.procs")")" = "$(id_of 01)" ]
}

@test "a container that was started from outside into an outer one's cgroup is nested too" {
	container "docker/$(digits 01)"
	container "docker/$(digits 01)/docker/$(digits 02)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(contidctl get "$init")" = "$(id_of 02),^$(id_of 01)" ]
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
	registrations=$(done_so_far)
	contidctl adopt
	[ "$(done_so_far)" -eq "$registrations" ]
}

@test "a container that claims another's ID for a cgroup of its own does not get it" {
	container "docker/$(digits 01)/docker/$(digits 02)"
	forger=$init
	container "docker/$(digits 02)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(contidctl get "$init")" = "$(id_of 02)" ]
	[ "$(label "$forger")" = "$(id_of_name ":$(id_of 01):docker:$(digits 02)")" ]
}

# --- containers that are there already, and what cannot be done

@test "a second run changes nothing and shows the containers as kept" {
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" sleep infinity
	crun_container "machine.slice/libpod-$(digits 02).scope/container"
	contidctl adopt
	contidctl list --json | jq 'map({contid, parent, first_pid, processes, serial})' >"$dir/first"
	registrations=$(done_so_far)
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c ' 0  kept$' <<<"$output")" -eq 2 ]
	contidctl list --json | jq 'map({contid, parent, first_pid, processes, serial})' | cmp - "$dir/first"
	[ "$(done_so_far)" -eq "$registrations" ]
}

@test "a container that has another ID keeps it, and a process that was left out gets it" {
	container "docker/$(digits 01)"
	contidctl register "$init" "$(id_of 77)"
	contidctl adopt
	[ "$(contidctl get "$init")" = "$(id_of 77)" ]
	[ "$(contidctl get "$pid")" = "$(id_of 77)" ]
}

@test "--dry-run prints what is then done, and does nothing" {
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" sleep infinity
	container "docker/$(digits 02)"
	process "docker/$(digits 01)/docker/$(digits 03)" bash -c 'unshare -mpf sleep infinity & wait'
	container "lxc.payload.web"
	registered "$(id_of_name lxc:web)"
	registrations=$(done_so_far)
	run contidctl adopt --dry-run
	echo "$output" | tee "$dir/dry"
	[ "$status" -eq 1 ]
	[ "$(containers)" -eq 1 ]
	[ "$(done_so_far)" -eq "$registrations" ]
	run contidctl adopt
	[ "$status" -eq 1 ]
	diff "$dir/dry" - <<<"$output"
	[ "$(containers)" -eq 4 ]
}

@test "an ID in use elsewhere is refused with the reason, and the others are done" {
	registered "$(id_of 01)"
	container "docker/$(digits 01)"
	victim=$init
	container "docker/$(digits 02)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"What could not be done:"*"docker $(digits 01 | head -c 12): a live container"*"(Name not unique"* ]]
	[ "$(label "$victim")" = -1 ]
	[ "$(contidctl get "$init")" = "$(id_of 02)" ]
}

@test "a process that carries what does not enclose the container is refused with the reason" {
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" sleep infinity
	contidctl register "$pid" "$(id_of 55)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"process $pid (sleep), docker"*"Invalid cross-device link"* ]]
	[ "$(contidctl get "$pid")" = "$(id_of 55)" ]
}

@test "the first of a PID namespace in no known container is reported" {
	process "elsewhere" unshare -mpf --kill-child sleep infinity
	until_true "pgrep -P $pid -x sleep"
	run contidctl adopt
	[ "$status" -eq 0 ]
	[[ $output == *"though the first of a PID namespace:"*"process $(pgrep -P "$pid") (sleep), /elsewhere"* ]]
	[[ $output == *"What cannot be known:"*"--cgroups=disabled"*checkpoint* ]]
}

@test "--json has all of it" {
	container "docker/$(digits 01)"
	run contidctl adopt --json
	[ "$status" -eq 0 ]
	[ "$(jq -r '.containers[0] | [.runtime, .name, .contid, .parent, .cgroup, .init, .processes,
		.joined, .result, .error] | map(tostring) | join(" ")' <<<"$output")" = \
		"docker $(digits 01) $(id_of 01) null /docker/$(digits 01) $init 2 1 registered null" ]
	[ "$(jq '[.refused, .runtimes, .unknown] | map(length) | add' <<<"$output")" -eq 0 ]
	[ "$(jq '.not_known | length' <<<"$output")" -ge 3 ]
}

@test "the capabilities of the systemd unit are enough" {
	local unit=/usr/local/lib/systemd/system/audit-contid-adopt.service
	set="-all$(sed -n 's/^CapabilityBoundingSet=//p' "$unit" | sed 's/ *CAP_/,+/g' | tr '[:upper:]' '[:lower:]')"
	container "docker/$(digits 01)"
	setpriv --bounding-set "$set" --no-new-privs contidctl adopt
	[ "$(contidctl get "$init")" = "$(id_of 01)" ]
	[ "$(contidctl get "$pid")" = "$(id_of 01)" ]
}

# look_at COUNT: the quickest of three looks at so many containers, in microseconds
look_at() {
	for _ in 1 2 3; do
		adopt_many "$1"
	done | sort -n | head -n 1
}

@test "a look at four times as many containers takes no more than eight times as long" {
	local few many

	few=$(look_at 1000)
	many=$(look_at 4000)
	echo "# a look at 1,000 containers: $few us, at 4,000: $many us" >&3
	[ "$many" -lt $((8 * few)) ]
}

# --- while they fork

# Nobody in a cgroup is without an ID: it is stopped for that.
all_carry() {
	local one

	echo 1 >"$cgroups/$1/cgroup.freeze"
	until_true "grep -q 'frozen 1' $cgroups/$1/cgroup.events"
	[ "$(who "$1" | wc -l)" -ge "$3" ]
	for one in $(who "$1"); do
		echo "process $one: $(label "$one")"
		[ "$(label "$one")" = "$2" ]
	done
	echo 0 >"$cgroups/$1/cgroup.freeze"
}

@test "a process that forks in a container while it is adopted does not escape" {
	for round in 1 2 3; do
		process "docker/$(digits 01)" unshare -mpf --kill-child \
			"$bin/lineage" 4 "$dir/stop"
		start=$(forks)
		until_true "[ \$((\$(forks) - $start)) -gt 100 ]"
		run contidctl adopt
		echo "round $round: $output"
		[ "$status" -eq 0 ]
		all_carry "docker/$(digits 01)" "$(id_of 01)" 4
		kill_cgroup "$cgroups/docker"
		until_true "[ \$(contidctl list | wc -l) -eq 1 ]"
	done
}

@test "a process that an exec has started and that forks does not escape, nor one without a parent" {
	container "docker/$(digits 01)"
	for round in 1 2 3; do
		process "docker/$(digits 01)" "$bin/lineage" 2 "$dir/stop"
		start=$(forks)
		until_true "[ \$((\$(forks) - $start)) -gt 100 ]"
		[ "$round" -eq 1 ] || kill -KILL "$pid"
		run contidctl adopt
		echo "round $round: $output"
		[ "$status" -eq 0 ]
		all_carry "docker/$(digits 01)" "$(id_of 01)" 2
	done
}
