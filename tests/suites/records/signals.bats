#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# op=signal: a process of a container signals auditd. No rule is there, unless a test adds it.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: kernel
# What comes to auditd, by which call, and which process it is are the kernel's; the limit is
# counted by the same lines on each.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

HUP=1 USR1=10 USR2=12 TERM=15

setup() {
	auditctl -D >/dev/null
	jobs=()
	read -r auditd </run/auditd.pid
}

teardown() {
	if [ "${#jobs[@]}" -gt 0 ]; then
		kill -9 "${jobs[@]}" || true
		wait "${jobs[@]}" || true
	fi 2>/dev/null
	auditctl -e 1 >/dev/null
	auditctl -D >/dev/null
	[ ! -e /run/auditd.pid ] || read -r auditd </run/auditd.pid
	[ -d "/proc/$auditd" ] || begin_auditd
	until_true no_containers
}

begin_auditd() {
	# not as a process of the test, which would be ended with it
	env -u BATS_TEST_NAME auditd 3>&- >/dev/null
	read -r auditd </run/auditd.pid
	until_true listens
}

# the kernel says that it is auditd
listens() { [ "$(auditctl -s | sed -n 's/^pid //p')" = "$auditd" ]; }

ended() { [ ! -d "/proc/$auditd" ]; }

end_auditd() {
	kill "-$1" "$auditd"
	until_true ended
}

# signals: the records since log_mark
signals() { log | grep -a '^type=KERNEL_OTHER .*: op=signal ' | sed 's/\x1d.*//'; }

# of_container SIGNAL CONTID COUNT: the records are so many, of that signal to auditd
of_container() {
	local record count=0

	while read -r record; do
		echo "$record"
		[[ $record == *": op=signal sig=$1 opid=$auditd ppid="*' comm="'*' res=1 contid='"$2" ]]
		count=$((count + 1))
	done < <(signals)
	[ "$count" -eq "$3" ]
}

none() {
	signals
	[ "$(signals | wc -l)" -eq 0 ]
}

passed() { contidctl stats --json | jq .signals_passed; }

# bats test_tags=everywhere
@test "each call that sends a signal leaves one record, whatever the sender says of itself" {
	log_mark
	# timer: as if none had sent it
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_a sh -c 'for how; do aim "$how" "$0" '"$USR2"'; done' "$auditd" \
		kill tkill tgkill pidfd rt_sigqueueinfo rt_tgsigqueueinfo timer
	of_container "$USR2" "$A" 7
}

# bats test_tags=everywhere
@test "so do SIGHUP and SIGUSR1, and with a rule it is an event of its own" {
	log_mark
	in_a aim kill "$auditd" "$HUP"
	of_container "$HUP" "$A" 1
	rule -S kill
	log_mark
	in_a aim kill "$auditd" "$USR1"
	of_container "$USR1" "$A" 1
	log >"$BATS_TEST_TMPDIR/written"
	# what the kernel says of it
	id=$(grep -a "^type=OBJ_PID .*opid=$auditd " "$BATS_TEST_TMPDIR/written" | grep -aoE 'audit\([^)]*\)')
	grep -aF "$id" "$BATS_TEST_TMPDIR/written" | placed "$A"
	[ "$(grep -aF "$id" "$BATS_TEST_TMPDIR/written" | grep -ac op=signal)" -eq 0 ]
}

# bats test_tags=everywhere
@test "SIGTERM, whose record auditd may take with it, is in the kernel's log, too" {
	local old=$auditd

	in_a sh -c "echo \$\$ >$BATS_TEST_TMPDIR/sender; exec aim kill $auditd $TERM"
	until_true ended
	begin_auditd
	dmesg | grep -F "audit_contid: pid $(<"$BATS_TEST_TMPDIR/sender") of container $A has sent SIGTERM to auditd, pid $old"
}

# bats test_tags=everywhere
@test "auditd that is restarted is known, and another process with its old number is not auditd" {
	local how old

	for how in TERM KILL; do
		old=$auditd
		log_mark
		end_auditd "$how"
		# the kernel has not noticed the second time that it is gone
		until_true sleep_has "$old"
		in_a aim kill "$old" "$USR2"
		begin_auditd
		[ "$auditd" -ne "$old" ]
		[ "$(log | grep -ac "op=signal .* opid=$old ")" -eq 0 ]
		log_mark
		in_a aim kill "$auditd" "$USR2"
		of_container "$USR2" "$A" 1
	done
}

# start_sleep: a process, $sleep, that is ended by the next one
start_sleep() {
	[ -z "${sleep:-}" ] || { kill -9 "$sleep"; wait "$sleep" 2>/dev/null; } || true
	sleep infinity 3>&- &
	sleep=$!
	jobs+=("$sleep")
}

# sleep_has PID: a new process has that number
sleep_has() {
	echo "$(($1 - 1))" >/proc/sys/kernel/ns_last_pid
	start_sleep
	[ "$sleep" -eq "$1" ]
}

# bats test_tags=everywhere
@test "a process that has entered the container is one of it" {
	mkfifo "$BATS_TEST_TMPDIR/up"
	contidctl run "$A" -- unshare -m sh -c "echo \$\$ >$BATS_TEST_TMPDIR/up; exec sleep 1000" 3>&- &
	jobs+=($!)
	read -r target <"$BATS_TEST_TMPDIR/up"
	jobs+=("$target")
	log_mark
	nsenter -t "$target" -m "$bin/aim" kill "$auditd" "$USR2"
	of_container "$USR2" "$A" 1
}

# bats test_tags=everywhere
@test "a nested container is named with those that enclose it" {
	log_mark
	in_a contidctl run "$B" -- aim kill "$auditd" "$USR2"
	of_container "$USR2" "$B,^$A" 1
}

# bats test_tags=everywhere
@test "none: of the host, of other signals, to other processes, and if it was refused" {
	local before sig

	before=$(passed)
	log_mark
	aim kill "$auditd" "$USR2"
	# 0 asks only; SIGCONT, SIGURG, SIGWINCH
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_a sh -c 'for sig in 0 18 23 28; do aim kill "$0" $sig; done' "$auditd"
	for sig in "$HUP" "$USR1" "$USR2" "$TERM"; do
		start_sleep
		in_a aim kill "$sleep" "$sig"
	done
	run in_a setpriv --reuid 65534 --regid 65534 --clear-groups "$bin/aim" kill "$auditd" "$TERM"
	[ "$status" -eq 1 ]
	none
	[ "$(passed)" -eq "$before" ]
}

@test "none while audit is off, and again when it is on" {
	log_mark
	auditctl -e 0 >/dev/null
	in_a aim kill "$auditd" "$USR2"
	auditctl -e 1 >/dev/null
	none
	in_a aim kill "$auditd" "$USR2"
	of_container "$USR2" "$A" 1
}

# bats test_tags=everywhere
@test "the module may come later than auditd" {
	modprobe -r audit_contid
	# shellcheck disable=SC2086 # several parameters
	modprobe audit_contid ${MODPARAMS:-}
	log_mark
	in_a aim kill "$auditd" "$USR2"
	of_container "$USR2" "$A" 1
	contidctl stats | grep -E '^probe signal +signal_generate +hits [1-9][0-9]* nmissed 0$'
	contidctl stats | grep -E '^probe auditd +audit_receive +hits [1-9][0-9]* nmissed 0$'
}

@test "a flood has 20 records a minute, the others are counted; no other signal or container pays" {
	local before

	before=$(passed)
	log_mark
	in_a bash -c "for i in {1..100}; do kill -USR2 $auditd; done; kill -HUP $auditd
		contidctl run $B -- aim kill $auditd $USR2"
	signals >"$BATS_TEST_TMPDIR/signals"
	cat "$BATS_TEST_TMPDIR/signals"
	[ "$(grep -c " sig=$USR2 .* contid=$A\$" "$BATS_TEST_TMPDIR/signals")" -eq 20 ]
	[ "$(grep -c " sig=$HUP .* contid=$A\$" "$BATS_TEST_TMPDIR/signals")" -eq 1 ]
	[ "$(grep -c " sig=$USR2 .* contid=$B,^$A\$" "$BATS_TEST_TMPDIR/signals")" -eq 1 ]
	[ "$(passed)" -eq $((before + 80)) ]
}

@test "events finds it as the container's, and monitor prints it" {
	contidctl monitor >"$BATS_TEST_TMPDIR/monitor" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	jobs+=($!)
	until_true "grep listens $BATS_TEST_TMPDIR/said"
	log_mark
	in_a aim kill "$auditd" "$USR2"
	log >"$BATS_TEST_TMPDIR/log"
	contidctl events --input "$BATS_TEST_TMPDIR/log" --format json "$A" |
		jq -es 'any(.[].records[].fields | select(.op == "signal"); .sig == "'"$USR2"'" or .sig == "SIGUSR2")'
	until_true "grep -E ' signal    pid=$auditd sig=$USR2 by=aim\[[0-9]+\] auid=[^ ]+ in=$A' $BATS_TEST_TMPDIR/monitor"
}
