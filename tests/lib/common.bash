# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For all suites: containers' names, waiting, the rules of a test and what auditd has
# written.

# shellcheck disable=SC2034 # used by the suites
A=0123abcd-0123-4123-8123-0123456789ab B=11111111-0123-4123-8123-0123456789ab
audit_log=/var/log/audit/audit.log
tests=${BATS_TEST_DIRNAME%/suites/*}
bin=$tests/helpers/bin
PATH=$bin:$PATH
# of the rules
key=t

# shellcheck source=tests/lib/traces.bash
. "${BASH_SOURCE[0]%/*}/traces.bash"

# device_of FILE: what it lies on, as records have that. Not every stat knows %Hd.
device_of() {
	local device

	device=$(stat -L -c %d "$1")
	echo "$((device >> 8 & 4095)):$((device & 255))"
}

# --- architectures

# the number of the call that makes a directory
mkdir_nr=83
if [ "$HOSTTYPE" = aarch64 ]; then
	# there is no mkdir() but mkdirat(), and so on: rules name what there is
	mkdir_nr=34
	auditctl() {
		local argument list arguments=() before=

		for argument; do
			list=,$argument,
			list=${list/,mkdir,/,mkdirat,}
			list=${list/,rmdir,/,unlinkat,}
			list=${list/,pipe,/,pipe2,}
			[ "$before" != -S ] || argument=${list:1:-1}
			arguments+=("$argument")
			before=$argument
		done
		command auditctl "${arguments[@]}"
	}
fi

# --- waiting, without a process of the waiting's own

# until_true COMMAND...: waits for something that has no event of its own. A single
# word is a condition of the shell.
until_true() {
	local end=$((SECONDS + ${WAIT:-60}))

	until if [ $# -eq 1 ]; then eval "$1"; else "$@"; fi; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		pause
	done
}

# wait_for COMMAND...: the same, and nobody sees what it prints
wait_for() {
	until_true "$@" >/dev/null 2>&1
}

# pause: a moment; in a test machine, where processes are dear, it makes none
pause() {
	if [ -p /run/never ]; then
		read -r -t 0.02 _ <>/run/never || true
	else
		sleep 0.02
	fi
}

# is_there FILE: with something in it
is_there() { [ -s "$1" ]; }

# syslog_begin FILE: what is said to /dev/log comes there
syslog_begin() {
	perl "$tests/fixtures/syslogd.pl" /dev/log "$1" 3>&- &
	syslogd=$!
	until_true is_there "$1"
}

syslog_end() {
	kill -9 "$syslogd" 2>/dev/null || true
	wait "$syslogd" 2>/dev/null || true
	rm -f /dev/log
}

# runs COMM PID: the process executes that by now
runs() {
	local comm

	read -r comm <"/proc/$2/comm" && [ "$comm" = "$1" ]
}

# child_of PID: sets $child, the first child it has
child_of() {
	child=
	# the file has no end of a line
	read -r child _ 2>/dev/null <"/proc/$1/task/$1/children" || true
	[ -n "$child" ]
}

is_gone() { [ ! -e "/proc/$1" ]; }

# on_bullseye: the userland is Debian 11's, which does not know all that the suites do
on_bullseye() { [[ $(</etc/debian_version) == 11.* ]]; }

# kill_cgroup DIRECTORY: all processes in there and below it
kill_cgroup() {
	if [ -e "$1/cgroup.kill" ]; then
		echo 1 >"$1/cgroup.kill"
		return
	fi
	# before 5.14 one by one, while they are frozen, so that they make no others
	echo 1 >"$1/cgroup.freeze"
	until_true grep -q 'frozen 1' "$1/cgroup.events"
	find "$1" -name cgroup.procs -exec xargs -r -a {} kill -KILL \;
	echo 0 >"$1/cgroup.freeze"
}

# forks: how many there have been since boot. Unlike a pid, this never begins anew.
forks() { sed -n 's/^processes //p' /proc/stat; }

# Each test ends with this: a helper with one library, where there are helpers.
no_containers() {
	local lines

	if [ -x "$bin/contid_ioctl" ]; then
		[ "$("$bin/contid_ioctl" list)" = "OK 0 of 0" ]
	else
		mapfile -t lines < <(contidctl list)
		[ ${#lines[@]} -eq 1 ]
	fi
}

# --- what the module says

# names_variables: this kernel has the names of a module's variables, by which module_int reads
# one (CONFIG_KALLSYMS_ALL). Without them a test is skipped.
names_variables() { grep -q '^[0-9a-f]* [bBdD] .*\[audit_contid\]$' /proc/kallsyms; }

# label PID: what it carries; -1 is no failure
label() { contidctl get "$1" || true; }

done_so_far() { contidctl stats --json | jq '.registered + .refused'; }

# --- rules and records

# rule ARGUMENT...: a rule for the 64-bit calls of this test
rule() {
	auditctl -a always,exit -F arch=b64 "$@" -k "$key" >/dev/null
}

# new_mark: sets $mark
new_mark() { mark=mark-$RANDOM$RANDOM$RANDOM; }

# log_mark: from here on. What went before is in the log, and no process of this is
# left, whose end would be in there, too.
log_mark() {
	local place

	new_mark
	place=$("$bin/audit_sync" "$mark" place)
	read -r log_inode log_from <<<"$place"
}

# log_sync: wait for a message that is sent now. The kernel's queue keeps the
# order, so all that ended before has been written then.
log_sync() {
	new_mark
	"$bin/audit_sync" "$mark"
}

# log_now: the whole log, also what auditd has rotated meanwhile
log_now() {
	log_sync
	find "${audit_log%/*}" -name 'audit.log*' -exec cat {} +
}

# log: what was written from log_mark until now, without the marks; also where
# auditd has begun other files since
log() {
	new_mark
	"$bin/audit_sync" "$mark" "$log_inode" "$log_from"
}
