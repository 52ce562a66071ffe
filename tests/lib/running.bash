# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of contidctl adopt: processes in cgroups as runtimes make them.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

cgroups=/sys/fs/cgroup

setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
	before=$(ls -1 "$cgroups")
}

teardown() {
	local top

	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	! crun state crunned >/dev/null 2>&1 || crun delete --force crunned
	for top in "$cgroups"/*/; do
		[ -e "$top" ] || continue
		top=${top%/}
		! grep -qxF "${top##*/}" <<<"$before" || continue
		kill_cgroup "$top"
		until_true "grep -q 'populated 0' $top/cgroup.events"
		find "$top" -depth -type d -exec rmdir {} +
	done
	until_true no_containers
}

# digits NN, id_of NN: a runtime's ID, and the container ID that goes with it
digits() { printf 'ab%s%060d' "$1" 7; }
id_of() { printf 'ab%s0000-0000-0000-0000-000000000000' "$1"; }

# id_of_name RUNTIME:NAME
id_of_name() { uuidgen --sha1 --namespace 6f1f4d5c-5a0b-4c59-9d0e-0d6f3a1b7c21 --name "$1"; }

# who CGROUP: prints all processes in it and below it
who() { find "$cgroups/$1" -name cgroup.procs -exec cat {} +; }
containers() { contidctl list --json | jq length; }

# background COMMAND...: its number is in $pid, and it is ended with the test
background() {
	"$@" >/dev/null 2>&1 3>&- &
	pid=$!
	pids+=("$pid")
}

# process CGROUP COMMAND...: in that cgroup, which is made; its number is in $pid
process() {
	local cgroup=$1

	shift
	mkdir -p "$cgroups/$cgroup"
	# shellcheck disable=SC2016 # expanded by the inner shell
	background bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroups/$cgroup" "$@"
	# it is there, and it executes what it is to
	until_true is_in "$pid" "$cgroup"
	until_true "! executes $pid 'cgroup.procs'"
}

# is_in PID CGROUP
is_in() {
	local line

	while read -r line; do
		[[ $line != "0::/$2" ]] || return 0
	done <"/proc/$1/cgroup"
	return 1
}

# executes PID TEXT: it is in its command line
executes() {
	local word

	while IFS= read -r -d '' word; do
		[[ $word != *"$2"* ]] || return 0
	done <"/proc/$1/cmdline"
	return 1
}

# registered ID: a container with that ID, somewhere
registered() {
	background sleep infinity
	until_true runs sleep "$pid"
	contidctl register "$pid" "$1"
}

# container CGROUP: with PID and mount namespaces of its own; the number of its
# first process is in $init
container() {
	process "$1" unshare -mpf --kill-child sleep infinity
	until_true child_of "$pid"
	init=$child
	until_true runs sleep "$init"
}

# crun_container CGROUP: a container of crun's, called crunned, in which a shell
# waits for a child; the number of its first process is in $init
crun_container() {
	mkdir -p "$dir/rootfs/bin" "$dir/rootfs/proc"
	cp "$(command -v busybox)" "$dir/rootfs/bin/busybox"
	ln -s busybox "$dir/rootfs/bin/sh"
	cd "$dir" || return
	crun spec
	jq --arg path "/$1" '.linux.cgroupsPath = $path | .process.terminal = false |
		.process.args = ["sh", "-c", "busybox sleep 1000 & wait"]' config.json >config.new
	mv config.new config.json
	crun --cgroup-manager=cgroupfs run -d crunned >/dev/null 3>&-
	init=$(crun state crunned | jq .pid)
	until_true "pgrep -P $init"
}
