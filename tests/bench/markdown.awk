# SPDX-License-Identifier: GPL-2.0
#
# After names.awk: from bench.csv the table of docs/cost.md: no module in instructions,
# all else as what it adds to that, each with its spread.

function cell(line, condition) {
	if (!((line, condition) in median))
		return " |"
	return sprintf(" %+.2f ± %.2f %% |", (median[line, condition] / median[line, "none"] - 1) * 100,
		spread[line, condition] / median[line, "none"] * 100)
}

BEGIN {
	FS = ","
}

NR > 1 {
	median[$1, $2] = $4
	spread[$1, $2] = $5
}

END {
	print "| | no module | empty probes | host process | in a container | nested, 3 deep |"
	print "|---|---|---|---|---|---|"
	for (i = 1; i in order; i++) {
		line = order[i]
		if (!((line, "none") in median))
			continue
		printf "| %s | %s ± %s |%s%s%s%s\n", text[line], thousands(int(median[line, "none"] + 0.5)),
			thousands(int(spread[line, "none"] + 0.5)), cell(line, "floor"), cell(line, "host"),
			cell(line, "container"), cell(line, "nested")
	}
}
