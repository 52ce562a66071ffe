# SPDX-License-Identifier: GPL-2.0
#
# Reads lines "result LINE CONDITION VALUE..."; prints them as a table, and writes
# the file csv. The spread is the range between the quartiles. The values of one
# condition that comes twice (no module: first and last) are taken together.

function sorted(n,    i, j, v) {
	for (i = 2; i <= n; i++) {
		v = values[i]
		for (j = i - 1; j > 0 && values[j] > v; j--)
			values[j + 1] = values[j]
		values[j + 1] = v
	}
}

# The value below which a part of the n sorted ones lies.
function quantile(n, part,    at, low) {
	at = 1 + (n - 1) * part
	low = int(at)
	return values[low] + (at - low) * (values[low < n ? low + 1 : n] - values[low])
}

# The command, in the machine, that gave a line.
function command(line, condition,    what, depth) {
	what = line
	sub(/@.*/, "", what)
	if (what ~ /^slab/)
		return "/proc/slabinfo"
	if (what ~ /^percpu/)
		return "/proc/meminfo"
	if (what ~ /^(register|get|list)$/)
		return "measure device " substr(line, index(line, "@") + 1)
	if (what ~ /^(auditd|laurel)/)
		return "/proc/PID/task/*/schedstat for each exec"
	sub(/^audited_/, "", what)
	depth = condition == "nested" ? 3 : condition == "container"
	return "measure -d " depth " " what
}

BEGIN {
	split("none floor host container nested bpf bpf-in bpf-exec perf", order)
	text["none"] = "no module"
	text["floor"] = "empty probes"
	text["host"] = "host process"
	text["container"] = "in a container"
	text["nested"] = "nested, 3 deep"
	text["bpf"] = "bpftrace, outside of its map"
	text["bpf-in"] = "bpftrace, in its map"
	text["bpf-exec"] = "bpftrace on exec"
	text["perf"] = "perf trace -e execve"
}

$1 == "result" {
	key = $2 SUBSEP $3
	if (!($2 in seen)) {
		seen[$2] = 1
		lines[++nr_lines] = $2
	}
	for (i = 4; i <= NF; i++)
		all[key, ++count[key]] = $i
	if ($3 == "none") {
		for (i = 4; i <= NF; i++)
			values[i - 3] = $i
		sorted(NF - 3)
		if (!($2 in first))
			first[$2] = quantile(NF - 3, 0.5)
		last[$2] = quantile(NF - 3, 0.5)
	}
}

END {
	format = "%-20s %-28s %14s %10s %9s   %s\n"
	printf "kernel %s; instructions (slab, percpu: bytes); spread: between the quartiles;\n", kernel
	print "~: three times the spread is more than the difference\n"
	printf format, "line", "condition", "median", "spread", "ratio ", "command"
	print "line,condition,kernel,median,spread,ratio" >csv
	for (l = 1; l <= nr_lines; l++) {
		line = lines[l]
		base = 0
		for (o = 1; o in order; o++) {
			key = line SUBSEP order[o]
			n = count[key]
			if (!n)
				continue
			for (i = 1; i <= n; i++)
				values[i] = all[key, i]
			sorted(n)
			median = quantile(n, 0.5)
			spread = quantile(n, 0.75) - quantile(n, 0.25)
			if (order[o] == "none")
				base = median
			ratio = base ? sprintf("%.4f", median / base) : ""
			# three times the spread is more than the difference that is claimed
			mark = base && order[o] != "none" && 3 * spread > (median > base ? median - base : base - median) ? "~" : " "
			printf format, line, text[order[o]], sprintf("%.1f", median), \
				sprintf("%.1f", spread), ratio mark, command(line, order[o])
			printf "%s,%s,%s,%.1f,%.1f,%s\n", line, order[o], kernel, median, spread, ratio >csv
		}
		if (line in first && first[line] != last[line])
			printf "%-20s %-28s %14s\n", "", "  no module, last - first", \
				sprintf("%+.1f", last[line] - first[line])
	}
}
