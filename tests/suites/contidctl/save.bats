#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Containers, and the processes in them, are the same after the module was loaded anew.
# depends on: neither. It registers again what list says; one container is put back
# in smoke.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

C=22222222-0123-4123-8123-0123456789ab
D=33333333-0123-4123-8123-0123456789ab
E=44444444-0123-4123-8123-0123456789ab

setup() {
	modprobe audit_contid
	T=$BATS_TEST_TMPDIR
	saved=$T/saved
	pids=()
	end_rules
	log_mark
}

teardown() {
	exec 8>&- 9>&-
	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	end_rules
	modprobe audit_contid
	until_true no_containers
}

# shell CONTID...: a shell in these, from the outermost on, or on the host; it does
# what its input says. Its number is in $pid, and its pipes are called by that.
shell() {
	local id with=()

	for id; do
		with+=(contidctl run "$id" --)
	done
	mkfifo "$T/in.new" "$T/out.new"
	# shellcheck disable=SC2016 # expanded by the inner shell
	"${with[@]}" bash -c 'cd "$0" && mv in.new in.$$ && mv out.new out.$$ && echo $$ >pid
		while read -r line <in.$$; do eval "$line" >out.$$; done' "$T" 3>&- &
	until_true [ -s "$T/pid" ]
	pid=$(<"$T/pid")
	rm "$T/pid"
	pids+=("$pid")
}

# tell PID COMMAND: done by that shell, which prints what it prints
tell() {
	echo "$2" >"$T/in.$1"
	cat "$T/out.$1"
}

# sleeper PID: a child of that shell; its number is in $pid
sleeper() {
	pid=$(tell "$1" 'sleep infinity >/dev/null & echo $!')
	pids+=("$pid")
}

parent_of() { awk '$1 == "PPid:" { print $2 }' "/proc/$1/status"; }

is_orphan() { [ "$(parent_of "$1")" -eq 1 ]; }

# labels PID...: a line for each
labels() {
	for one; do
		echo "$one $(label "$one")"
	done
}

reload() {
	modprobe -r audit_contid
	modprobe audit_contid
}

save_and_reload() {
	contidctl save --release "$saved"
	reload
}

# restores STATUS: contidctl restore ends with it
restores() {
	run contidctl restore "$saved"
	echo "$output"
	[ "$status" -eq "$1" ]
}

@test "nested containers, with threads, orphans and processes that entered, are the same after a reload" {
	rule -S mkdir
	shell "$A"
	outer=$pid
	sleeper "$outer"
	shell
	joined=$pid
	contidctl register --join "$joined" "$A"
	sleeper "$joined"
	contidctl register "$pid" "$B"
	# the process that started this one in A has ended: no other is in there any more
	shell "$C" "$D"
	orphan=$pid
	kill -KILL "$(parent_of "$orphan")"
	until_true is_orphan "$orphan"
	shell "$E"
	mkfifo "$T/in.threads" "$T/out.threads"
	exec 8<>"$T/in.threads" 9<>"$T/out.threads"
	tell "$pid" "$bin/threads leader <in.threads >out.threads &"
	read -r leaderless <&9
	ids=$(contidctl list --json | jq -r '.[] | "\(.contid) \(.parent)"' | sort)
	before=$(labels "${pids[@]}" "$leaderless")
	echo "$before"

	contidctl save --release "$saved" | grep -x '5 containers with [0-9]* processes are saved, and released'
	[ "$(stat -c %a "$saved")" = 600 ]
	wait_for no_containers
	[ "$(labels "${pids[@]}" "$leaderless" | grep -c ' -1$')" -eq $((${#pids[@]} + 1)) ]
	tell "$outer" "mkdir $T/unlabelled"
	reload
	restores 0
	[ "$(grep -c '  restored$' <<<"$output")" -eq 5 ]
	[ "$(labels "${pids[@]}" "$leaderless")" = "$before" ]
	[ "$(contidctl list --json | jq -r '.[] | "\(.contid) \(.parent)"' | sort)" = "$ids" ]
	tell "$outer" "mkdir $T/labelled"
	tell "$orphan" "mkdir $T/orphan"
	syscalls >"$T/calls"
	[ "$(grep -c "^- mkdir " "$T/calls")" -eq 1 ]
	[ "$(grep -c "^$A mkdir " "$T/calls")" -eq 1 ]
	[ "$(grep -c "^$D,.$C mkdir " "$T/calls")" -eq 1 ]

	# each has ended by the release and in no other way
	written >"$T/log"
	[ "$(grep -c '^type=KERNEL_OTHER .*: op=release opid=? ocontid=.* res=1$' "$T/log")" -eq 5 ]
	grep -E "op=release opid=\? ocontid=$A processes=3 .*comm=\"contidctl\"" "$T/log"
	grep -E "op=release opid=\? ocontid=$B,\^$A processes=1 " "$T/log"
	[ "$(grep -c ': op=drop ' "$T/log")" -eq 0 ]

	# a process that had inherited can be registered deeper as before, a registered one not
	contidctl register "${pids[1]}" "${C/2/9}"
	[ "$(label "${pids[1]}")" = "${C/2/9},^$A" ]
	run contidctl register "$orphan" "$B"
	[[ $output == *"was registered before"* ]]

	before=$(done_so_far)
	restores 0
	[ "$(grep -c '  kept$' <<<"$output")" -eq 5 ]
	[ "${lines[-1]}" = "nothing had to be restored" ]
	[ "$(done_so_far)" = "$before" ]
	echo >&8
	exec 8>&- 9>&-
}

# in_own_namespace CONTID: a process in a mount namespace of its own; its number is in $pid
in_own_namespace() {
	contidctl run "$1" -- unshare -m sleep infinity 3>&- &
	until_true pgrep -P $! -x sleep
	pid=$(pgrep -P $! -x sleep)
	pids+=("$pid")
}

@test "labels come back, byte for byte, and a file of before there were any is read" {
	local texts=(web 'two words' wéb $'a\nb"=\xff\x1d' "$(printf '%255s' '' | tr ' ' n)") i

	for i in "${!texts[@]}"; do
		sleep infinity >/dev/null 3>&- &
		pids+=("$!")
		contidctl register --label "${texts[i]}" "$!" "0000000$i-0123-4123-8123-0123456789ab"
	done
	sleep infinity >/dev/null 3>&- &
	pids+=("$!")
	contidctl register "$!" "$B"
	contidctl list --json | jq -S 'map({contid, label, label_hex})' >"$T/before"
	save_and_reload
	restores 0
	contidctl list --json | jq -S 'map({contid, label, label_hex})' | diff "$T/before" -
	contidctl save --release "$saved"
	jq 'del(.containers[].label, .containers[].label_hex)' "$saved" >"$T/older"
	cp "$T/older" "$saved"
	restores 0
	[ "$(contidctl list --json | jq -c 'map(.label) | unique')" = "[null]" ]
}

@test "a process born meanwhile is found through its parent, one that enters by the mount namespace" {
	shell "$A" "$B"
	inner=$pid
	in_own_namespace "$C"
	home=$pid
	nsenter -t "$home" -m sleep infinity 3>&- &
	entered=$!
	pids+=("$entered")
	until_true grep -qx sleep "/proc/$entered/comm"
	[ "$("$bin/contid_ioctl" get "pid=$entered")" = "OK adopted $C" ]
	contidctl save --release "$saved"
	modprobe -r audit_contid
	sleeper "$inner"
	born=$pid
	nsenter -t "$home" -m sleep infinity 3>&- &
	late=$!
	sleep infinity 3>&- &
	host=$!
	pids+=("$late" "$host")
	until_true grep -qx sleep "/proc/$late/comm"
	modprobe audit_contid
	restores 0
	[ "$(label "$born")" = "$B,^$A" ]
	[ "$(label "$inner")" = "$B,^$A" ]
	[ "$(label "$entered")" = "$C" ]
	[ "$(label "$late")" = "$C" ]
	[ "$(label "$host")" = -1 ]
	# home again: a process that enters now is adopted by the module
	nsenter -t "$home" -m sh -c "contidctl get \$\$" | grep -x "$C"
}

# is_doubted COMMAND...: a process that is born while the module is away, and loses its parent,
# belongs nobody knows where
is_doubted() {
	shell "$A"
	contidctl save --release "$saved"
	modprobe -r audit_contid
	tell "$pid" "($* >/dev/null & echo \$! >orphan)"
	orphan=$(<"$T/orphan")
	pids+=("$orphan")
	until_true is_orphan "$orphan"
	until_true grep -qx sleep "/proc/$orphan/comm"
	modprobe audit_contid
	restores 1
	grep -E "^process $orphan \(sleep\) may belong in a container" <<<"$output"
	[ "$(label "$pid")" = "$A" ]
	[ "$(label "$orphan")" = -1 ]
}

@test "a process born meanwhile that has lost its parent is reported" {
	is_doubted sleep infinity
}

@test "so is one that has made a mount namespace besides, and its cgroup is a container's" {
	is_doubted unshare -m sleep infinity
}

@test "a number that another process has by now is not registered, an empty container is reported" {
	shell "$A"
	gone=$pid
	shell "$B"
	contidctl save --release "$saved"
	modprobe -r audit_contid
	kill -KILL "$gone"
	until_true is_gone "$gone"
	"$bin/spawn" "number=$gone" 1 sleep infinity 3>&- &
	pids+=("$gone")
	until_true grep -qx sleep "/proc/$gone/comm"
	modprobe audit_contid
	restores 0
	grep -E "^$A .* 0  ended$" <<<"$output"
	grep -E "^$B .* 1  restored$" <<<"$output"
	grep -x "process $gone has ended, and its number is that of another one (sleep)" <<<"$output"
	[ "$(label "$gone")" = -1 ]
	# one of a start that is not its own is another process
	jq --argjson pid "$pid" '(.processes[] | select(.pid == $pid) | .start) -= 1' "$saved" >"$T/other"
	before=$(done_so_far)
	saved=$T/other
	restores 0
	grep "^process $pid has ended" <<<"$output"
	[ "$(done_so_far)" = "$before" ]
}

@test "a child of another container is not taken along with its parent" {
	shell
	parent=$pid
	sleeper "$parent"
	child=$pid
	shell "$A"
	contidctl register "$child" "$B"
	contidctl register --join --tree "$parent" "$A"
	[ "$(label "$child")" = "$B" ]
	save_and_reload
	restores 0
	[ "$(label "$child")" = "$B" ]
	[ "$(label "$parent")" = "$A" ]
}

@test "forks that go on while all is released leave no label, and get theirs again" {
	shell "$A"
	storms=()
	for _ in 1 2; do
		storms+=("$(tell "$pid" 'while :; do (/bin/true); done >/dev/null & echo $!')")
	done
	pids+=("${storms[@]}")
	contidctl save --release "$saved"
	wait_for no_containers
	[ "$(contidctl stats --json | jq .processes)" -eq 0 ]
	reload
	restores 0
	for one in "${storms[@]}"; do
		[ "$(label "$one")" = "$A" ]
	done
	[ "$(contidctl run "$B" -- sh -c 'contidctl get $$')" = "$B" ]
}

@test "a crash half-way leaves the old file whole, and the labels" {
	shell "$A"
	contidctl save "$saved"
	cp "$saved" "$T/old"
	shell "$B"
	for at in write:when=2 fsync:when=1 rename:when=1; do
		run strace -o "$T/trace" -e trace="${at%%:*}" \
			-e inject="${at%%:*}:error=EIO:signal=SIGKILL:${at#*:}" contidctl save --release "$saved"
		echo "$at: $status"
		[ "$status" -eq 137 ]
		cmp "$saved" "$T/old"
		[ "$(label "${pids[0]}")" = "$A" ]
		[ "$(label "$pid")" = "$B" ]
	done
	# if the file cannot be written nothing is released
	run contidctl save --release "$T/none/saved"
	[ "$status" -eq 1 ]
	rm -f "$saved".*
	run bash -c "trap '' XFSZ; ulimit -f 1; contidctl save --release $saved"
	[ "$status" -eq 1 ]
	[[ $output == *"File too large"* ]]
	cmp "$saved" "$T/old"
	[ "$(echo "$saved"*)" = "$saved" ]
	[ "$(label "$pid")" = "$B" ]
}

@test "a file that is cut, changed or of another boot is an error, and changes nothing" {
	shell "$A" "$B"
	contidctl save "$saved"
	cp "$saved" "$T/good"
	before=$(done_so_far)
	size=$(stat -c %s "$T/good")
	for cut in 0 $((size / 2)) $((size - 3)); do
		head -c "$cut" "$T/good" >"$saved"
		restores 1
		[[ $output == *"$saved: "*nothing* ]]
	done
	for change in '.boot_id = "11111111-2222-3333-4444-555555555555"' '.version = 2' \
		'.containers |= reverse' '.containers[1].contid = .containers[0].contid' \
		'.processes[0].pid = 4294967298' '.processes[0].start = 1.5' \
		'.processes[0].contid = "22222222-0123-4123-8123-0123456789ab"' \
		'.processes += .processes' '[.]'; do
		jq "$change" "$T/good" >"$saved"
		restores 1
		[ "${#lines[@]}" -eq 1 ]
	done
	(cat "$T/good"; echo x) >"$saved"
	restores 1
	[ "$(done_so_far)" = "$before" ]
	run contidctl restore "$T/not there"
	[ "$status" -eq 1 ]
	run contidctl restore
	[ "$status" -eq 2 ]
	run contidctl save --release
	[ "$status" -eq 2 ]
}

@test "nothing is restored from a file that others may write, nor from anything but a file" {
	shell "$A"
	contidctl save "$saved"
	before=$(done_so_far)
	chown 1000 "$saved"
	restores 1
	[[ $output == "contidctl: $saved is of user 1000 and has the mode 0600:"* ]]
	chown 0 "$saved"
	for mode in 0620 0602 0666; do
		chmod "$mode" "$saved"
		restores 1
		[[ $output == *"user 0 and has the mode $mode:"* ]]
	done
	chmod 0644 "$saved"
	restores 0
	mkfifo "$T/fifo"
	for saved in "$T/fifo" "$T" /dev/zero; do
		restores 1
		[[ $output == "contidctl: $saved is not a file" ]]
	done
	[ "$(done_so_far)" = "$before" ]
}

@test "whatever is in the file, restore ends with one line and changes nothing" {
	shell "$A"
	contidctl save "$saved"
	cp "$saved" "$T/good"
	before=$(done_so_far)
	while read -r change; do
		jq "$change" "$T/good" >"$saved"
		restores 1
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		.containers[0] = null
		.containers[0] = "x"
		.containers = {}
		.containers[0].depth = 6
		.containers[0].parent = .containers[0].contid | .containers[0].depth = 2
		.containers[0].first_pid = -1
		.containers[0].label = 1
		.containers[0].label = ("x" * 256)
		.containers[0].label = "a\u0000b"
		.containers[0].label_hex = "6"
		.containers[0].label_hex = "610062"
		.containers[0].label_hex = "6g"
		.containers[0].label_hex = ("61" * 256)
		.containers[0].label_hex = null
		.processes[0] = []
		.processes[0].pid = 0
		.processes[0].start = 18446744073709551615
		.processes[0].mnt = 4294967296
		.processes[0].contid = "\u0000"
		.since = -1
		.boot_id = ("x" * 100000)
		.format = null
		.deep = (reduce range(70) as $_ (1; [.]))
	END
	for bytes in '[[[[[[[[[[' '{"format": "\xff"}' '{"processes": [' 'NaN' '"' '{}{}'; do
		printf '%b' "$bytes" >"$saved"
		restores 1
		[ "${#lines[@]}" -eq 1 ]
	done
	head -c 3000000 /dev/zero >"$saved"
	restores 1
	[ "$(done_so_far)" = "$before" ]
}

@test "a look at all processes asks nothing of kernel threads, and leaves no refusal on record" {
	shell "$A"
	log_mark
	contidctl save "$saved"
	contidctl ps "$A"
	written >"$T/log"
	[ "$(grep -c 'op=get .* errno=22 res=0' "$T/log")" -eq 0 ]
}

@test "nobody in a container releases anything, and nobody without having looked" {
	shell "$A"
	answers() { run "${@:2}" && echo "$output" && [ "$output" = "$1" ]; }
	answers "EAGAIN 11" "$bin/contid_ioctl" release after=0
	answers "EPERM 1" contidctl run --join "$A" -- "$bin/contid_ioctl" release
	run contidctl run --join "$A" -- contidctl save --release "$saved"
	[ "$status" -eq 1 ]
	[[ $output == *"is in a container itself"* ]]
	[ ! -e "$saved" ]
	run unshare -pf --mount-proc contidctl save --release "$saved"
	[ "$status" -eq 1 ]
	[[ $output == *"not all processes can be seen"* ]]
	written >"$T/log"
	grep -E 'op=release opid=\? .*comm="contid_ioctl" .* errno=11 res=0$' "$T/log"
	grep -E "op=release opid=\? .*comm=\"contid_ioctl\" .* errno=1 res=0 contid=$A$" "$T/log"
	[ "$(label "$pid")" = "$A" ]
}
