# SPDX-License-Identifier: GPL-2.0
#
# Reads lines "work JOB CONDITION MICROSECONDS AUDITD RECORDS BYTES"; prints the median of each
# in millions of instructions, what is added to no module, and half of the range.

function median(what,    n, list) {
	n = sorted(values[what], list)
	half = n ? (list[n] - list[1]) / 2 : 0
	return list[int((n + 1) / 2)]
}

# In percent of what it is without the module, and the half of its range in percent, too.
function added(job, condition, what,    base, is) {
	base = median(job " none " what)
	is = median(job " " condition " " what)
	return sprintf("%+.2f ± %.2f %%", 100 * (is - base) / base, 100 * half / base)
}

function row(job, condition, name) {
	if (!(job " " condition " total" in values))
		return
	printf "| %s | %.0f | %s | %.1f | %d | %d |", name, median(job " " condition " total") / 1000,
		condition == "none" ? "" : added(job, condition, "total"),
		median(job " " condition " auditd") / 1000, median(job " " condition " records"),
		median(job " " condition " bytes") / 1000
	print condition == "none" ? " |" : " " added(job, condition, "bytes") " |"
}

function rows(job, name) {
	row(job, "none", name)
	row(job, "host", "with the module")
	row(job, "container", "in a container")
}

$1 == "work" {
	values[$2 " " $3 " total"] = values[$2 " " $3 " total"] " " $4
	values[$2 " " $3 " auditd"] = values[$2 " " $3 " auditd"] " " $5
	values[$2 " " $3 " records"] = values[$2 " " $3 " records"] " " $6
	values[$2 " " $3 " bytes"] = values[$2 " " $3 " bytes"] " " $7
}

END {
	print "| | million instructions | adds | of these auditd | records | log, KB | adds |"
	print "|---|---|---|---|---|---|---|"
	rows("build", "`make -j2`, each exec on record")
	rows("storm", "a shell script of 500 processes, likewise")
	rows("su", "50 logins by `su`, without a rule")
	rows("pods", "starts of pods of two containers, each exec on record")
}
