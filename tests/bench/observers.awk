# SPDX-License-Identifier: GPL-2.0
#
# Reads lines "MACHINE OBSERVER WAY BUSY OWN SEEN RIGHT EXECS" of observers.sh; prints a table for
# each way: by the machine "one" what a thousand executions take, in millions of instructions,
# what the observer adds, and what its own processes take; by each of the two of how many in a
# thousand it names the right container.

$1 != "one" && $1 != "two" { next }

{
	# the first time without one is what the others are compared with
	if ($2 == "none" && (($1, $2, $3) in busy))
		$2 = "again"
	busy[$1, $2, $3] = $4 / $8
	own[$1, $2, $3] = $5 / $8
	right[$1, $2, $3] = $7 == "-" ? "" : int($7 * 1000 / $8) ($6 == $8 ? "" : " (" $6 " of " $8 " seen)")
	if (!($3 in known))
		ways[++count] = $3
	known[$3]
}

function row(way, observer, name,    one, two, is, base) {
	one = "one" SUBSEP observer SUBSEP way
	two = "two" SUBSEP observer SUBSEP way
	if (!(one in busy) && !(two in busy))
		return
	is = busy[one]
	base = busy["one", "none", way]
	printf "| %s | %s | %s | %s | %s | %s |\n", name, is ? sprintf("%.0f", is) : "",
		base && observer != "none" ? sprintf("%+.0f (%+.1f %%)", is - base, 100 * (is - base) / base) : "",
		own[one] ? sprintf("%.0f", own[one]) : "", right[one], right[two]
}

END {
	for (i = 1; i <= count; i++) {
		way = ways[i]
		printf "%s| %s | all | adds | its own processes | right, one processor | right, two |\n", (i > 1 ? "\n" : ""), way
		print "|---|---|---|---|---|---|"
		row(way, "none", "nothing")
		row(way, "auditd", "auditd alone")
		row(way, "module", "auditd with this module")
		row(way, "laurel", "auditd with LAUREL")
		row(way, "map", "bpftrace's map")
		row(way, "cgroup", "bpftrace that prints the cgroup")
		row(way, "sysdig", "sysdig that prints the cgroup")
		row(way, "again", "nothing, once more")
	}
}
