# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites whose registrars fail: of the containers that a test has tried to start, how
# many carry an ID, are on record as unlabelled, did not start, or are silent. The program of
# each is busybox, executed once.

# shellcheck disable=SC2034 # used by the suites
# tried_anew: from here on $tries counts what is tried, and $ran those whose start succeeded
tried_anew() {
	tries=0 ran=0
	auditctl -D >/dev/null
	log_mark
	rule -S execve
}

executed='^type=SYSCALL .* syscall=59 .* exe="/bin/busybox" '
# has_run COUNT: so many containers have executed their program since log_mark. A start is
# over before that.
has_run() { [ "$(log | LC_ALL=C grep -acE "$executed")" -ge "$1" ]; }

# judged WHAT: of all that were tried; sets $labelled, $recorded and $refused. No two of them
# have the same ID.
judged() {
	local begun silent

	until_true has_run "$ran"
	auditctl -D >/dev/null
	log >written
	read -r begun labelled recorded silent < <(LC_ALL=C awk -v executed="$executed" '
		$0 ~ executed {
			begun++
			match($0, / pid=[0-9]+/)
			pid = substr($0, RSTART + 5, RLENGTH - 5)
			if (match($0, / contid=[0-9a-f-]+/) && !had[substr($0, RSTART, RLENGTH)]++)
				labelled++
			else
				bare[pid] = 1
		}
		/: op=unlabelled / {
			match($0, / opid=[0-9]+/)
			on[substr($0, RSTART + 6, RLENGTH - 6)] = 1
		}
		END {
			for (pid in bare)
				if (pid in on)
					recorded++
				else
					silent++
			print begun + 0, labelled + 0, recorded + 0, silent + 0
		}' written)
	refused=$((tries - begun))
	printf '# %-46s of %d containers: %d labelled, %d on record as unlabelled, %d not started, %d silent\n' \
		"$1" "$tries" "$labelled" "$recorded" "$refused" "$silent" >&3
	[ ! -e said ] || cat said
	[ "$silent" -eq 0 ]
	[ "$refused" -ge 0 ]
	[ $((labelled + recorded + refused)) -eq "$tries" ]
}
