# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the parts share: counts, failures, containers in cgroups.

PATH=$PROJECT/tests/helpers/bin:$PATH
cgroups=/sys/fs/cgroup
declare -A sum=()
counted=()

# add NAME NUMBER: to what is printed at the end
add() {
	[[ -n ${sum[$1]:-} ]] || counted+=("$1")
	sum[$1]=$((${sum[$1]:-0} + $2))
}

sums() {
	local name list=()
	for name in "${counted[@]}"; do
		list+=("$name=${sum[$name]}")
	done
	echo "${list[*]}"
}

# bad WHAT: something that must not be
bad() {
	echo "bad: $*"
	echo "$*" >>failed
}

# add_line PREFIX FILE: the numbers of a line "name number name number..."
add_line() {
	local words name
	read -r -a words <"$2" || bad "nothing from $1 $2"
	for ((name = 0; name < ${#words[@]}; name += 2)); do
		add "$1-${words[name]}" "${words[name + 1]}"
	done
}

new_contid() { cat /proc/sys/kernel/random/uuid; }

# in_cgroup NAME COMMAND...: become COMMAND in a cgroup of its own
in_cgroup() {
	mkdir -p "$cgroups/$1"
	exec sh -c "echo 0 >$cgroups/$1/cgroup.procs; shift; exec \"\$@\"" sh "$@"
}

# contained NAME CONTID COMMAND...: become it in a container, and in a cgroup
contained() {
	local name=$1 contid=$2
	shift 2
	mkdir -p "$cgroups/$name"
	exec contidctl run "$contid" -- \
		sh -c "echo 0 >$cgroups/$name/cgroup.procs; exec \"\$@\"" sh "$@"
}

# end_cgroups NAME...: kill all in there, and wait until they are gone
end_cgroups() {
	local name
	for name; do
		[[ -d $cgroups/$name ]] || continue
		echo 1 >"$cgroups/$name/cgroup.kill"
		until rmdir "$cgroups/$name" 2>/dev/null; do sleep 0.1; done
	done
}

stat_of() { contidctl stats --json | jq ".$1"; }

# quiet: nothing is left of any container a little after its last process
quiet() {
	local end=$((SECONDS + 60))
	until [[ $(stat_of containers) -eq 0 && $(stat_of processes) -eq 0 ]]; do
		if [[ $SECONDS -ge $end ]]; then
			bad "left over: $(contidctl list | head -n 5)"
			return
		fi
		sleep 0.2
	done
}
