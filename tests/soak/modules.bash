# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The module comes and goes.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

# Storms, each in the background until it is killed.
storm_forks() { while :; do (:) & (:); wait; done; }
storm_namespaces() { while :; do unshare -m true; nsenter -m -t 1 true; done; }
storm_records() { while :; do churn storm 20; auditctl -m storm >/dev/null; done; }
storm_auditd() {
	while :; do
		pkill -STOP -x auditd
		sleep 0.7
		pkill -CONT -x auditd
		sleep 0.7
	done
}

part_modules() {
	local end=$((SECONDS + ${MODULE_SECONDS:-40})) storm cycles=0 id
	auditctl -a always,exit -F arch=b64 -S mkdir -k soak >/dev/null
	for storm in forks namespaces records auditd; do
		(in_cgroup "soak-storm" bash -c \
			"$(declare -f "storm_$storm"); storm_$storm") 2>/dev/null &
		disown
	done
	while [[ $SECONDS -lt $end ]]; do
		modprobe -r audit_contid || { bad "modprobe -r: $?"; break; }
		modprobe audit_contid || { bad "modprobe: $?"; break; }
		id=$(new_contid)
		# its end is recorded by work that may be pending when the module goes
		contidctl run "$id" -- churn storm 4 || bad "run: $?"
		cycles=$((cycles + 1))
	done
	end_cgroups soak-storm
	pkill -CONT -x auditd
	auditctl -D >/dev/null
	add module-cycles "$cycles"
	quiet
}
