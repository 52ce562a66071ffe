# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Many processes, as fast as they can be made: half of them in a container.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

part_many() {
	local id pids=() stale pid n=$((${PROCESSES:-20000} / 2))
	stale=$(stat_of stale)
	id=$(new_contid)
	rm -f counts-* out-*
	(contained soak-many "$id" oracle many "$id" counts-in "$n" >out-in) &
	pids+=($!)
	(in_cgroup soak-many-host oracle many - counts-out "$n" >out-host) &
	pids+=($!)
	for pid in "${pids[@]}"; do
		wait "$pid" || bad "many ended with $?"
	done
	end_cgroups soak-many soak-many-host
	add_line many-contained out-in
	add_line many-host out-host
	add stale $(($(stat_of stale) - stale))
	[[ ${sum[stale]} -eq 0 ]] || bad "stale labels"
	quiet
}
