# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suite ways: what came out of one way to start or to enter a container, as a
# line of a table.

# shellcheck source=tests/lib/docker.bash
. "${BASH_SOURCE[0]%/*}/docker.bash"

# box DIR: a container's root whose program /bin/way makes a directory in /tmp that has the
# name of its first argument, and stays if there is a second one
box() {
	rootfs "$1"
	chmod 1777 "$1/tmp"
	cat >"$1/bin/way" <<-'END'
		#!/bin/sh
		/bin/mkdir "/tmp/$1"
		[ -z "$2" ] || exec /bin/sleep 1000
	END
	chmod 755 "$1/bin/way"
}

# --- what came out

# begin [WORD]: what a container's program /bin/way does with WORD is the way that is
# looked at; by default a new word
begin() {
	word=${1:-way-$BATS_TEST_NUMBER-$((ways += 1))}
	log_mark
	rule -S execve
	rule -S mkdir
}

# seen TIMES: the last thing that /bin/way does for sure is on record
seen() {
	[ "$(log | grep -acE "$makes_directory")" -ge "$1" ]
}
makes_directory='^type=SYSCALL .* syscall=83 .* exe="/bin/busybox" '

# counted FILE: of the SYSCALL records of programs in containers: how many belong to the way,
# how many of all have an ID, how many have none, and which IDs the way has. FILE gets the
# numbers of its events.
counted() {
	LC_ALL=C awk -v word="$word" -v file="$1" '
		{
			match($0, /audit\([0-9.]+:[0-9]+\)/)
			id = substr($0, RSTART, RLENGTH)
		}
		/^type=SYSCALL .* exe="\/bin\/busybox" / {
			contid[id] = ""
			if (match($0, / contid=[0-9a-f-]+/)) {
				contid[id] = substr($0, RSTART + 8, RLENGTH - 8)
				with++
			} else {
				without++
			}
			if (/ syscall=83 /)
				of[id] = 1
		}
		index($0, "=\"" word "\"") || index($0, "=\"/tmp/" word "\"") { of[id] = 1 }
		END {
			for (id in contid) {
				if (!(id in of))
					continue
				events++
				print substr(id, 7, length(id) - 7) >>file
				if (contid[id] != "" && !(contid[id] in seen)) {
					seen[contid[id]] = 1
					ids = ids " " contid[id]
				}
			}
			print events + 0, with + 0, without + 0 ids
		}' written
}

# name_of CONTID: what the record of its last begin calls it, as it is there
name_of() {
	# behind 0x1D stands what auditd has added
	log_now | LC_ALL=C sed 's/\x1d.*//' | grep -a "op=register .*ocontid=$1 .*res=1" | tail -n 1 |
		grep -ao ' vm=[^ ]*' | cut -d= -f2 | tr -d '"'
}

# table_length: the lines of the table so far; laurel_beside (laurel.bash) counts them likewise
table_length() {
	touch "$BATS_FILE_TMPDIR/table"
	wc -l <"$BATS_FILE_TMPDIR/table"
}

# came_out WHAT STARTS tagged|unlabelled [NAME]: /bin/way was executed so many times. A line of
# the table, and that it is what it has to be: three events of each time, the first of them
# the execution of the first program, and no event of a container's that has no ID; or a
# record op=unlabelled for each time. Sets $ids, those of the events.
came_out() {
	local events with without result name=- contid

	until_true "seen $2"
	auditctl -D >/dev/null
	log >written
	read -r events with without ids < <(counted "$BATS_FILE_TMPDIR/events-$(table_length)")
	unlabelled=$(grep -ac ': op=unlabelled .* exe="/bin/busybox"' written || true)
	result=silent
	if [ "$without" -eq 0 ]; then
		result=tagged
		name=
		for contid in $ids; do
			name+="${name:+, }$(name_of "$contid")"
		done
	elif [ "$with" -eq 0 ] && [ "$unlabelled" -eq "$2" ]; then
		result=unlabelled
	fi
	echo "$1|$result|${name:--}" >>"$BATS_FILE_TMPDIR/table"
	printf '# %-46s %-10s %s\n' "$1" "$result" "${name:--}" >&3
	echo "$1: $events of the way, $with with an ID ($ids), $without without, $unlabelled unlabelled"
	[ "$events" -eq $((3 * $2)) ]
	[ "$result" = "$3" ]
	[ -z "${4:-}" ] || [ "$name" = "$4" ]
}

# in_pod RUNTIME RESULT HOW: a pod and a container by containerd's CRI (cri.bash); sets $pod and
# $one
in_pod() {
	local name=shop/web-0

	[ "$2" = tagged ] || name=
	begin pause
	pod=$(cri pod web-0 "$1")
	came_out "CRI: a pod's sandbox$3" 1 "$2" "$name"
	[ "$2" != tagged ] || [ "$ids" = "$(contid_of "$pod")" ]
	in_container nginx "$2" "a container$3"
}

# in_container NAME RESULT WHAT: one in this pod; sets $one
in_container() {
	local name=shop/web-0/$1

	[ "$2" = tagged ] || name=
	begin
	one=$(cri create "$pod" web-0 "$1" /bin/way "$word" stay)
	cri start "$one"
	came_out "CRI: $3" 1 "$2" "$name"
	[ "$2" != tagged ] || [ "$ids" = "$(contid_of "$one")" ]
}
