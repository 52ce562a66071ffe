# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the emulator's counter: where the probes are, and what is to be counted. Read
# by guest.sh.
# shellcheck disable=SC2034 # counting and word are used there
# shellcheck disable=SC2154 # measure is set there

region=0

# The lines that follow are another region.
next_region() {
	region=$((region + 1))
	counting=(-c "$region")
	word="counted $region"
}

# Show the counter the probes, and print "site ADDRESS PURPOSE" for each.
show_sites() {
	local sites
	mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
	module_load
	sites=$(awk 'NR == FNR { purpose[$1] = $2; next }
		{ sub(/\+.*/, "", $3) }
		$3 in purpose { print "site", $1, purpose[$3] }' \
		<(contidctl stats --json | jq -r '.probes[] | select(.optional | not) | "\(.symbol) \(.purpose)"') \
		/sys/kernel/debug/kprobes/list)
	module_unload
	echo "$sites"
	# shellcheck disable=SC2046 # a word for each
	"$measure" sites $(awk '{ print $2 }' <<<"$sites")
}

# Those of other modules are left out.
show_functions() {
	sed -n 's/^\([0-9a-f]*\) [tTwW] \([^\t]*\)$/symbol \1 \2/p' /proc/kallsyms
}

# show_own CONDITION: those of our module, which may lie elsewhere each time, and what can be
# none of its own: nothing of it is longer than a page
show_own() {
	local own last

	own=$(sed -n "s/^\([0-9a-f]*\) [tT] \([^\t]*\)\t\[audit_contid\]\$/own $1 \1 \2/p" \
		/proc/kallsyms | sort -k3,3)
	echo "$own"
	read -r _ _ last _ <<<"${own##*$'\n'}"
	printf 'own %s %016x -\n' "$1" $((0x$last + 4096))
}
