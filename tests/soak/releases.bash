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

# let_go PID: while processes leave its container, from the moment on that worked last
let_go() {
	local worked

	[[ ! -e $widen ]] || echo 20 >"$widen"
	worked=$(release_race 40 2000 "$first" "$1") || bad "release_race: $?"
	[[ ! -e $widen ]] || echo 0 >"$widen"
	# a little too early: it finds the moment itself
	first=$((worked > 6000 ? worked - 6000 : 0))
	[[ $(stat_of processes) -eq 0 ]] || bad "processes after a release: $(contidctl list)"
}

part_releases() {
	local end=$((SECONDS + ${RELEASE_SECONDS:-20})) id pid rounds=0 first=0
	# a file of the log that is young holds all of these
	pkill -USR1 -x auditd
	unshare -m sleep infinity &
	pid=$!
	until [[ $(</proc/$pid/comm) == sleep ]]; do sleep 0.1; done
	while [[ $SECONDS -lt $end && ! -e failed ]]; do
		id=$(new_contid)
		contidctl register "$pid" "$id" >/dev/null || bad "register: $?"
		rm -f saved
		contidctl save saved >/dev/null || bad "save: $?"
		let_go "$pid"
		contidctl restore saved >/dev/null || bad "restore: $?"
		let_go "$pid"
		wait_for_ends "$id" 2
		rounds=$((rounds + 1))
	done
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
