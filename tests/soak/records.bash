# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Every record that reaches the log carries what it must.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

audit_log=/var/log/audit/audit.log

lost() { auditctl -s | sed -n 's/^lost //p'; }

# the daemon that the kernel knows; it does not notice at once when that is gone
auditd_pid() {
	local pid
	pid=$(auditctl -s | sed -n 's/^pid //p')
	[[ $pid -gt 0 && $(cat "/proc/$pid/comm" 2>/dev/null) == auditd ]] && echo "$pid"
}

start_auditd() {
	local end=$((SECONDS + 60))
	until auditd && [[ -n $(auditd_pid) ]]; do
		[[ $SECONDS -lt $end ]] || { bad "auditd does not start"; return; }
		sleep 0.2
	done
}

kill_auditd() {
	local pid
	pid=$(auditd_pid) || return
	kill -9 "$pid"
	while [[ -d /proc/$pid ]]; do sleep 0.05; done
	rm -f /run/auditd.pid
}

rule() { auditctl "$1" always,exit -F arch=b64 -S mkdir,mkdirat -k soak >/dev/null 2>&1; }

# What happens to audit meanwhile, until the file "enough" is there
trouble_none() { :; }
trouble_stopped() {
	local pid
	pid=$(auditd_pid) || return
	auditctl -b 64 --backlog_wait_time 0 >/dev/null
	kill -STOP "$pid"
	until [[ -e enough ]]; do sleep 0.1; done
	kill -CONT "$pid"
	auditctl -b 8192 >/dev/null
}
trouble_killed() {
	auditctl -b 512 --backlog_wait_time 10 >/dev/null
	until [[ -e enough ]]; do
		kill_auditd
		sleep 0.5
		start_auditd
		sleep 1
	done
	auditctl -b 8192 >/dev/null
}
trouble_rules() {
	until [[ -e enough ]]; do
		rule -d
		auditctl -e 0 >/dev/null
		sleep 0.1
		auditctl -e 1 >/dev/null
		rule -a
		auditctl -r 200 >/dev/null
		sleep 0.3
		auditctl -r 0 >/dev/null
		sleep 0.2
	done
}

# check_log NAME CONTID...: events of the command NAME-N carry the N-th, those of
# NAME-0 none. Prints "in N out N wrong N".
check_log() {
	local name=$1
	shift
	cat "$audit_log".* "$audit_log" 2>/dev/null | LC_ALL=C awk -v name="$name-" -v list="$*" '
		BEGIN { split(list, contid, " ") }
		/^type=SYSCALL / && index($0, " comm=\"" name) {
			sub(/\035.*/, "")
			n = substr($0, index($0, " comm=\"" name) + length(" comm=\"" name), 1)
			if (n == 0) {
				out++
				wrong += / contid=/
			} else {
				inside++
				want = " contid=" contid[n]
				wrong += substr($0, length($0) - length(want) + 1) != want
			}
		}
		END { printf "in %d out %d wrong %d\n", inside, out, wrong }'
}

# until_written: what was recorded until now is in the log
until_written() {
	local mark=soak-$RANDOM$RANDOM end=$((SECONDS + 90))
	until cat "$audit_log".* "$audit_log" 2>/dev/null | grep -qa "$mark"; do
		auditctl -m "$mark" >/dev/null 2>&1
		sleep 0.5
		[[ $SECONDS -lt $end ]] || { bad "auditd writes nothing"; return; }
	done
}

# records_with TROUBLE EVENTS: three containers and the host make so many each
records_with() {
	local trouble=$1 events=$2 n ids=() pids=() before ours name=soak$SECONDS
	for n in 1 2 3; do ids+=("$(new_contid)"); done
	rm -f enough ready go
	mkfifo ready go
	rm -f "$audit_log".*
	until_written
	auditctl -D >/dev/null
	rule -a
	before=$(lost)
	for n in 1 2 3; do
		(contained "soak-r$n" "${ids[n - 1]}" sh -c \
			"churn $name-$n $events || echo failed >ready; echo >ready; read -r _ <go") &
		pids+=($!)
	done
	"trouble_$trouble" &
	trouble_pid=$!
	[[ $trouble == stopped ]] || churn "$name-0" "$events"
	# keeps the pipe open: a reader for each would miss a word
	exec 5<>ready
	for n in 1 2 3; do
		read -r -u 5 -t 600 line || bad "churn does not end"
		[[ -z $line ]] || bad "churn $line"
	done
	exec 5>&-
	ours=$(contidctl list --json | jq '[.. | objects | select(has("lost")) | .lost] | add')
	: >enough
	wait "$trouble_pid"
	lost=$(($(lost) - before))
	until_written
	check_log "$name" "${ids[@]}" >out-log
	add_line "$trouble" out-log
	add "$trouble-asked" $((events * 3))
	add "$trouble-lost-ours" "$ours"
	add "$trouble-lost-kernel" "$lost"
	[[ ${sum[$trouble-wrong]} -eq 0 ]] || bad "wrong records, $trouble"
	[[ $lost -ge $ours || $trouble == rules ]] || bad "lost $lost, and by our counts $ours"
	# what a killed auditd had read already is nobody's
	if [[ $trouble == none ]]; then
		[[ $(<out-log) == "in $((events * 3)) out $events wrong 0" ]] ||
			bad "$(<out-log) in the log, of $((events * 3)) and $events"
	fi
	exec 5<>go
	printf '\n\n\n' >&5
	wait "${pids[@]}"
	exec 5>&-
	rm -f ready go
	rmdir "$cgroups"/soak-r{1,2,3}
}

part_records() {
	local events=${EVENTS:-300}
	records_with none "$events"
	records_with stopped "$events"
	records_with killed "$events"
	records_with rules "$events"
	auditctl -D >/dev/null
	auditctl -b 8192 --backlog_wait_time 60000 -r 0 -e 1 >/dev/null
	quiet
}
