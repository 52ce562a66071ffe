# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that look at audit records: one event of what auditd has written,
# and the rule of where contid= has its place.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

# in_a COMMAND...: run it in container A
in_a() {
	contidctl run "$A" -- "$@"
}

# events PATTERN: the records of the events that have a record like this
events() {
	log | LC_ALL=C awk -v pattern="$1" '
		{
			match($0, /audit\([0-9.]+:[0-9]+\)/)
			id = substr($0, RSTART, RLENGTH)
			line[NR] = $0
			of[NR] = id
		}
		$0 ~ pattern { wanted[id] = 1 }
		END {
			for (i = 1; i <= NR; i++)
				if (of[i] in wanted)
					print line[i]
		}'
}

# placed CONTID: each record of the input carries this contid in its place, and
# nowhere else: first in user messages, last before what auditd adds in all
# others, not at all in auxiliary ones. Prints those that do not. There has to
# be a record that carries it.
placed() {
	LC_ALL=C awk -v contid="$1" '
		BEGIN {
			user = "^type=(USER|CRED|GRP|ADD|DEL|ACCT|CHGRP|CHUSER|LABEL|" \
				"SYSTEM|SERVICE|TEST|TRUSTED|ROLE|DAC|ANOM_LOGIN|ANOM_CRYPTO|" \
				"RESP|CRYPTO|VIRT|SOFTWARE|UNKNOWN\\[(11|2)[0-9]+\\])"
			auxiliary = "^type=(IPC|SOCKETCALL|SOCKADDR|CWD|EXECVE|IPC_SET_PERM|MQ_|" \
				"FD_PAIR|OBJ_PID|EOE|BPRM_FCAPS|CAPSET|MMAP|NETFILTER_PKT|" \
				"PATH|PROCTITLE|KERN_MODULE|TIME_|OPENAT2|" \
				"MAC_TASK_CONTEXTS|MAC_OBJ_CONTEXTS|UNKNOWN\\[14(25|26)\\])"
		}
		function wrong(why) {
			print why ": " $0
			bad = 1
		}
		{
			ours = $0
			sub(/\035.*/, "", ours)
		}
		$0 ~ auxiliary {
			if ($0 ~ / contid=/)
				wrong("in an auxiliary record")
			next
		}
		$0 ~ user {
			first = ours
			sub(/^type=[^ ]+ msg=audit\([0-9.]+:[0-9]+\): /, "", first)
			if (index(first, "contid=" contid " pid=") != 1)
				wrong("not the first field")
			# all that is not in the text of the sender
			sub(/ (msg=\047|data=).*/, "", first)
			if (first ~ / contid=/)
				wrong("more than once")
			seen = 1
			next
		}
		{
			last = " contid=" contid
			if (substr(ours, length(ours) - length(last) + 1) != last)
				wrong("not the last field")
			else if (gsub(/ contid=/, "&", ours) != 1)
				wrong("more than once")
			if ($0 ~ /\035.* contid=/)
				wrong("behind the separator")
			seen = 1
		}
		END {
			if (!seen) {
				print "no record that could carry it"
				bad = 1
			}
			exit bad
		}'
}

# audits_uring: the kernel records what io_uring does, and has rules for it (since 5.16)
audits_uring() { grep -q ' __audit_uring_entry$' /proc/kallsyms; }

# type NAME: the records of a type
type() {
	LC_ALL=C grep -aE "^type=($1) "
}
