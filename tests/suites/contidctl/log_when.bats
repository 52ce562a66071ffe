#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# --since and --until.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# each test has a TZ of its own
# shellcheck disable=SC2030,SC2031
# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# within ARGUMENT...: the events of dst.log: 1 at 00:30 UTC, 2 at 01:30 UTC
within() { of dst --format raw "$@" "$A" 2>/dev/null | serials; }

@test "an hour that the clock shows twice begins with the first and ends with the second" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	[ "$(within --since '2026-10-25 02:30')" = "1 2" ]
	[ "$(within --until '2026-10-25 02:30')" = "1 2" ]
	[ "$(within --since '2026-10-25 02:30' --until '2026-10-25 02:30')" = "1 2" ]
	[ "$(within --since '2026-10-25 02:31')" = 2 ]
	[ "$(within --since 2026-10-25 --until 2026-10-25)" = "1 2" ]
}

@test "an hour that the clock skips is between those around it" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	line USER 1 "contid=$A pid=1 msg='x'" | sed 's/1795600000/1774746000/' >log # 02:00 +01:00
	[ "$(contidctl events --input log --since '2026-03-29 02:30' --format raw "$A" | serials)" = 1 ]
	[ "$(contidctl events --input log --until '2026-03-29 02:30' --format raw "$A" | serials)" = 1 ]
}

@test "an offset says which of the two is meant, in each of its forms" {
	export TZ=EST5EDT,M3.2.0,M11.1.0
	for zone in Z +00 +0000 +00:00 ' Z' ' +00:00' -00:00; do
		[ "$(within --since "2026-10-25T01:30:00$zone")" = 2 ]
		[ "$(within --until "2026-10-25T01:29:59$zone")" = 1 ]
	done
	[ "$(within --since '2026-10-25 02:30 +01:00')" = 2 ]
	[ "$(within --since '2026-10-25T02:30+0200')" = "1 2" ]
	[ "$(within --since '2026-10-24T20:30:00.000-05:00')" = 2 ]
}

@test "each time stamp that contidctl prints is understood" {
	fixture lives >log
	for format in csv json text; do
		stamps=$(contidctl events --input log --format $format "$A" |
			grep -oE '2026-[0-9-]+[T ][0-9:]+\.[0-9]+Z?' | sort -u)
		[ -n "$stamps" ]
		while read -r stamp; do
			contidctl events --input log --since "$stamp" --until "$stamp" "$A" | grep -q '^type='
		done <<<"$stamps"
	done
	for key in began ended; do
		stamp=$(contidctl report --input log | sed -nE "s/^  $key +(2026-[0-9-]+ [0-9:.]+).*/\1/p" | head -n 1)
		contidctl events --input log --since "$stamp" --until "$stamp" "$A" | grep -q '^type='
	done
}

@test "seconds since 1970 may have a fraction, as in the log, with @ or without" {
	for stamp in @1792891800 1792891800 @1792891800.0 1792891800.000 1792891799.9999; do
		[ "$(within --since "$stamp")" = 2 ]
	done
	[ -z "$(within --since 1792891800.001)" ]
	[ -z "$(within --since 1792891800.0001)" ]
	[ "$(within --until 1792891799.999)" = 1 ]
	[ "$(within --until 1792891800)" = "1 2" ]
}

@test "a date that no calendar has, and a number that no clock has, are refused" {
	for when in 2026-02-29 2026-02-30 2026-04-31 2026-00-01 2026-01-00 2026-13-01 1969-12-31 \
		'2026-01-01 24:00' '2026-01-01 00:60' '2026-01-01 00:00:60' 25:00 \
		@99999999999999999999.123 @18446744073709551617 99999999999999 \
		'2026-01-01T00:00+15' '2026-01-01T00:00+01:60' 2026-01-01T 2026-01-01Z \
		'2026-01-01 00:00:00.' @1. @ -1w -99999999999999999999s 2026-1-1 26-01-01; do
		for option in --since --until; do
			run -2 of dst $option "$when" "$A"
			[[ $output == *"'$when' is no point in time"* ]]
		done
	done
	of dst --since 2024-02-29 "$A" >found
	[ -s found ]
}

# at SECONDS: a log with one event of container A then
at() { line USER 1 "contid=$A pid=1 msg='x'" | sed "s/1795600000.001/$1.000/"; }

# finds WHEN SECONDS: WHEN is the first moment that includes an event of then
finds() {
	at "$2" | contidctl events --input - --since "$1" "$A" >/dev/null &&
		! at "$(($2 - 1))" | contidctl events --input - --since "$1" "$A" >/dev/null 2>&1
}

@test "the words of ausearch mean what they mean there" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	day=$(date +%w)
	finds this-week "$(date -d "$(date -d "-$day days" +%F)" +%s)"
	finds this-month "$(date -d "$(date +%Y-%m-01)" +%s)"
	finds this-year "$(date -d "$(date +%Y-01-01)" +%s)"
	finds week-ago "$(date -d "$(date -d '-7 days' +%F)" +%s)"
	finds yesterday "$(date -d "$(date -d '-1 day' +%F)" +%s)"
	finds boot "$(sed -n 's/^btime //p' /proc/stat)"
	at "$(($(date +%s) - 590))" | contidctl events --input - --since recent "$A"
	run -1 contidctl events --input <(at "$(($(date +%s) - 660))") --since recent "$A"
}

@test "--until a week, a month or a year means its end" {
	export TZ=UTC
	for word in this-week this-month this-year today; do
		at "$(date +%s)" | contidctl events --input - --until $word "$A"
	done
	run -1 contidctl events --input <(at "$(date -d "$(date +%Y-01-01) +1 year" +%s)") --until this-year "$A"
	at "$(($(date -d "$(date +%Y-01-01) +1 year" +%s) - 1))" |
		contidctl events --input - --until this-year "$A"
}

@test "dates as ausearch has them, and the short form of ISO 8601" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	for when in '11/25/2026 10:46:40' '11/25/26 10:46:40' 20261125T104640 '20261125 104640' \
		20261125T104640+0100 20261125t094640z 2026-11-25t10:46:40,000+01:00 \
		2026-11-25T04:16:40.0-05:30 '2026-11-25 10:46:40.000 +0100'; do
		echo "$when"
		finds "$when" 1795600000
	done
	finds 11/25/2026 1795561200
	finds 20261125 1795561200
	finds 1/2/2026 "$(date -d 2026-01-02 +%s)"
}

@test "dates of these forms that no calendar has are refused" {
	for when in 13/01/2026 2/30/2026 1/2/026 1/2 111/2/2026 20260230 20261301 20262101 20261125T 20261125T1 \
		20261125T2500 20261125T104660 20261125T10464 2026-11-25T10:46,5 \
		this-day last-week recently; do
		run -2 of dst --since "$when" "$A"
		[[ $output == *"'$when' is no point in time"* ]]
	done
}
