# SPDX-License-Identifier: GPL-2.0
#
# From bench.csv the table of README.md: no module in instructions, all else as what
# it adds to that, each with its spread.

function thousands(n,    text) {
	for (text = ""; n >= 1000; n = int(n / 1000))
		text = sprintf(",%03d", n % 1000) text
	return n text
}

function cell(line, condition) {
	if (!((line, condition) in median))
		return " |"
	return sprintf(" %+.2f ± %.2f %% |", (median[line, condition] / median[line, "none"] - 1) * 100,
		spread[line, condition] / median[line, "none"] * 100)
}

BEGIN {
	FS = ","
	split("vfork fork spawn exec thread shell mkdir audited_exec message seccomp getppid switch auditd laurel auditd+laurel", order, " ")
	text["vfork"] = "vfork, exit, wait"
	text["fork"] = "fork, exit, wait"
	text["spawn"] = "posix_spawn of `/bin/true`"
	text["exec"] = "posix_spawn of a static program"
	text["thread"] = "pthread_create and join"
	text["shell"] = "a shell that calls `true` ten times"
	text["mkdir"] = "mkdir under a rule, the kernel's part"
	text["audited_exec"] = "the static program under a rule, likewise"
	text["message"] = "user message"
	text["seccomp"] = "SECCOMP record"
	text["getppid"] = "getppid, not audited"
	text["switch"] = "there and back through pipes"
	text["auditd"] = "auditd for each execve"
	text["auditd+laurel"] = "auditd for each execve, with LAUREL"
	text["laurel"] = "LAUREL for each execve"
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
