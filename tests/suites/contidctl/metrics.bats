#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl stats --format openmetrics: what Prometheus can read; and what contidctl doctor
# makes of the same counters.
# depends on: userland. A library answers in place of the module; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

# metrics ARGUMENT...: into the file "metrics"
metrics() { pretend contidctl stats --format openmetrics "$@" >metrics; }

# sample NAME: its value
sample() { awk -v name="audit_contid_$1" '$1 == name { print $NF }' metrics; }

@test "each sample stands behind HELP and TYPE of its family, and the end is marked" {
	metrics --containers
	[ "$(tail -n 1 metrics)" = "# EOF" ]
	awk '
		function wrong(why) { print why ": " $0; failed = 1 }
		$1 == "#" && $2 == "HELP" {
			if (seen[$3]++) wrong("twice")
			if (NF < 4) wrong("no help")
			helped = $3
			next
		}
		$1 == "#" && $2 == "TYPE" {
			if ($3 != helped) wrong("no HELP before")
			if ($4 != "counter" && $4 != "gauge") wrong("type")
			family = $3
			suffix = $4 == "counter" ? "_total" : ""
			next
		}
		$0 == "# EOF" { next }
		{
			name = $1
			sub(/\{.*/, "", name)
			if (name != family suffix) wrong("not of family " family)
			if ($0 !~ /^audit_contid_[a-z_]+(\{([a-z]+="([^"\\]|\\["\\n])*",?)+\})? [0-9]+$/)
				wrong("form")
			samples++
		}
		END { exit failed || samples < 25 }' metrics
}

@test "counters and gauges have the numbers of the module" {
	metrics
	[ "$(sample registrations_total)" = 12 ]
	[ "$(sample registrations_refused_total)" = 4 ]
	[ "$(sample inherited_total)" = 18446744073709551615 ]
	[ "$(sample probes_on)" = 1 ]
	[ "$(sample containers_limit)" = 65536 ]
	[ "$(sample 'module{version="9.9"}')" = 1 ]
	[ "$(sample 'probe_missed_total{probe="record",symbol="audit_log_end"}')" = 1 ]
}

@test "--containers: each with its ID and its label, whatever bytes that has" {
	metrics
	run -1 grep container_records metrics
	metrics -c
	grep -qF '{contid="0123abcd-0100-0000-0000-000000000000",name="shop/web-0/nginx"} 100' metrics
	# shellcheck disable=SC1003 # backslashes
	grep -qF 'name="a \"b\" \\ \\012"} 2' metrics
}

# OpenMetrics: what is a counter never goes back, but to 0 when what it counts begins anew
@test "each number that only grows is a counter, and each that may go down a gauge" {
	metrics -c
	[ "$(awk '$2 == "TYPE" && $4 == "gauge" { print $3 }' metrics | sed 's/^audit_contid_//' | sort | xargs)" = \
		"container_processes container_rate containers containers_limit labels_bytes module probes_on processes table_bytes" ]
	for name in asked:100 written:90 lost:10; do
		grep -qxF "# TYPE audit_contid_container_records_${name%:*} counter" metrics
		grep -qxF "audit_contid_container_records_${name%:*}_total{contid=\"0123abcd-0100-0000-0000-000000000000\",name=\"shop/web-0/nginx\"} ${name#*:}" metrics
	done
}

@test "text and JSON are as they were, and what is no format is refused" {
	diff <(pretend contidctl stats --json) <(pretend contidctl stats -f json)
	diff <(pretend contidctl stats) <(pretend contidctl stats --format text)
	run -2 contidctl stats --format xml
	[[ $output == *"there is no format 'xml'"* ]]
	run -2 contidctl stats --containers
	[[ $output == *"openmetrics"* ]]
}

@test "if the containers cannot be read nothing is printed" {
	run -1 --separate-stderr pretend ERRNO=12 contidctl stats -f openmetrics -c
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"could not be read"* ]]
}

@test "doctor fails if the probe of exec has not even seen doctor" {
	pretend contidctl doctor --json >told || true
	jq -e '.[] | select(.name == "probes") | .verdict == "ok"' told
	pretend NO_EXEC=1 contidctl doctor --json >told || true
	jq -e '.[] | select(.name == "probes") | .verdict == "FAIL" and (tostring | contains("exec"))' told
}
