# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites about what is refused: by which errno, with which record, and
# with no other trace. The targets live as long as the test.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

# shellcheck source=tests/lib/records.bash
. "${BASH_SOURCE[0]%/*}/records.bash"

C=22222222-0123-4123-8123-0123456789ab
D=33333333-0123-4123-8123-0123456789ab
E=44444444-0123-4123-8123-0123456789ab
zeros=00000000-0000-0000-0000-000000000000
ones=ffffffff-ffff-ffff-ffff-ffffffffffff
ioctl=$bin/contid_ioctl

setup() {
	jobs=()
	watched=()
	with=()
	started=0
	reloaded=
}

# What tests started dies, and with it the containers; the next test begins with none.
teardown() {
	if [ "${#jobs[@]}" -gt 0 ]; then
		kill -9 "${jobs[@]}" || true
		wait "${jobs[@]}" || true
	fi 2>/dev/null
	until_true no_containers
	auditctl -e 1 >/dev/null
	auditctl -D >/dev/null
	if [ -n "$reloaded" ]; then
		modprobe -r audit_contid || true
		# shellcheck disable=SC2086 # several parameters
		modprobe audit_contid ${MODPARAMS:-}
	fi
}

# reload PARAMETER...: the module as it comes with these
reload() {
	reloaded=1
	modprobe -r audit_contid
	modprobe audit_contid "$@"
}

# start KIND...: processes of this kind (see target.c), by the command $with if
# that is set. Sets $pid and $said, the numbers it printed; the first is $pid.
start() {
	local fifo=$BATS_TEST_TMPDIR/fifo-$((++started))

	mkfifo "$fifo.in" "$fifo.out"
	"${with[@]}" "$bin/target" "$@" <"$fifo.in" >"$fifo.out" 3>&- &
	jobs+=($!)
	exec {to}>"$fifo.in" {from}<"$fifo.out"
	answer
	pid=${said[0]}
}

# start_in "CONTID..." KIND...: the same inside of these, from the outermost on.
# The first process is registered, its children have inherited.
start_in() {
	local contid with=()

	for contid in $1; do
		with+=(contidctl run "$contid" --)
	done
	start "${@:2}"
	jobs+=("$pid")
}

# child: one more child of a target of the kind "children" that was started last
child() {
	echo >&"$to"
	answer
	child=${said[0]}
}

# answer: one more line of numbers from what was started last
answer() {
	read -r -t 120 -a said <&"$from"
}

# put CONTID: starts a process and registers it
put() {
	start plain
	"$ioctl" register "pid=$pid" "contid=$1" | grep -x OK
}

# in_container CONTID COMMAND...: run by a process that the container has for that long
in_container() {
	contidctl run --join "$1" -- "${@:2}"
}

# state: all that a refused call must not change
state() {
	"$ioctl" state "${watched[@]}"
}

# refused ERRNO RECORD COMMAND...: COMMAND prints this errno, leaves exactly one
# record with res=0, which begins like this, and changes nothing
refused() {
	local before line records=()

	before=$(state)
	log_mark
	run "${@:3}"
	echo "$output"
	[[ $output =~ ^$1\ ([0-9]+)$ ]]
	while IFS= read -r line; do
		[[ $line != type=KERNEL_OTHER*' res=0'* ]] || records+=("$line")
	done < <(log)
	printf '%s\n' "${records[@]}"
	[ "${#records[@]}" -eq 1 ]
	[[ ${records[0]} == *"): $2 "*" errno=${output##* } res=0"* ]]
	[ "$(state)" = "$before" ]
}

# answers EXPECTED COMMAND...: COMMAND prints this
answers() {
	run "${@:2}"
	echo "$output"
	[ "$output" = "$1" ]
}

plain_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

without_capability() {
	setpriv --bounding-set=-audit_control "$@"
}

has_thread_pidfds() {
	"$ioctl" get threadfd=$$ 2>/dev/null | grep -q '^OK'
}
