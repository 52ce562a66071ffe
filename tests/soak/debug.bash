# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What only the debug kernels tell: which of the module's locks had to be waited
# for, what memory it has left behind, and how much was looked at for data races,
# which are then in the kernel's log.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

kmemleak=/sys/kernel/debug/kmemleak
lock_stat=/proc/lock_stat
kcsan=/sys/kernel/debug/kcsan
# as lockdep names them
our_locks='&process_locks\[i\]\.lock|containers_lock|homes_lock|tree_lock|judging|pending_wait'

begin_debug() {
	[[ ! -e $lock_stat ]] || echo 0 >"$lock_stat"
	[[ ! -e $kmemleak ]] || echo clear >"$kmemleak"
}

# Unloads the module.
end_debug() {
	if [[ -e $lock_stat ]]; then
		echo "--- locks of the module, times in microseconds"
		awk -v ours="($our_locks)" '
			/class name/ {
				printf "%9s %11s %12s %9s %9s  %s\n", "contended", "waited-most", "waited",
					"acquired", "held-most", "name"
			}
			$0 ~ "^ *" ours ":" {
				name = $0
				sub(/^ */, "", name)
				sub(/: .*/, "", name)
				sub(/.*: +/, "")
				printf "%9s %11s %12s %9s %9s  %s\n", $2, $4, $5, $8, $10, name
			}' "$lock_stat"
	fi
	if [[ -e $kcsan ]]; then
		add accesses-watched "$(sed -n 's/^setup_watchpoints: //p' $kcsan)"
		[[ ${sum[accesses-watched]} -gt 0 ]] || bad "nothing was watched"
		add races-of-the-kernel "$(sed -n 's/^data_races: //p' $kcsan)"
	fi
	if [[ -e $kmemleak ]]; then
		modprobe -r audit_contid || bad "modprobe -r: $?"
		# what is young is not looked at
		sleep 6
		echo scan >"$kmemleak"
		sleep 1
		echo scan >"$kmemleak"
		add leaks "$(grep -c '^unreferenced' "$kmemleak")"
		[[ ${sum[leaks]} -eq 0 ]] || bad "leaks: $(head -n 40 "$kmemleak")"
		modprobe audit_contid
	fi
}
