# SPDX-License-Identifier: GPL-2.0
#
# From bench.csv, for plot.gp: of each line that has all conditions what they add
# to no module, in percent.

NR > 1 && $6 != "" && !($1 ~ /@/) {
	if (!($1 in seen)) {
		seen[$1] = 1
		lines[++n] = $1
	}
	added[$1, $2] = ($6 - 1) * 100
}

END {
	for (i = 1; i <= n; i++) {
		line = lines[i]
		if (line == "loop" || !((line, "floor") in added) || !((line, "nested") in added))
			continue
		printf "%s %.2f %.2f %.2f %.2f\n", line, added[line, "floor"], added[line, "host"], \
			added[line, "container"], added[line, "nested"]
	}
}
