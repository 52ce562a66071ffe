# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The processor time of auditd, and of LAUREL as its plugin, for each audited
# execve. auditd is as Debian installs it, but that it may queue a whole
# repetition for its plugin. Read by guest.sh.
# shellcheck disable=SC2154 # measure and rounds are set there

# shellcheck source=tests/lib/laurel.bash
. "$PROJECT/tests/lib/laurel.bash"

EXECS=400
auditors=auditd

# auditd_with yes|no: run it, with LAUREL or without
auditd_with() {
	auditd_stop
	mkdir -p /run/bench.plugin /var/log/laurel
	rm -f /var/log/laurel/* /var/log/audit/*
	chown _laurel: /var/log/laurel
	laurel_config /run/bench.plugin/laurel.toml
	sed 's/^q_depth *=.*/q_depth = 65535/' /etc/audit/auditd.conf >/run/bench.plugin/auditd.conf
	chmod 640 /run/bench.plugin/auditd.conf
	sed -i "s/^active = .*/active = $1/; s,^args = .*,args = --config /run/bench.plugin/laurel.toml," \
		/etc/audit/plugins.d/laurel.conf
	auditd -c /run/bench.plugin
	auditctl -D >/dev/null
	auditctl -b 65536 >/dev/null
	auditors="auditd"
	[[ $1 == no ]] || auditors+=" laurel"
	# it has said in the log that it is there
	auditors_catch_up
}

auditors_catch_up() {
	local mark=mark-$RANDOM$RANDOM$RANDOM name log
	auditctl -m "$mark" >/dev/null
	for name in $auditors; do
		[[ $name == laurel ]] && log=/var/log/laurel/audit.log || log=/var/log/audit/audit.log
		until tail -c 4096 "$log" 2>/dev/null | grep -q "$mark"; do
			sleep 0.2
		done
	done
}

# processor_time NAME: in nanoseconds, of all its threads
processor_time() {
	cat "/proc/$(pgrep -x -o "$1")"/task/*/schedstat | awk '{ sum += $1 } END { print sum }'
}

# programs_measured CONDITION DEPTH
programs_measured() {
	local name round
	local -A before values
	for ((round = 0; round < 3; round++)); do
		for name in $auditors; do
			before[$name]=$(processor_time "$name")
		done
		auditctl -a always,exit -F arch=b64 -S execve -k bench >/dev/null
		"$measure" -d "$2" -r 1 -n "$EXECS" exec >/dev/null
		auditctl -D >/dev/null
		auditors_catch_up
		for name in $auditors; do
			# the repetition that is not counted, measure itself and auditctl
			values[$name]+=" $((($(processor_time "$name") - before[$name]) / (EXECS + EXECS / 10 + 2)))"
		done
	done
	for name in $auditors; do
		case $name$auditors in
		auditdauditd) echo "result auditd $1${values[$name]}" ;;
		auditd*) echo "result auditd+laurel $1${values[$name]}" ;;
		laurel*) echo "result laurel $1${values[$name]}" ;;
		esac
	done
}

beside_programs() {
	auditd_with no
	programs_all
	auditd_with yes
	programs_all
	auditd_stop
	auditd_start
}

programs_all() {
	programs_measured none 0
	module_load
	programs_measured host 0
	programs_measured container 1
	module_unload
}
