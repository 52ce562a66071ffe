#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What an auditor gets of a machine: rules by purpose, loaded; controls that hold; a page;
# and counters, live. And the library with the module behind it.
# depends on: userland. auditctl, augenrules and python3 are the release's.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	auditctl -D >/dev/null
	sleeper=
}

teardown() {
	rm -f /etc/audit/rules.d/60-audit-contid-*
	[ -z "$sleeper" ] || kill "$sleeper"
	auditctl -D >/dev/null
	wait_for no_containers
}

@test "the kernel takes every rule of every set, together, and none stays when they are removed" {
	augenrules --load >/dev/null
	before=$(auditctl -l | grep -c '^-[aw]') || true
	read -ra sets < <(contidctl rules list | awk 'NR > 1 { print $1 }' | xargs)
	[ "${#sets[@]}" -eq 8 ]
	contidctl rules install "${sets[@]}"
	expected=$(contidctl rules list | awk 'NR > 1 { sum += $3 } END { print sum }')
	[ "$(auditctl -l | grep -c '^-[aw]')" -eq $((before + expected)) ]
	contidctl rules remove "${sets[@]}"
	[ "$(auditctl -l | grep -c '^-[aw]')" -eq "$before" ] || [ "$before" -eq 0 ]
	run -1 grep -r audit-contid /etc/audit/audit.rules
}

@test "rules that auditctl refuses leave all as it was" {
	printf -- '-D\n-a always,exit -F arch=b64 -S nosuchcall -k bad\n' >/etc/audit/rules.d/70-bad.rules
	run -1 contidctl rules install exec
	rm /etc/audit/rules.d/70-bad.rules
	[[ $output == *"all is as it was before"* ]]
	[ ! -e /etc/audit/rules.d/60-audit-contid-exec.rules ]
}

@test "check, report and top see what a container does under the rules of a set" {
	# what another suite has done to its probes is remembered by the module
	modprobe -r audit_contid
	modprobe audit_contid
	contidctl rules install stig
	log_mark
	contidctl run --label shop/web-0/nginx "$A" -- bash -c \
		'touch x; chmod 600 x; rm x; setpriv --reuid 65534 cat /etc/shadow; true' 2>/dev/null
	log >mine
	contidctl check --profile srg-ctr --format json --input mine >object || [ $? -eq 1 ]
	for control in 100-CTR-000200 101-CTR-000205 343-CTR-000780 495-CTR-001235 501-CTR-001265 \
		504-CTR-001280 507-CTR-001295 510-CTR-001310; do
		jq -e --arg id "SRG-APP-000$control" '.controls[] | select(.id == $id) | .result == "pass"' object ||
			{ jq --arg id "SRG-APP-000$control" '.controls[] | select(.id == $id)' object; false; }
	done
	contidctl report --period "$(date +%Y-%m)" --format json |
		jq -e '[.containers[] | select(.name == "shop/web-0/nginx" and .events > 0 and .ended)] | length >= 1'
}

@test "stats for Prometheus and top have the kernel's numbers" {
	rule -S kill
	contidctl run --label web "$A" -- bash -c 'while kill -0 $$; do sleep 0.1; done' 3>&- &
	sleeper=$!
	until_true bash -c 'contidctl list --json | jq -e ".[0].asked > 2"'
	contidctl top --once --json --delay 1 |
		jq -e '.containers | length == 1 and .[0].label == "web" and .[0].records_per_second > 0'
	contidctl stats -f openmetrics -c >metrics
	registered=$(contidctl stats --json | jq .registered)
	grep -qx "audit_contid_registrations_total $registered" metrics
	grep -q "^audit_contid_container_records_asked_total{contid=\"$A\",name=\"web\"} [1-9]" metrics
}

two_tables() { [ "$(grep -oF $'\e[H\e[2J' shown | wc -l)" -ge 2 ]; }

@test "top on a terminal shows one table at a time" {
	script -qefc "timeout 100 contidctl top -d 0.1" /dev/null >shown 3>&- &
	until_true two_tables
	kill "$!"
	wait "$!" || true
	grep -q ' 0 containers, 0.0 records a second' shown
}

@test "a program registers a process by the library, and learns why it is refused" {
	# docs/runtimes.md, which the suite library runs, is not in the machine
	cat >program.py <<-'END'
		import ctypes, os, sys
		lib = ctypes.CDLL("/usr/local/lib/libaudit-contid.so.0", use_errno=True)
		lib.contid_strerror.restype = ctypes.c_char_p
		contid = (ctypes.c_ubyte * 16)(*bytes.fromhex(sys.argv[2].replace("-", "")))
		pidfd = os.pidfd_open(int(sys.argv[1]))
		if lib.contid_register(lib.contid_open(None), pidfd, 0, contid, b"web"):
		    sys.exit(lib.contid_strerror(1, ctypes.get_errno()).decode())
	END
	sleep infinity 3>&- &
	sleeper=$!
	run -0 python3 program.py "$sleeper" "$A"
	[ "$(contidctl get "$sleeper")" = "$A" ]
	contidctl list --json | jq -e '.[0].label == "web"'
	run -1 python3 program.py "$sleeper" "$B"
	[ "$output" = "the process was registered before, and an ID is written once" ]
}
