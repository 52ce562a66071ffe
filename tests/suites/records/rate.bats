#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A container that causes more records than it may has to wait: it alone, for no longer
# than it owes, and whatever else is done to it meanwhile.
# depends on: kernel
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

bats_require_minimum_version 1.5.0

C=22222222-0123-4123-8123-0123456789ab
parameters=/sys/module/audit_contid/parameters
# records of one open: SYSCALL, CWD, PATH, PROCTITLE and EOE
each=5

setup() {
	auditctl -D >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	echo >watched
	rule -S openat -F "path=$PWD/watched"
	jobs=()
	group=
}

teardown() {
	[[ -z $group ]] || echo 0 >"$group/cgroup.freeze"
	if [ "${#jobs[@]}" -gt 0 ]; then
		kill -9 "${jobs[@]}" || true
		wait "${jobs[@]}" || true
	fi 2>/dev/null
	[[ -z $group ]] || until_true rmdir "$group"
	modprobe audit_contid
	until_true no_containers
	auditctl -D >/dev/null
	auditctl -b 8192 --backlog_wait_time 60000 >/dev/null
	echo 0 >"$parameters/rate"
	echo 0 >"$parameters/burst"
}

# keep CONTID...: these live, one in the other, from the outermost on
keep() {
	local contid with=()

	for contid; do with+=(contidctl run "$contid" --); done
	"${with[@]}" sleep 1000 3>&- &
	jobs+=($!)
	until_true lives "${!#}"
	jobs=("$(contidctl ps "${!#}" --json | jq '.[-1].pid')" "${jobs[@]}")
}

lives() { contidctl list | grep -q "^$1 "; }

# clamours NAME CONTID WORD...: see clamour.c; sets $runner, and $pid if it has not ended
# yet; what it says is in NAME
clamours() {
	contidctl run --join "$2" -- clamour watched "${@:3}" >"$1" 3>&- &
	runner=$!
	until_true is_there "$1"
	child_of "$runner" || true
	pid=$child
	# the first that is killed: the other would wait for it
	jobs+=(${pid:+"$pid"} "$runner")
}

# number CONTID FIELD
number() { contidctl list --json | jq ".[] | select(.contid == \"$1\") | .$2"; }

held() { [ "$(number "$1" held)" -ge "$2" ]; }

# opened FILE: how often
opened() { sed -n 's/ opened.*//p' "$1"; }

# median FILE, in microseconds
median() { sed -n 's/.* median \([0-9]*\),.*/\1/p' "$1"; }

# quickly COMMAND...: in a third of the time that a thread may have to wait
quickly() {
	local begun=$SECONDS

	"$@"
	echo "$* took $((SECONDS - begun)) s"
	[ $((SECONDS - begun)) -le 20 ]
}

# stuck WORD...: container A has twenty threads that wait, and a process of one thread that
# waits for a minute behind them: $pid
stuck() {
	keep "$A"
	contidctl rate "$A" 1
	clamours crowd "$A" threads=20
	crowd=$pid
	until_true held "$A" 20
	clamours out "$A" "$@"
	until_true held "$A" 21
}

# lost NAME CONTID: how many opens of a clamour in there are not in the log
lost() {
	local there

	there=$(LC_ALL=C awk -v contid="$2" '/^type=SYSCALL .*comm="clamour"/ {
		sub(/\035.*/, "")
		if (contid == "" ? !/ contid=/ : index($0, " contid=" contid))
			n++
	} END { print n + 0 }' written)
	echo $(($(opened "$1") - there))
}

# beside_flood: the host and B do ten calls a second each, while A opens as it can
beside_flood() {
	local times=${LONG:+5000}

	keep "$A"
	keep "$B"
	# shellcheck disable=SC2086 # two words
	[[ -z ${limit:-} ]] || contidctl rate "$A" $limit
	auditctl -b 64 --backlog_wait_time 0 >/dev/null
	log_mark
	clamours loud "$A" threads=4
	loud=$pid
	clamours quiet "$B" every=100000 "count=${times:-60}"
	clamour watched every=100000 "count=${times:-60}" >host 3>&-
	wait "$runner"
	kill -9 "$loud"
	# all that is in the queue by now has a place
	auditctl -b 8192 --backlog_wait_time 60000 >/dev/null
	log >written
	echo "host: $(cat host)"
	echo "quiet: $(cat quiet)"
	echo "lost: host $(lost host ''), quiet $(lost quiet "$B"), loud $(number "$A" lost) of $(number "$A" asked)"
}

# --- what it is for

@test "without a limit one that floods makes the host and other containers lose records" {
	beside_flood
	[ $(($(lost host '') + $(lost quiet "$B"))) -gt 0 ]
	[ "$(number "$A" lost)" -gt 0 ]
}

@test "with a limit nobody loses a record, and only the one that floods waits" {
	limit='100 20' beside_flood
	[ "$(lost host '')" -eq 0 ]
	[ "$(lost quiet "$B")" -eq 0 ]
	[ "$(number "$A" lost)" -eq 0 ]
	[ "$(number "$B" lost)" -eq 0 ]
	[ "$(number "$A" held)" -gt 0 ]
	[ "$(number "$A" held_ns)" -gt 1000000000 ]
	[ "$(number "$B" held)" -eq 0 ]
	[ "$(number "$B" held_ns)" -eq 0 ]
}

# --- the limit

@test "a container keeps to its limit with all its processes and threads, and they share it" {
	keep "$A"
	contidctl rate "$A" 100 50
	before=$(number "$A" asked)
	for name in a b c d; do
		contidctl run --join "$A" -- clamour watched threads=3 seconds=8 >"$name" 3>&- &
		jobs+=($!)
	done
	wait "${jobs[@]:2}"
	asked=$(($(number "$A" asked) - before))
	cat a b c d
	echo "$asked records"
	# twelve threads that wait end with a call that was not waited for
	[ "$asked" -le $((11 * 100 + 50 + 12 * 2 * each)) ]
	[ "$asked" -ge $((6 * 100)) ]
	sum=$(($(opened a) + $(opened b) + $(opened c) + $(opened d)))
	for name in a b c d; do
		[ "$(opened "$name")" -ge $((sum / 8)) ]
	done
}

@test "what a nested container causes counts for those around it, and not for those inside" {
	keep "$A" "$B" "$C"
	contidctl rate "$A" 50 10
	contidctl rate "$C" 1
	before=$(number "$B" asked)
	clamours out "$B" threads=2 seconds=5
	wait "$runner"
	asked=$(($(number "$B" asked) - before))
	echo "$asked records"
	[ "$asked" -ge 100 ]
	[ "$asked" -le $((50 * 7 + 10 + 4 * each)) ]
	[ "$(number "$B" held)" -gt 0 ]
	[ "$(number "$B" rate)" -eq 0 ]
	[ "$(number "$A" held)" -eq 0 ]
	[ "$(number "$C" held)" -eq 0 ]
}

@test "neither the host nor a container beside it waits, also for what is done to it" {
	stuck
	keep "$B"
	rule -S kill
	# of records whose object is in the container, a hundred
	for ((i = 0; i < 20; i++)); do kill -0 "$pid"; done
	clamour watched count=40 >host
	clamours quiet "$B" count=40
	wait "$runner"
	cat host quiet
	[ "$(median host)" -lt 200000 ]
	[ "$(median quiet)" -lt 200000 ]
	[ "$(number "$B" held)" -eq 0 ]
}

@test "a limit that is raised or taken away lets all go that wait" {
	stuck count=2
	quickly contidctl rate "$A" 1000000
	quickly wait "$runner"
	[ "$(opened out)" -eq 2 ]
	contidctl rate "$A" 1
	before=$(number "$A" held)
	clamours out "$A" count=2
	until_true held "$A" $((before + 21))
	contidctl rate "$A" 0
	quickly wait "$runner"
	[ "$(contidctl rate "$A")" = "no limit" ]
}

# --- nobody buys himself free

# limited ROOM WORD...: one that clamours in this way for six seconds causes no more records than
# its limit lets it, with room for ROOM of what it does
limited() {
	local room=$1

	keep "$A"
	contidctl rate "$A" 50 10
	before=$(number "$A" asked)
	clamours out "$A" seconds=6 "${@:2}"
	wait "$runner"
	cat out
	asked=$(($(number "$A" asked) - before))
	echo "$asked records"
	[ "$asked" -le $((50 * 9 + 10 + room * each)) ]
}

@test "signals do not let a thread cause more records" {
	limited 3 alarm=5000
}

@test "children that are killed before they wait do not cause more records" {
	limited 4 forks
}

@test "a chain of children, each of which kills its maker, does not cause more records" {
	# what each leaves, and nothing else
	auditctl -D >/dev/null
	rule -S clone
	limited 4 chain
}

# bats test_tags=everywhere
@test "a process waits for what a worker of io_uring has done for it" {
	keep "$A"
	auditctl -D >/dev/null
	uring_rule || skip "this kernel has no rules for io_uring"
	contidctl rate "$A" 1
	log_mark
	contidctl run --join "$A" -- uring_open async "$PWD/watched"
	log | grep -aE "^type=URINGOP .* contid=$A\$" || log | grep -a "^type=URINGOP .* contid=$A"
	[ "$(number "$A" held)" -gt 0 ]
}

# --- what is done to one that waits

@test "one that waits is killed at once, and its container ends" {
	stuck
	log_mark
	kill -9 "$pid"
	quickly until_true is_gone "$pid"
	kill -9 "${jobs[@]}" 2>/dev/null || true
	quickly until_true no_containers
	log | grep -a "op=drop .*ocontid=$A"
}

@test "one that waits runs its handler of a signal at once, and is ended by one without a handler" {
	stuck handler
	kill -TERM "$pid"
	quickly until_true grep -q term out
	kill -HUP "$pid"
	quickly until_true is_gone "$pid"
}

@test "threads that end with what they owe have not waited, and leave nothing behind" {
	keep "$A"
	rule -S tgkill
	contidctl rate "$A" 1
	# one that is left makes each exit on the machine cost more
	quickly contidctl run --join "$A" -- debtors 20
	[ "$(number "$A" asked)" -ge 20 ]
	names_variables || skip "this kernel has no names of a module's variables"
	[ "$(module_int partings)" = 0 ]
}

@test "one that waits is stopped and goes on, is traced, and is frozen" {
	stuck
	kill -STOP "$pid"
	quickly until_true grep -q '^State:.T' "/proc/$pid/status"
	kill -CONT "$pid"
	# shellcheck disable=SC2016 # until_true expands it
	quickly until_true '! grep -q "^State:.T" /proc/$pid/status'
	quickly traces "$pid"
	quickly traces "$pid"
	# what its stops have left is waited for as well
	held "$A" 22
	group=/sys/fs/cgroup/rate-test
	mkdir "$group"
	echo "$pid" >"$group/cgroup.procs"
	for ((i = 0; i < 3; i++)); do
		echo 1 >"$group/cgroup.freeze"
		quickly until_true grep -qx 'frozen 1' "$group/cgroup.events"
		echo 0 >"$group/cgroup.freeze"
		quickly until_true grep -qx 'frozen 0' "$group/cgroup.events"
	done
	kill -9 "$pid"
	quickly until_true is_gone "$pid"
}

@test "while processes wait others are registered, and these, too" {
	local inner

	keep "$A"
	# one that has inherited
	contidctl run --join "$A" -- sh -c 'clamour watched; :' >inner 3>&- &
	jobs+=($!)
	until_true is_there inner
	child_of $!
	child_of "$child"
	inner=$child
	jobs=("$inner" "${jobs[@]}")
	# its threads are there before each new one has to be waited for
	clamours crowd "$A" threads=5
	contidctl rate "$A" 1
	until_true held "$A" 6
	sleep 1000 3>&- &
	jobs+=($!)
	quickly contidctl register $! "$B"
	quickly contidctl register "$inner" "$C"
	[ "$(contidctl get "$inner")" = "$C,^$A" ]
	quickly contidctl list
}

@test "twenty that wait go on when their container is let go: the module is unloaded, and all is restored" {
	stuck
	contidctl rate "$A" 2 3
	quickly contidctl save --release saved
	# they flood by now, and keep the processors busy
	kill -STOP "$pid" "$crowd"
	# some may be on their way at this moment, and hold it until they have gone
	quickly until_true modprobe -r audit_contid
	[ ! -e /sys/module/audit_contid ]
	modprobe audit_contid
	contidctl restore saved
	[ "$(contidctl rate "$A")" = "2 records a second, 3 at once" ]
	kill -CONT "$pid" "$crowd"
	until_true held "$A" 20
}

@test "a file that was saved by a version without limits is restored, and one with a wrong limit not" {
	keep "$A"
	contidctl rate "$A" 5
	contidctl save saved
	jq 'del(.containers[] | .rate, .burst)' saved >old
	for wrong in '.rate = 1000001' '.rate = -1' '.burst = 1000001' '.rate = "x"' '.rate = 0'; do
		jq "(.containers[]) |= ($wrong)" saved >bad
		run -1 contidctl restore bad
		[[ $output == *"nothing was restored"* ]]
	done
	contidctl save --release again
	echo 7 >"$parameters/rate"
	contidctl restore old
	[ "$(contidctl rate "$A")" = "7 records a second, 7 at once" ]
	contidctl save --release again
	jq '(.containers[]) |= (.rate = 0 | .burst = 0)' saved >none
	contidctl restore none
	[ "$(contidctl rate "$A")" = "no limit" ]
}

# --- how it is set

@test "contidctl rate takes 0 to a million, and no other number becomes one of these" {
	keep "$A"
	contidctl rate "$A" 1000000 1000000
	contidctl rate "$A" 10 3
	for number in 4294967296 4294967297 18446744073709551616 1000001 -1 '' 1x ' 1' 0x10 1.5; do
		run -2 contidctl rate "$A" "$number"
		run -2 contidctl rate "$A" 1 "$number"
	done
	run -2 contidctl rate "$A" 0 1
	run -2 contidctl rate "$A" 1 0
	run -2 contidctl rate
	run -1 contidctl rate "$B" 1
	[ "$(contidctl rate "$A")" = "10 records a second, 3 at once" ]
	[ "$(contidctl rate "${A:0:8}")" = "10 records a second, 3 at once" ]
	contidctl list | grep -E "^$A .* 10 +0\.0s +-\$"
	contidctl rate "$A" 0
	[ "$(contidctl rate "$A")" = "no limit" ]
	contidctl list | grep -E "^$A .* - +0\.0s +-\$"
}

@test "the parameters are what new containers begin with, and each change is on record" {
	keep "$A"
	log_mark
	echo 30 >"$parameters/rate"
	keep "$B"
	echo 4 >"$parameters/burst"
	keep "$C"
	for number in 4294967296 1000001 -1 x; do
		run ! sh -c "echo $number >$parameters/rate"
		run ! sh -c "echo $number >$parameters/burst"
	done
	[ "$(contidctl rate "$A")" = "no limit" ]
	[ "$(contidctl rate "$B")" = "30 records a second, 30 at once" ]
	[ "$(contidctl rate "$C")" = "30 records a second, 4 at once" ]
	[ "$(cat "$parameters/rate" "$parameters/burst" | xargs)" = "30 4" ]
	log | grep -a 'op=rate' >records
	cat records
	grep -a ': op=rate opid=? ocontid=? rate=30 burst=0 .* res=1' records
	grep -a ': op=rate opid=? ocontid=? rate=30 burst=4 .* res=1' records
	[ "$(grep -ac 'errno=34 res=0' records)" -eq 4 ]
	[ "$(grep -ac 'errno=22 res=0' records)" -eq 4 ]
}

@test "list, stats and top show limits, and how long a container had to wait" {
	stuck
	# a wait counts second by second
	until_true "contidctl list --json | jq -e '.[0] | .held_ns > 0' >/dev/null"
	contidctl list --json | jq -e '.[0] | .rate == 1 and .burst == 1 and .held >= 20'
	contidctl list | grep -E "^$A .* 1 +[0-9]+\.[0-9]s +-\$"
	contidctl top --once --json --delay 2 | jq -e '.containers[0].held_percent > 200'
	contidctl top --once --delay 0.1 | grep HELD
	contidctl stats --json | jq -e '.unheld == 0 and (.features | index("rate"))'
	contidctl stats --format openmetrics --containers >metrics
	grep -E "^audit_contid_container_rate\{contid=\"$A\",name=\"\"\} 1\$" metrics
	grep -E "^audit_contid_container_held_total\{contid=\"$A\",name=\"\"\} [0-9]+\$" metrics
}
