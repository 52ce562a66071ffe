#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl run: what it starts, passes on and ends with.
# depends on: neither. Signals, terminals and process groups are those of POSIX;
# that the child is in the container is in main_job and life_birth.

# shellcheck disable=SC2154 # bats sets stderr

# shellcheck source=tests/lib/contidctl.bash
. "$BATS_TEST_DIRNAME/../../lib/contidctl.bash"

@test "run: the very execve of the command is the container's" {
	cp /bin/true "$tmp/the-command"
	auditctl -a always,exit -F arch=b64 -S execve -F "path=$tmp/the-command" >/dev/null
	contidctl run "$A" -- "$tmp/the-command"
	log_now | grep -a '^type=SYSCALL' | tr '\035' '\n' | grep -a "exe=\"$tmp/the-command\"" |
		grep -aE " contid=$A\$"
}

@test "run: standard input, output, arguments and environment are the command's" {
	run --separate-stderr bash -c "echo from stdin | X=y contidctl run $A -- \
		sh -c 'cat; echo \"\$X \$*\"; echo err >&2' name --join -- --help '' 'a b'"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "from stdin" ]
	[ "${lines[1]}" = "y --join -- --help  a b" ]
	[ "$stderr" = err ]
}

@test "run: a container without a name gets a random one" {
	run contidctl run -- sh -c 'exec contidctl get $$'
	[ "$status" -eq 0 ]
	[[ $output =~ ^[0-9a-f-]{36}$ ]]
}

@test "run: the exit status is the command's" {
	for code in 0 1 2 7 255; do
		run contidctl run "$A" -- sh -c "exit $code"
		[ "$status" -eq "$code" ]
		[ -z "$output" ]
	done
}

@test "run: a command that a signal ends gives 128 and the signal" {
	for signal in TERM KILL HUP USR1 SEGV; do
		run contidctl run "$A" -- sh -c "kill -$signal \$\$"
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
	done
}

@test "run: 127 if the command is not found, 126 if it cannot be executed" {
	run -127 contidctl run "$A" -- "$tmp/missing"
	[[ $output == "contidctl: $tmp/missing: No such file or directory" ]]
	run -127 contidctl run "$A" -- no-such-command-anywhere
	echo true >"$tmp/plain"
	run contidctl run "$A" -- "$tmp/plain"
	[ "$status" -eq 126 ]
	[[ $output == "contidctl: $tmp/plain: Permission denied" ]]
	run contidctl run "$A" -- "$tmp"
	[ "$status" -eq 126 ]
}

@test "run: if the registration is refused nothing is executed" {
	sleeper
	contidctl register "$pid" "$A"
	run contidctl run "$A" -- touch "$tmp/ran"
	[ "$status" -eq 1 ]
	[[ $output == *"Name not unique"* ]]
	[ ! -e "$tmp/ran" ]
}

@test "run: if contidctl dies before the registration nothing is executed" {
	# the child is left without a parent: it has to end by itself
	run env KILL=1 LD_PRELOAD="$shim" contidctl run "$A" -- sh -c "touch $tmp/ran"
	[ "$status" -eq 137 ]
	wait_for sh -c '! pgrep -x contidctl'
	[ ! -e "$tmp/ran" ]
	run contidctl list
	[[ $output != *"$A"* ]]
}

@test "run: if contidctl is killed the command goes on in its container" {
	background contidctl run "$A" -- perl "$tests/fixtures/signals.pl" "$tmp/log"
	wait_for grep -q ready "$tmp/log"
	command=$(sed -n 's/^ready //p' "$tmp/log")
	will_end "$command"
	kill -9 "$pid"
	wait "$pid" || true
	kill -USR1 "$command"
	wait_for grep -qx USR1 "$tmp/log"
	[ "$(contidctl get "$command")" = "$A" ]
	kill -9 "$command"
	wait_for sh -c "! contidctl list | grep $A"
}

@test "run --join runs a command in a live container" {
	sleeper
	contidctl register "$pid" "$A"
	run contidctl run --join "$A" -- sh -c 'exec contidctl get $$'
	[ "$status" -eq 0 ]
	[ "$output" = "$A" ]
	run contidctl run --join "$NOBODY" -- touch "$tmp/ran"
	[ "$status" -eq 1 ]
	[ ! -e "$tmp/ran" ]
}

@test "run: a signal from a process reaches the command, and once" {
	background contidctl run "$A" -- perl "$tests/fixtures/signals.pl" "$tmp/log"
	wait_for grep -q ready "$tmp/log"
	for signal in HUP INT QUIT USR1 USR2 WINCH CONT ALRM PIPE ABRT RTMIN; do
		kill -s "$signal" "$pid"
		wait_for grep -qx "$signal" "$tmp/log"
	done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 9 ]
	[ "$(sort "$tmp/log" | uniq -d)" = "" ]
	[ "$(wc -l <"$tmp/log")" -eq 13 ]
}

@test "run: a signal that the command sends to its parent does not come back" {
	cat >"$tmp/script" <<-'END'
		$n = 0;
		$SIG{USR1} = sub { $n++ };
		$SIG{USR2} = sub { exit 10 + $n };
		kill 'USR1', getppid;
		$| = 1;
		print "sent\n";
		select(undef, undef, undef, 0.05) while 1;
	END
	background contidctl run "$A" -- perl "$tmp/script"
	wait_for grep -q sent "$tmp/background"
	# taken after the other
	kill -USR2 "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 10 ]
}

@test "run: the command has the signal mask and dispositions that contidctl had" {
	show="grep -E '^(SigBlk|SigIgn|SigCgt|ShdPnd|SigPnd)' /proc/self/status"
	for before in 'true' 'trap "" CHLD INT USR1 TSTP'; do
		bash -c "$before; exec env $show" >"$tmp/direct"
		bash -c "$before; exec contidctl run $A -- $show" >"$tmp/run"
		diff "$tmp/direct" "$tmp/run"
	done
	grep -E 'SigIgn:.*[1-9a-f]' "$tmp/run"
}

@test "run: an ignored SIGCHLD does not lose the exit status" {
	run bash -c "trap '' CHLD; exec contidctl run $A -- sh -c 'exit 5'"
	[ "$status" -eq 5 ]
}

@test "run: the command gets no file descriptor of contidctl's" {
	ls /proc/self/fd >"$tmp/direct"
	contidctl run "$A" -- ls /proc/self/fd >"$tmp/run"
	diff "$tmp/direct" "$tmp/run"
	# a closed one stays closed, and is not the device meanwhile
	contidctl run "$A" -- sh -c '[ ! -e /proc/self/fd/0 ] && [ ! -e /proc/self/fd/1 ]' \
		<&- >&-
}

# A terminal with a shell in it that runs SCRIPT; what is typed goes to fd 9.
terminal() {
	cat >"$tmp/job"
	mkfifo "$tmp/keys"
	# a suite in the background ignores what a terminal's shell does not
	script -qefc "env --default-signal bash -m $tmp/job" /dev/null <"$tmp/keys" >"$tmp/screen" 2>&1 3>&- &
	terminal=$!
	will_end "$terminal"
	exec 9>"$tmp/keys"
}

runner() { pgrep -o -x contidctl; }

@test "run: the signals of Ctrl-C and the quit key reach the command once" {
	terminal <<-END
		contidctl run $A -- perl $tests/fixtures/signals.pl $tmp/log
		echo "status \$?"
	END
	wait_for grep -q ready "$tmp/log"
	printf '\003' >&9
	wait_for grep -qx INT "$tmp/log"
	printf '\034' >&9
	wait_for grep -qx QUIT "$tmp/log"
	# taken after what is still there of the others
	kill -USR1 "$(runner)"
	wait_for grep -qx USR1 "$tmp/log"
	kill -TERM "$(runner)"
	wait "$terminal" || true
	grep 'status 9' "$tmp/screen"
	[ "$(grep -cx INT "$tmp/log")" -eq 1 ]
	[ "$(grep -cx QUIT "$tmp/log")" -eq 1 ]
}

@test "run: Ctrl-C ends the script that waits for the command" {
	cat >"$tmp/inner" <<-END
		contidctl run $A -- env DEFAULT_INT=1 \
			perl $tests/fixtures/signals.pl $tmp/log
		echo went on
	END
	terminal <<-END
		trap : INT
		bash $tmp/inner
		echo "status \$?"
	END
	wait_for grep -q ready "$tmp/log"
	printf '\003' >&9
	wait_for grep -q 'status 130' "$tmp/screen"
	run ! grep 'went on' "$tmp/screen"
}

@test "run: a changed window size reaches the command once" {
	terminal <<-END
		tty >$tmp/tty
		contidctl run $A -- perl $tests/fixtures/signals.pl $tmp/log
	END
	wait_for grep -q ready "$tmp/log"
	stty -F "$(cat "$tmp/tty")" rows 33
	wait_for grep -qx WINCH "$tmp/log"
	kill -RTMIN "$(runner)"
	wait_for grep -qx RTMIN "$tmp/log"
	[ "$(grep -cx WINCH "$tmp/log")" -eq 1 ]
}

@test "run: Ctrl-Z stops both and gives the shell its prompt, fg continues both" {
	terminal <<-END
		contidctl run $A -- perl $tests/fixtures/signals.pl $tmp/log
		echo "stopped \$?"
		read -r go
		fg
		echo "status \$?"
	END
	wait_for grep -q ready "$tmp/log"
	command=$(sed -n 's/^ready //p' "$tmp/log")
	job=$(runner)
	printf '\032' >&9
	wait_for grep -q 'stopped 148' "$tmp/screen"
	is_stopped "$job"
	is_stopped "$command"
	echo go >&9
	wait_for grep -qx CONT "$tmp/log"
	kill -RTMIN "$job"
	wait_for grep -qx RTMIN "$tmp/log"
	[ "$(grep -cx CONT "$tmp/log")" -eq 1 ]
	kill -TERM "$job"
	wait "$terminal" || true
	grep 'status 9' "$tmp/screen"
}

@test "run: SIGTSTP and SIGCONT to contidctl alone stop and continue both" {
	terminal <<-END
		contidctl run $A -- perl $tests/fixtures/signals.pl $tmp/log &
		read -r go
	END
	wait_for grep -q ready "$tmp/log"
	command=$(sed -n 's/^ready //p' "$tmp/log")
	job=$(runner)
	kill -TSTP "$job"
	wait_for is_stopped "$job"
	is_stopped "$command"
	kill -CONT "$job"
	wait_for grep -qx CONT "$tmp/log"
	run ! is_stopped "$job"
	kill -TERM "$job"
	wait_for is_gone "$job"
}

@test "run: Ctrl-Z does not stop contidctl if the command ignores it" {
	terminal <<-END
		contidctl run $A -- perl $tests/fixtures/signals.pl $tmp/log TSTP
	END
	wait_for grep -q ready "$tmp/log"
	job=$(runner)
	printf '\032' >&9
	# the order of what one writer sends to the terminal is kept
	printf '\003' >&9
	wait_for grep -qx INT "$tmp/log"
	kill -RTMIN "$job"
	wait_for grep -qx RTMIN "$tmp/log"
	run ! is_stopped "$job"
}

@test "run: a command that has left the process group still hears the terminal" {
	terminal <<-END
		contidctl run $A -- setsid perl $tests/fixtures/signals.pl $tmp/log
	END
	wait_for grep -q ready "$tmp/log"
	printf '\003' >&9
	wait_for grep -qx INT "$tmp/log"
	[ "$(grep -cx INT "$tmp/log")" -eq 1 ]
}

@test "run: without a shell to continue it contidctl does not stop" {
	background setsid contidctl run "$A" -- \
		perl "$tests/fixtures/signals.pl" "$tmp/log"
	wait_for grep -q ready "$tmp/log"
	command=$(sed -n 's/^ready //p' "$tmp/log")
	will_end "$command"
	kill -STOP "$command"
	wait_for is_stopped "$command"
	kill -CONT "$command"
	wait_for grep -qx CONT "$tmp/log"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 9 ]
}
