# SPDX-License-Identifier: GPL-2.0
#
# For the tables of docs/cost.md: the lines in their order, and what they are called.

function thousands(n,    text) {
	for (text = ""; n >= 1000; n = int(n / 1000))
		text = sprintf(",%03d", n % 1000) text
	return n text
}

BEGIN {
	split("vfork fork spawn exec thread setns shell mkdir audited_exec message seccomp getppid kill switch auditd laurel auditd+laurel", order, " ")
	text["vfork"] = "vfork, exit, wait"
	text["fork"] = "fork, exit, wait"
	text["spawn"] = "posix_spawn of `/bin/true`"
	text["exec"] = "posix_spawn of a static program"
	text["thread"] = "pthread_create and join"
	text["setns"] = "setns to a mount namespace of others, and to the next"
	text["shell"] = "a shell that calls `true` ten times"
	text["mkdir"] = "mkdir under a rule, the kernel's part"
	text["audited_exec"] = "the static program under a rule, likewise"
	text["message"] = "user message"
	text["seccomp"] = "SECCOMP record"
	text["getppid"] = "getppid, not audited"
	text["kill"] = "kill, a signal that is ignored"
	text["switch"] = "there and back through pipes"
	text["auditd"] = "auditd for each execve"
	text["auditd+laurel"] = "auditd for each execve, with LAUREL"
	text["laurel"] = "LAUREL for each execve"
}
