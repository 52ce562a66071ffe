#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-runtime: what it has audit record of an exec, whose word it takes for the
# user of the request, and that no exec waits for it.
# depends on: neither. It reads files, and sends what a library takes in audit's place;
# docker has the exec of a daemon.
# vm: none

# shellcheck source=tests/lib/runtime.bash
. "$BATS_TEST_DIRNAME/../../lib/runtime.bash"

# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

ID=$(printf '0123abcd%056d' 7)
CONTID=0123abcd-0000-0000-0000-000000000000

setup() {
	runtime_setup
	: >/dev/audit_contid
	export LOG=$dir/sent
	: >"$LOG"
	fakes "printf 4321 >\"$dir/new\"; mv \"$dir/new\" \"$dir/pid\""
	state
}

teardown() {
	rm -f "$dir/while"
	wait_for senders_gone
	runtime_teardown
}

# No sender is on its way.
senders_gone() { ! pgrep -x audit-contid-ru >/dev/null; }

# fakes COMMAND...: the real runtime does that
fakes() {
	printf '#!/bin/bash\nprintf "%%q " "$@" >"%s/called"\n%s\n' "$dir" "$*" >"$dir/path/runc"
}

# state [FIELD]: the runtime's files of the container, as runc has them
state() {
	root=$dir/root
	bundle containerd
	mkdir -p "$root/$ID"
	jq -n --arg bundle "$bundle" '{ config: { labels: ["bundle=/nowhere", "bundle=" + $bundle] } }' \
		>"$root/$ID/state.json"
}

# array LINE...: as JSON
array() { [ $# -eq 0 ] || printf '%s\n' "$@" | jq -R . | jq -cs .; }

# own VARIABLE...: the container's own environment
own() {
	# shellcheck disable=SC2016 # expanded by jq
	jq --argjson env "$(array "$@")" '.process.env = $env' "$bundle/config.json" >"$dir/config"
	mv "$dir/config" "$bundle/config.json"
}

# described [VARIABLE... --] WORD...: the file of what is executed, as containerd writes it
described() {
	local variables=()

	while [[ " $* " == *' -- '* ]]; do
		[[ $1 == -- ]] || variables+=("$1")
		shift
	done
	# shellcheck disable=SC2016 # expanded by jq
	jq -n --argjson args "$(array "$@")" --argjson env "$(array "${variables[@]:-A=B}")" \
		'{ terminal: true, cwd: "/", args: $args, env: $env }' >"$dir/process"
}

# executes ARGUMENT...: as a runtime is called
executes() { LD_PRELOAD=$registering "$runtime" --root "$root" exec "$@"; }

# daemon_executes: as containerd calls it
daemon_executes() { executes --process "$dir/process" --detach --pid-file "$dir/pid" "$ID"; }

# arrived: a message, and no other is on its way
arrived() {
	until_true is_there "$LOG"
	wait_for senders_gone
}

# sent PATTERN: that is all that was
sent() {
	arrived
	cat "$LOG"
	[ "$(wc -l <"$LOG")" -eq 1 ]
	# shellcheck disable=SC2053 # a pattern
	[[ $(<"$LOG") == "2500 virt=container op=exec reason=requested "$1 ]]
	: >"$LOG"
}

# user NAME-OR-EMPTY: of the request, as the message has it
user() {
	arrived
	cat "$LOG"
	[ "$(wc -l <"$LOG")" -eq 1 ]
	[ "$(sed -nE 's/.* request-user=("([^"]*)"|([0-9A-F]*)) .*/\2\3/p' "$LOG")" = "$1" ]
	: >"$LOG"
}

@test "an exec of a daemon: the container, the process, the command and the request's user" {
	# shellcheck disable=SC2016 # of the shell in the container
	described PATH=/bin SPO_EXEC_REQUEST_UID=alice -- sh -c 'echo $1'
	daemon_executes
	sent "vm=\"shop/web-0\" uuid=$CONTID vm-pid=4321 runtime-pid=* pty=yes cmd=$(printf "sh -c 'echo \$1'" |
		od -An -tx1 | tr -d ' \n' | tr a-f A-F) request-user=\"alice\" engine=\"containerd\" * runtime-id=\"$ID\" res=1"
}

@test "an exec by options: the command behind the container's name, and --env" {
	executes --tty -e SPO_EXEC_REQUEST_UID=alice --cwd / --user 0 web /bin/id --tty
	sent "vm=\"web\" uuid=* runtime-pid=* pty=yes cmd=2F62696E2F6964202D2D747479 request-user=\"alice\" runtime-id=\"web\" res=1"
	executes web id
	sent "vm=\"web\" uuid=* runtime-pid=* pty=no cmd=\"id\" runtime-id=\"web\" res=1"
}

@test "the options of an exec are found in each form in which runtimes take them" {
	local form

	# no letter stands for the variable: a directory's random name may have it
	for form in "-e @" "-e@" "--env @" "--env=@" "-env @" "-env=@" "-e=@" "-dte@" "-te @" \
		"-c CAP_X -e @" "--preserve-fds 3 --env @ --no-new-privs" "-detach -env @ --" \
		"--user=1 -p $dir/process -e X=1 --env @"; do
		described id
		# shellcheck disable=SC2086 # several words
		executes ${form/@/SPO_EXEC_REQUEST_UID=alice} "$ID" id
		arrived
		echo "$form"
		cat "$LOG"
		[ "$(grep -c 'cmd="id"' "$LOG")" -eq 1 ]
		# a file says all
		[[ $form == *process* ]] || grep -q 'cmd="id" request-user="alice"' "$LOG"
		: >"$LOG"
	done
	LD_PRELOAD=$registering "$runtime" --debug --systemd-cgroup exec web id
	sent '*cmd="id" *'
	LD_PRELOAD=$registering "$runtime" --debug kill exec 9
	wait_for senders_gone
	[ ! -s "$LOG" ]
}

@test "the request's user in front of the command, as a webhook of Kubernetes puts it" {
	described SPO_EXEC_REQUEST_UID=own -- env SPO_EXEC_REQUEST_UID=1-2-3 env SPO_EXEC_REQUEST_UID=forged sh
	daemon_executes
	user 1-2-3
	described /usr/bin/env A=1 SPO_EXEC_REQUEST_UID=x sh
	daemon_executes
	user ''
}

@test "a variable that the container has of its own is nobody's request" {
	own PATH=/bin SPO_EXEC_REQUEST_UID=root SPO_EXEC_REQUEST_UID=admin
	described SPO_EXEC_REQUEST_UID=root SPO_EXEC_REQUEST_UID=admin -- id
	daemon_executes
	user ''
	described SPO_EXEC_REQUEST_UID=root SPO_EXEC_REQUEST_UID=alice -- id
	daemon_executes
	user alice
	# by whatever order
	described SPO_EXEC_REQUEST_UID=alice SPO_EXEC_REQUEST_UID=admin -- id
	daemon_executes
	user alice
}

@test "without the container's own variables none in the environment is believed" {
	described SPO_EXEC_REQUEST_UID=alice -- id
	rm "$bundle/config.json"
	daemon_executes
	user ''
	rm -r "${root:?}/$ID"
	daemon_executes
	user ''
	# crun's
	bundle
	mkdir "$root/$ID"
	jq -n --arg bundle "$bundle" '{ bundle: $bundle }' >"$root/$ID/status"
	daemon_executes
	user alice
}

@test "an annotation that calls itself a bundle is none" {
	mkdir "$dir/forged"
	echo '{ "process": { "env": [] } }' >"$dir/forged/config.json"
	own SPO_EXEC_REQUEST_UID=admin
	jq --arg forged "bundle=$dir/forged" '.config.labels[0] = $forged' "$root/$ID/state.json" >"$dir/state"
	mv "$dir/state" "$root/$ID/state.json"
	described SPO_EXEC_REQUEST_UID=admin -- id
	daemon_executes
	user ''
}

@test "a variable of the runtime's own environment, and one in the command's arguments, say nothing" {
	SPO_EXEC_REQUEST_UID=forged executes web sh -c 'SPO_EXEC_REQUEST_UID=forged id' -e SPO_EXEC_REQUEST_UID=forged
	user ''
}

@test "the site names the variable, or none" {
	mkdir -p /etc/audit-contid
	echo 'exec-request-variable = WHO' >/etc/audit-contid/oci-hook.conf
	executes -e SPO_EXEC_REQUEST_UID=no -e WHO=no -e WHO=bob -e WHOM=no web id
	user bob
	echo 'exec-request-variable =' >/etc/audit-contid/oci-hook.conf
	executes -e SPO_EXEC_REQUEST_UID=no -e =no web id
	user ''
	# one that cannot be: the default holds, and the journal is for starts of containers
	echo 'exec-request-variable = A=B' >/etc/audit-contid/oci-hook.conf
	executes -e SPO_EXEC_REQUEST_UID=alice web id
	user alice
	said
}

@test "a command of anything is one line, in digits, and its end is in there" {
	executes -e SPO_EXEC_REQUEST_UID=$'a" res=0\nb' web $'x\n2500 forged' "' res=failed" '' $'\xff\e[2J'
	sent "* cmd=$(printf "'x\n2500 forged' ''\\\\'' res=failed' '' '\xff\e[2J'" | od -An -v -tx1 | tr -d ' \n' |
		tr a-f A-F) request-user=6122207265733D300A62 runtime-id=\"web\" res=1"
}

@test "a long command is cut, and its length is said; all the rest is there" {
	own A=b
	jq '.annotations |= map_values("\u0001" * 300)' "$bundle/config.json" >"$dir/config"
	mv "$dir/config" "$bundle/config.json"
	described "SPO_EXEC_REQUEST_UID=$(printf '%300s' '')" -- "$(printf '%2000s' '' | tr ' ' '\001')"
	daemon_executes
	arrived
	[ "$(grep -oE ' cmd=[0-9A-F]* ' "$LOG" | wc -c)" -eq $((6 + 2 * 1024 + 1)) ]
	grep -q ' cmd-length=2002 ' "$LOG"
	grep -qE " request-user=(20){255} .* runtime-id=\"$ID\" res=1$" "$LOG"
	# with what libaudit and the kernel add
	[ "$(wc -c <"$LOG")" -lt 8000 ]
}

@test "a file that describes nothing: the exec is on record without its command" {
	for text in '' '{' '[]' '{ "args": [1, "x"] }' '{ "args": {} }' '{ "args": ["a\u0000b"] }'; do
		printf '%s' "$text" >"$dir/process"
		daemon_executes
		sent "vm=\"shop/web-0\" uuid=$CONTID vm-pid=4321 runtime-pid=* pty=no engine=*"
	done
	rm "$dir/process"
	daemon_executes
	sent "* pty=no engine=*"
}

@test "a pipe that describes what is executed is the runtime's alone" {
	mkfifo "$dir/process"
	fakes "cat \"$dir/process\" >\"$dir/read\""
	daemon_executes &
	echo '{ "args": ["id"] }' >"$dir/process"
	wait "$!"
	[ "$(<"$dir/read")" = '{ "args": ["id"] }' ]
	sent "* pty=no engine=*"
}

@test "if the runtime ends and has written no number, nothing was executed" {
	described id
	printf 99 >"$dir/pid"
	fakes exit 3
	run -3 daemon_executes
	sent "*uuid=$CONTID runtime-pid=*cmd=\"id\" *res=0"
}

@test "if the number is gone when it could be read, something was executed all the same" {
	described id
	fakes "printf 4321 >\"$dir/pid\"; rm \"$dir/pid\""
	daemon_executes
	sent "*uuid=$CONTID *cmd=\"id\" *res=1"
	# as runc does it
	fakes "printf 4321 >\"$dir/new\"; mv \"$dir/new\" \"$dir/pid\"; rm \"$dir/pid\""
	daemon_executes
	sent "*uuid=$CONTID *cmd=\"id\" *res=1"
}

@test "the runtime begins, ends and closes its pipes while audit takes nothing" {
	: >"$dir/while"
	fakes "[ -e \"$dir/while\" ] && echo meanwhile"
	[ "$(WHILE=$dir/while executes web id)" = meanwhile ]
	wait_for test -s "$dir/while"
	# of an exec that hangs nobody is the parent, and it is in no session of ours
	read -r sender <"$dir/while"
	[ "$(ps -o sid= "$sender" | tr -d ' ')" != "$(ps -o sid= $$ | tr -d ' ')" ]
	[ "$(ps -o ppid= "$sender" | tr -d ' ')" != $$ ]
	[ ! -s "$LOG" ]
	rm "$dir/while"
	sent '*cmd="id" *'
}

@test "while audit takes nothing a sender keeps nothing of which there are few" {
	local held

	: >"$dir/while"
	described id
	WHILE=$dir/while daemon_executes
	wait_for test -s "$dir/while"
	read -r sender <"$dir/while"
	held=$(readlink "/proc/$sender"/fd/* || true)
	echo "$held"
	[[ $held == *null* && $held != *inotify* && $held != *pidfd* ]]
	rm "$dir/while"
	sent '*cmd="id" *'
}

@test "a sender ends, whatever audit does" {
	: >"$dir/while"
	described id
	# its caller may not want to hear of alarms
	(trap '' ALRM && SOON=1 WHILE=$dir/while daemon_executes)
	wait_for test -s "$dir/while"
	wait_for senders_gone
	[ -e "$dir/while" ]
	[ ! -s "$LOG" ]
}

@test "if audit is off, the exec goes on; without the module nothing is sent" {
	NOAUDIT=1 executes web id
	grep -q 'exec web id' "$dir/called"
	rm "$dir/called" /dev/audit_contid
	executes web id
	grep -q 'exec web id' "$dir/called"
	wait_for senders_gone
	[ ! -s "$LOG" ]
}

@test "an exec without a container, and the help of it, are the runtime's" {
	executes
	executes --help
	executes --process "$dir/process"
	wait_for senders_gone
	[ ! -s "$LOG" ]
}
