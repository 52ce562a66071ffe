# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that look at audit records: what auditd has written since a
# point, one event of it, and the rule of where contid= has its place.

# shellcheck disable=SC2034 # used by the suites
A=0123abcd-0123-4123-8123-0123456789ab B=11111111-0123-4123-8123-0123456789ab
audit_log=/var/log/audit/audit.log
bin=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/helpers/bin
PATH=$bin:$PATH

# in_a COMMAND...: run it in container A
in_a() {
	contidctl run "$A" -- "$@"
}

# log_mark: from here on. What went before is in the log.
log_mark() {
	log_sync
	log_inode=$(stat -c %i "$audit_log")
	log_from=$(stat -c %s "$audit_log")
}

# log_sync: wait for a message that is sent now. The kernel's queue keeps the
# order, so all that ended before has been written then.
log_sync() {
	mark=mark-$RANDOM$RANDOM$RANDOM
	"$bin/audit_sync" "$mark"
}

# until_true CONDITION: wait for it
until_true() {
	timeout 60 bash -c "until $1; do sleep 0.02; done"
}

# log_now: the whole log, also what auditd has rotated meanwhile
log_now() {
	log_sync
	find /var/log/audit -name 'audit.log*' -exec cat {} +
}

# log: what was written from log_mark until now, without the marks; also where
# auditd has begun other files since
log() {
	local file files=()

	log_sync
	for file in "$audit_log" "$audit_log".{1..4}; do
		[[ -e $file ]] || break
		files=("$file" "${files[@]}")
		[[ $(stat -c %i "$file") != "$log_inode" ]] || break
	done
	{
		tail -c "+$((log_from + 1))" "${files[0]}"
		[[ ${#files[@]} -eq 1 ]] || cat "${files[@]:1}"
	} | LC_ALL=C awk -v to="$mark" 'index($0, to) { exit } !/msg=\047text=mark-[0-9]* /'
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
				"PATH|PROCTITLE|KERN_MODULE|FANOTIFY|TIME_|OPENAT2|" \
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

# type NAME: the records of a type
type() {
	LC_ALL=C grep -aE "^type=($1) "
}
