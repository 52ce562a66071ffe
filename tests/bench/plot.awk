# SPDX-License-Identifier: GPL-2.0
#
# From counted.csv, for plot.gp: of each line that hits probes what they execute in
# each condition, in percent of all that is executed without them.

NR > 1 && $5 > 0 {
	if (!($1 in seen)) {
		seen[$1] = 1
		lines[++n] = $1
	}
	percent[$1, $2] = $6
}

END {
	for (i = 1; i <= n; i++) {
		line = lines[i]
		if ((line, "floor") in percent && (line, "nested") in percent)
			print line, percent[line, "floor"], percent[line, "host"], \
				percent[line, "container"], percent[line, "nested"]
	}
}
