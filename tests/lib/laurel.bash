# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites and benches that have LAUREL read the same records: it looks up in /proc
# which container a process is in.

# shellcheck disable=SC2034 # used by the suites
laurel_log=/var/log/laurel/audit.log
laurel_plugin=/etc/audit/plugins.d/laurel.conf

# laurel_is yes|no: have auditd run it, with container enrichment, or end it
laurel_is() {
	sed -i "s/^active = .*/active = $1/; s,^args = .*,args = --config $BATS_FILE_TMPDIR/laurel.toml," \
		"$laurel_plugin"
	kill -HUP "$(cat /run/auditd.pid)"
	if [ "$1" = yes ]; then
		until_true "pgrep -x laurel"
	else
		until_true "! pgrep -x laurel"
	fi
}

# laurel_config FILE: it looks up the container of each process
laurel_config() {
	cat >"$1" <<-END
		directory = "/var/log/laurel"
		user = "_laurel"

		[auditlog]
		file = "audit.log"
		size = 1000000000
		generations = 1

		[debug.parse-error-log]
		file = "parse-error.log"
		size = 1000000
		generations = 1

		[enrich]
		pid = true
		container = true
	END
}

laurel_begin() {
	rm -f /var/log/laurel/*
	laurel_config "$BATS_FILE_TMPDIR/laurel.toml"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	laurel_is yes 3>&-
}

# laurel_sync: it has read all records so far, without an error
laurel_sync() {
	local mark=mark-$RANDOM$RANDOM$RANDOM

	auditctl -m "$mark" >/dev/null
	until_true "grep -qa $mark $laurel_log"
	[ ! -s /var/log/laurel/parse-error.log ]
}

# laurel_version: as it is written in tables
laurel_version() { laurel --version | head -n 1 | sed 's/^[^0-9]*/LAUREL /'; }

# laurel_beside: of the events of each line of the table, those of which LAUREL knows the
# container; ways.bash has written both. It has to have read all, and to know some.
laurel_beside() {
	local line=0 what result all known version some=0

	laurel_sync
	version=$(laurel_version)
	jq -r '"\(.ID) \(.SYSCALL.PID.container.id // .CONTAINER_INFO.ID // "")"' "$laurel_log" >told
	cut -d' ' -f1 told | sort >ids
	awk 'NF == 2 { print $1 }' told | sort >known
	while IFS='|' read -r what result _; do
		sort "$BATS_FILE_TMPDIR/events-$((line++))" >events
		all=$(wc -l <events)
		known=$(comm -12 events known | wc -l)
		printf '# %-46s %-10s %d of %d events known to %s\n' "$what" "$result" "$known" "$all" \
			"$version" >&3
		[ "$all" -gt 0 ]
		[ "$(comm -12 events ids | wc -l)" -eq "$all" ]
		some=$((some + known))
	done <"$BATS_FILE_TMPDIR/table"
	[ "$some" -gt 0 ]
}
