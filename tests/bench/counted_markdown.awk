# SPDX-License-Identifier: GPL-2.0
#
# After names.awk: from counted.csv the table of docs/cost.md: how many probes are hit,
# and what they execute, in instructions and in percent of all without them.

function cell(line, condition) {
	if (!((line, condition) in executed))
		return " |"
	return sprintf(" %s (%.2f %%) |", thousands(int(executed[line, condition] + 0.5)),
		percent[line, condition])
}

BEGIN {
	FS = ","
}

NR > 1 {
	hits[$1] = $4
	executed[$1, $2] = $5
	percent[$1, $2] = $6
}

END {
	print "| | probes hit | empty probes | host process | in a container | nested, 3 deep |"
	print "|---|---|---|---|---|---|"
	for (i = 1; i in order; i++) {
		line = order[i]
		if (line in hits)
			printf "| %s | %s |%s%s%s%s\n", text[line], int(hits[line] + 0.5), cell(line, "floor"),
				cell(line, "host"), cell(line, "container"), cell(line, "nested")
	}
}
