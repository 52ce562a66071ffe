# SPDX-License-Identifier: GPL-2.0
#
# Reads lines "start WAY MICROSECONDS", a thousand instructions each; prints median and 99th
# percentile in millions of instructions, and what they are more than without.

function quantile(way, part,    n, list) {
	n = sorted(values[way], list)
	return list[int(1 + (n - 1) * part + 0.5)] / 1000
}

function row(way, name, added,    median, last) {
	if (!(way in values))
		return
	median = quantile(way, 0.5)
	last = quantile(way, 0.99)
	printf "| %s | %d | %.1f | %.1f |", name, count[way], median, last
	if (added)
		printf " %+.1f | %+.1f |\n", median - quantile("none", 0.5), last - quantile("none", 0.99)
	else
		printf " | |\n"
}

$1 == "start" {
	values[$2] = values[$2] " " $3
	count[$2]++
}

END {
	print "| | starts | median | 99th percentile | adds, median | adds, 99th percentile |"
	print "|---|---|---|---|---|---|"
	row("none", "`crun run`, no hook")
	row("true", "with a hook that does nothing", 1)
	row("hook", "with audit-contid-oci-hook", 1)
	row("stand-in", "by audit-contid-runtime, which adds the hook", 1)
	row("nri", "audit-contid-nri, from the request to the answer")
}
