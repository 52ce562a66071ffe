# SPDX-License-Identifier: GPL-2.0
#
# Reads what the machine said ("site ADDRESS PURPOSE", "counted REGION LINE CONDITION
# ITERATIONS ...") and then the counter's file; prints, for each line and condition
# and for each hook, what the probes execute, and writes the file csv.

BEGIN {
	split("none floor host container nested", order)
	text["floor"] = "empty probes"
	text["host"] = "host process"
	text["container"] = "in a container"
	text["nested"] = "nested, 3 deep"
}

$1 == "site" {
	purpose[$2] = $3
	if (!($3 in known)) {
		known[$3] = 1
		hooks[++nr_hooks] = $3
	}
}

$1 == "counted" {
	line[$2] = $3
	condition[$2] = $4
	iterations[$2] = $5
	if (!($3 in seen)) {
		seen[$3] = 1
		lines[++nr_lines] = $3
	}
}

FILENAME != ARGV[1] && $1 in line && $2 !~ /^@/ {
	if ($2 == "-") {
		total[line[$1], condition[$1]] = $4 / iterations[$1]
		next
	}
	key = line[$1] SUBSEP condition[$1]
	hook = purpose[$2]
	instructions = $3 > $5 ? $4 * $3 / ($3 - $5) : 0
	hits[key, hook] += $3 / iterations[$1]
	took[key, hook] += instructions / iterations[$1]
	hits[key] += $3 / iterations[$1]
	took[key] += instructions / iterations[$1]
	interrupted += $5
}

END {
	printf "kernel %s; instructions that the probes execute, counted; %%: of all without them\n", kernel
	printf "hits into which an interrupt fell: %d\n", interrupted
	printf "%-14s %-15s %7s %9s %8s %8s  %s\n", "line", "condition", "hits", "executed", "%",
		"our own", "by hook: hits x instructions"
	print "line,condition,kernel,hits,executed,percent,own" >csv
	for (l = 1; l <= nr_lines; l++) {
		for (o = 2; o in order; o++) {
			key = lines[l] SUBSEP order[o]
			if (!((key) in took))
				continue
			base = total[lines[l], "none"]
			percent = base ? sprintf("%.3f", took[key] / base * 100) : ""
			own = took[key] - took[lines[l], "floor"]
			printf "%-14s %-15s %7.2f %9.1f %8s %8.1f ", lines[l], text[order[o]], hits[key],
				took[key], percent, own
			for (h = 1; h <= nr_hooks; h++) {
				# not what others did meanwhile
				if (hits[key, hooks[h]] > 0.05)
					printf " %s %.1f x %.0f;", hooks[h], hits[key, hooks[h]],
						took[key, hooks[h]] / hits[key, hooks[h]]
			}
			print ""
			printf "%s,%s,%s,%.2f,%.1f,%s,%.1f\n", lines[l], order[o], kernel, hits[key], took[key],
				percent, own >csv
		}
	}
}
