# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Many processes, many containers. Read by guest.sh.
# shellcheck disable=SC2154 # measure and rounds are set there

# helper WORD ARGUMENT...: start measure beside, talk to it through the file
# descriptors 5 and 6, and wait until it says the word
helper() {
	local word
	rm -f /run/to /run/from
	mkfifo /run/to /run/from
	"$measure" "${@:2}" </run/to >/run/from 5>&- 6<&- &
	helper=$!
	exec 5>/run/to 6</run/from
	read -r word <&6
	[[ $word == "$1" ]]
}

helper_end() {
	exec 5>&- 6<&-
	wait "$helper" 2>/dev/null || true
}

# in_crowd COUNT CONDITION DEPTH: while so many processes live
in_crowd() {
	measured "vfork@$1" "$2" "$3" "$rounds"
	measured "fork@$1" "$2" "$3" "$rounds"
	measured "message@$1" "$2" "$3" "$rounds"
	measured "setns@$1" "$2" "$3" "$rounds"
}

# crowd_lines COUNT: first without the module, then each of them in a container
crowd_lines() {
	helper ready crowd "$1"
	in_crowd "$1" none 0
	module_load
	contidctl register --tree "$helper" >/dev/null
	in_crowd "$1" container 1
	helper_end
	module_unload
}

# slab_now: what lies in slabs, without what the kernel can give back: files of /proc
# that somebody has looked at
slab_now() {
	echo 2 >/proc/sys/vm/drop_caches
	cat /proc/slabinfo
}

# slab_of COUNT: the bytes of slab for each of COUNT things that were made since
# slab.before: objects of those caches that have as many more
slab_of() {
	slab_now >/run/slab.after
	awk -v count="$1" 'NR == FNR { before[$1] = $2; next }
		FNR > 2 && $2 - before[$1] > count / 2 { bytes += ($2 - before[$1]) * $4 }
		END { printf "%.1f\n", bytes / count }' /run/slab.before /run/slab.after
}

# Like crowd_lines, but the last of all: nothing but the machine ends before them.
large_crowd() {
	local count=$1
	echo 4194304 >/proc/sys/kernel/pid_max
	echo 4000000 >/proc/sys/kernel/threads-max
	echo 4000000 >/proc/sys/vm/max_map_count
	say "$count processes"
	helper ready crowd "$count"
	in_crowd "$count" none 0
	module_load
	say "registering them"
	slab_now >/run/slab.before
	contidctl register --tree "$helper" >/dev/null
	echo "result slab/process@$count container $(slab_of "$count")"
	in_crowd "$count" container 1
}

# The ioctls, with many containers.
device_lines() {
	local count=$1 word rest percpu
	module_load
	helper made -r "$rounds" device "$count"
	slab_now >/run/slab.before
	percpu=$(awk '/^Percpu:/ { print $2 }' /proc/meminfo)
	printf g >&5
	while read -r word rest <&6 && [[ -n $rest ]]; do
		echo "result $word@$count host $rest"
	done
	# no records, which lie in slabs too
	auditd_catch_up
	echo "result slab/container@$count host $(slab_of "$count")"
	echo "result percpu/container@$count host $(awk -v before="$percpu" -v count="$count" \
		'/^Percpu:/ { printf "%.1f", ($2 - before) * 1024 / count }' /proc/meminfo)"
	printf g >&5
	helper_end
	module_unload
}
