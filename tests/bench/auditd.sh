# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# auditd: quick, so that it may be stopped and catch up, or as Debian installs it.
# Read by guest.sh.

# auditd writes nothing: it shall be quick when it may run again
auditd_start() {
	mkdir -p /run/audit /run/auditd /run/bench.audit
	sed -e 's/^\(write_logs\|log_format\|name_format\) *=.*/\1 = X/' \
		-e 's/^write_logs = X/write_logs = no/' -e 's/^log_format = X/log_format = RAW/' \
		-e 's/^name_format = X/name_format = NONE/' /etc/audit/auditd.conf \
		>/run/bench.audit/auditd.conf
	chmod 640 /run/bench.audit/auditd.conf
	auditd -c /run/bench.audit
	auditctl -D >/dev/null
	auditctl -b 65536 >/dev/null
}

auditd_stop() {
	kill "$(audit_status pid)"
	while [[ $(audit_status pid) -ne 0 ]]; do
		sleep 0.1
	done
}

audit_status() { auditctl -s | sed -n "s/^$1 //p"; }

auditd_catch_up() {
	kill -CONT "$(audit_status pid)"
	while [[ $(audit_status backlog) -gt 0 ]]; do
		sleep 0.2
	done
}
