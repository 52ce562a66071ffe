#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# readers.sh: runs in the base system of a test machine. See the script readers.

set -eu
rounds=${ROUNDS:-5}
bin=/tmp/bin
make -s -C "$PROJECT/tests/bench" BIN="$bin" "$bin/make_log" "$bin/spend"
cd /tmp

# spent COMMAND...: sets $time, the least of all rounds in milliseconds, and $memory, in KiB
spent() {
	local round took most status

	time=
	for ((round = 0; round < rounds; round++)); do
		"$bin/spend" spent "$@" >/dev/null
		read -r took most status <spent
		[[ $status -eq 0 ]] || { echo "$* has ended with $status"; exit 1; }
		[[ -n $time && $time -le $took ]] || time=$took memory=$most
	done
}

# row WHAT LOG THEIRS OURS: of the first table; the commands in one word each
row() {
	local theirs

	# shellcheck disable=SC2086 # several words
	spent $3 -if "$2" && theirs="$time ms, $((memory / 1024)) MB"
	[[ -n $3 ]] || theirs=
	# shellcheck disable=SC2086
	spent contidctl $4 --input "$2"
	echo "| $1 | $theirs | $time ms, $((memory / 1024)) MB |"
}

side_by_side() {
	local all="events --all --format" log

	"$bin/make_log" 0 1000 196 >raw.log
	"$bin/make_log" 0 1000 196 enriched >enriched.log
	echo "| a million records | ausearch, aureport | contidctl |"
	echo "|---|---|---|"
	for log in raw enriched; do
		row "$log, \`--format raw\`" $log.log "ausearch --format raw" "$all raw"
		row "$log, \`--format text\`" $log.log "ausearch --format text" "$all text"
		row "$log, \`--format csv\`" $log.log "ausearch --format csv" "$all csv"
		row "$log, readable" $log.log "ausearch -i" "$all text"
		row "$log, report" $log.log "aureport" "report"
		ours json $log.log "$all json"
		ours ecs $log.log "$all ecs"
	done
	rm raw.log enriched.log
	"$bin/make_log" 0 1000 1380 >large.log 2>size
	ours "$(($(stat -c %s large.log) >> 20)) MB, raw" large.log "$all raw"
	ours "the same, a report" large.log "report"
	rm large.log
}

# ours WHAT LOG COMMAND: a row without anybody else
ours() {
	# shellcheck disable=SC2086 # several words
	spent contidctl $3 --input "$2"
	echo "| $1 | | $time ms, $((memory / 1024)) MB |"
}

# of_stream NODES CONTAINERS EVENTS COMMAND...: one row of the second table
of_stream() {
	"$bin/make_log" "$1" "$2" "$3" 2>size | "$bin/spend" spent contidctl "${@:4}" --input - >/dev/null
	read -r took most status <spent
	[[ $status -eq 0 ]] || { echo "contidctl ${*:4} has ended with $status"; exit 1; }
	echo "| $(sed 's/,.*//' size) | \`${*:4}\` | $((took / 1000)).$((took % 1000 / 100)) s | $((most / 1024)) MB |"
}

# Of one machine of many; of one container; and of all.
fleet() {
	local nodes=$1 containers=$2 events=$3
	local id=00000003-0123-4123-8123-000000000007

	echo "| log | command | time | memory |"
	echo "|---|---|---|---|"
	of_stream "$nodes" "$containers" "$events" events --node node7 "$id" --format raw
	of_stream "$nodes" "$containers" "$events" events --all --node node7 --format csv
	of_stream "$nodes" "$containers" "$events" events --all --format raw
	of_stream "$nodes" "$containers" "$events" report --node node7 --top 10
	of_stream "$nodes" "$containers" "$events" tree --node node7 "$id"
}

[[ $rounds -eq 0 ]] || side_by_side
[[ ${NODES:-100} -eq 0 ]] || fleet "${NODES:-100}" "${CONTAINERS:-100000}" "${EVENTS:-1}"
