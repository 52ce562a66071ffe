# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers are let go and restored while processes leave them by themselves. Each
# process is counted once, and each container has one end in the log.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

# only the debug kernel's build has it: it makes the moment between taking an entry
# out and counting it long
widen=/sys/module/audit_contid/parameters/widen

# ends CONTID: how often its end is in the log
ends() { grep -hacE " op=(release|drop) .*ocontid=$1( |\$)" /var/log/audit/audit.log; }

# let_go FILE: a process that has left since it looked makes it look once more
let_go() {
	rm -f "$1"
	until contidctl save --release "$1" >/dev/null 2>let-go; do
		if [[ -e failed ]]; then return; fi
		rm -f "$1"
	done
	[[ $(stat_of processes) -eq 0 ]] || bad "processes after a release: $(contidctl list)"
}

# leave_while COMMAND...: do it while processes leave PID's container, one after the other
leave_while() {
	local returns said pid=$1
	shift
	coproc RETURNS { exec returns 20 2000 "$pid"; }
	# bash forgets it when the process has ended
	returns=$RETURNS_PID
	read -r said <&"${RETURNS[0]}"
	[[ $said == inside ]] || bad "returns: $said"
	echo >&"${RETURNS[1]}"
	"$@"
	wait "$returns" || bad "returns: $?"
}

part_releases() {
	local end=$((SECONDS + ${RELEASE_SECONDS:-20})) id pid rounds=0
	# a file of the log that is young holds all of these
	pkill -USR1 -x auditd
	unshare -m sleep infinity &
	pid=$!
	until [[ $(</proc/$pid/comm) == sleep ]]; do sleep 0.1; done
	[[ ! -e $widen ]] || echo 5 >"$widen"
	while [[ $SECONDS -lt $end && ! -e failed ]]; do
		id=$(new_contid)
		contidctl register "$pid" "$id" >/dev/null || bad "register: $?"
		leave_while "$pid" let_go saved
		contidctl restore saved >/dev/null || bad "restore: $?"
		leave_while "$pid" let_go saved-again
		wait_for_ends "$id" 2
		rounds=$((rounds + 1))
	done
	[[ ! -e $widen ]] || echo 0 >"$widen"
	kill "$pid"
	wait "$pid"
	add releases "$((rounds * 2))"
	quiet
}

# wait_for_ends CONTID NUMBER: until as many are in the log, and then no more
wait_for_ends() {
	local end=$((SECONDS + 60))
	# what was recorded before this message is in the log when it is
	auditctl -m "after $1" >/dev/null
	until grep -qa "after $1" /var/log/audit/audit.log; do
		[[ $SECONDS -lt $end ]] || { bad "no message in the log"; return; }
		sleep 0.05
	done
	[[ $(ends "$1") -eq $2 ]] || bad "$(ends "$1") ends of a container that was let go $2 times"
}
