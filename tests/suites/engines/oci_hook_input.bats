#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-oci-hook by itself: what it reads, and what it makes of it.
# depends on: neither. It is what the hook makes of its input; a library remembers in place
# of the module what is registered. oci_hook_module has what it makes of the module.
# vm: none

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"
# shellcheck source=tests/lib/remembered.bash
. "$BATS_TEST_DIRNAME/../../lib/remembered.bash"

setup() {
	dir=$BATS_TEST_TMPDIR
	pids=()
	rm -rf /etc/audit-contid
	syslog_begin "$dir/journal"
	remember
	sleeper
}

teardown() {
	local pid

	for pid in "${pids[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	syslog_end
	rm -rf /etc/audit-contid
}

# hooked ID COMMAND...: the hook's state for the sleeper goes to COMMAND
hooked() {
	local id=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	run bash -c 'printf "%s" "$1" | "${@:2}"' _ \
		"{\"id\": \"$id\", \"pid\": $pid}" "$@"
	echo "$status: $output"
}

# bad PATTERN: what is in $dir/state is refused, with one line
bad() {
	no_journal
	run timeout 30 "$hook" <"$dir/state"
	echo "$(head -c 200 "$dir/state" | tr '\0' '@'): $status $output"
	[ "$status" -eq 1 ]
	journal_is "$error" "container \"$1\": *standard input, cannot be used: $2: *; it does not start \(on-refused=refuse, see $config)"
	[ "$(label "$pid")" = -1 ]
}

@test "a broken state ends with 1 and one line that says what is wrong" {
	: >"$dir/state"
	bad '?' 'there is none'
	while IFS='|' read -r text name why; do
		# shellcheck disable=SC2059 # it has escapes
		printf "${text//PID/$pid}" >"$dir/state"
		bad "$name" "$why"
	done <<-'END'
		{"id":"demo","pid":PID|?|it is cut off
		{"id":"demo","pid":PID,"x|?|it is cut off
		{"id":"demo","pid":PID}}|?|something stands behind its end
		{"id":"demo","pid":PID}x|?|something stands behind its end
		{"id":"demo","pid":PID}\0|?|something stands behind its end
		\0{"id":"demo","pid":PID}|?|*
		[{"id":"demo","pid":PID}]|?|it is no JSON object
		"demo"|?|it is no JSON object
		demo|?|*
		{}|?|it has no id
		{"pid":PID}|?|it has no id
		{"id":7,"pid":PID}|?|it has no id
		{"id":null,"pid":PID}|?|it has no id
		{"id":"","pid":PID}|?|it has no id
		{"id":["demo"],"pid":PID}|?|it has no id
		{"id":"a\\u0000b","pid":PID}|a|its id has a NUL byte
		{"id":"demo"}|demo|it has no pid
		{"id":"demo","Pid":PID}|demo|it has no pid
		{"id":"demo","pid":"PID"}|demo|it has no pid
		{"id":"demo","pid":PID.0}|demo|it has no pid
		{"id":"demo","pid":1e2}|demo|it has no pid
		{"id":"demo","pid":null}|demo|it has no pid
		{"id":"demo","pid":true}|demo|it has no pid
		{"id":"demo","pid":[PID]}|demo|it has no pid
		{"id":"demo","pid":0}|demo|its pid is no process number
		{"id":"demo","pid":-1}|demo|its pid is no process number
		{"id":"demo","pid":-PID}|demo|its pid is no process number
		{"id":"demo","pid":2147483648}|demo|its pid is no process number
		{"id":"demo","pid":4294967297}|demo|its pid is no process number
		{"id":"demo","pid":18446744073709551617}|demo|its pid is no process number
		{"id":"demo","pid":-99999999999999999999}|demo|its pid is no process number
	END
}

@test "a huge, a deep and an endless state are refused, each with one line" {
	perl -e 'print "{\"id\":\"demo\",\"pid\":$ARGV[0],\"x\":\"", "a" x 5e6, "\"}"' "$pid" \
		>"$dir/state"
	bad '?' 'it is larger than 4 MiB'
	perl -e 'print "{\"id\":\"demo\",\"pid\":$ARGV[0],\"x\":", "[" x 1e6' "$pid" >"$dir/state"
	bad '?' '*deep'
	no_journal
	run timeout 30 "$hook" </dev/zero
	[ "$status" -eq 1 ]
	journal_is "$error" '*it is larger than 4 MiB*'
}

@test "all but id and pid is passed over, however much there is of it" {
	perl -e 'print "{\"annotations\":{", (map "\"a$_\":\"$_\",", 1 .. 2e5), "\"id\":\"x\"},",
		"\"id\":\"demo\",\"pid\":$ARGV[0],\"status\":[{\"pid\":1}]}\n"' "$pid" >"$dir/state"
	"$hook" <"$dir/state"
	[ "$(label "$pid")" = "$(contid_of oci demo)" ]
	[ -z "$(journal)" ]
}

# labelled LABEL STATE-REST: of this state the sleeper's container gets this label
labelled() {
	sleeper
	"$hook" <<<"{\"id\":\"${id:-$(printf '%-64d' "$pid" | tr ' ' a)}\",\"pid\":$pid,$2}"
	[ "$(contidctl list --json | jq -r --argjson pid "$pid" \
		'.[] | select(.first_pid == $pid).label')" = "$1" ]
}

@test "the label is made of the annotations of containerd and CRI-O, or is the name" {
	cri=io.kubernetes.cri k8s=io.kubernetes
	labelled shop/web-0/nginx "\"annotations\":{\"$cri.sandbox-namespace\":\"shop\",
		\"$cri.sandbox-name\":\"web-0\",\"$cri.container-name\":\"nginx\"}"
	labelled shop/web-0 "\"annotations\":{\"$cri.sandbox-namespace\":\"shop\",
		\"$cri.sandbox-name\":\"web-0\",\"$cri.container-type\":\"sandbox\"}"
	labelled shop/web-1/redis "\"annotations\":{\"$k8s.pod.namespace\":\"shop\",
		\"$k8s.pod.name\":\"web-1\",\"$k8s.container.name\":\"redis\"}"
	labelled null '"annotations":{"io.kubernetes.pod.name":"web-1"}'
	labelled null '"annotations":{}'
	labelled null '"x":0'
	id=demo labelled demo '"annotations":{}'
	id=9d0e0d6f-3a1b-4c21-8d0e-0d6f3a1b7c21 labelled null '"x":0'
}

@test "annotations may be anything: the container starts, with a label of whole characters" {
	space=io.kubernetes.pod.namespace pod=io.kubernetes.pod.name
	labelled 'a\012b/"\033]' "\"annotations\":{\"$space\":\"a\\nb\",\"$pod\":\"\\\"\\u001b]\"}"
	labelled null "\"annotations\":{\"$space\":\"a\\u0000b\",\"$pod\":\"p\"}"
	labelled null "\"annotations\":{\"$space\":7,\"$pod\":[\"p\"]}"
	labelled null "\"annotations\":{\"$space\":\"\",\"$pod\":\"p\"}"
	labelled null '"annotations":["io.kubernetes.pod.name"]'
	labelled null '"annotations":null'
	many=$(printf '%400s' '' | tr ' ' n)
	labelled "s/${many:0:253}" "\"annotations\":{\"$space\":\"s\",\"$pod\":\"$many\"}"
	# a character of two bytes, of which one would be the last
	labelled "s/${many:0:252}" \
		"\"annotations\":{\"$space\":\"s\",\"$pod\":\"${many:0:252}\\u00e9x\"}"
	labelled "s/${many:0:251}é" \
		"\"annotations\":{\"$space\":\"s\",\"$pod\":\"${many:0:251}\\u00e9x\"}"
	id=$many labelled "${many:0:255}" '"x":0'
}

@test "of two keys of one name the last counts" {
	printf '{"id":"first","pid":1,"id":"demo","pid":%d}' "$pid" | "$hook"
	[ "$(label "$pid")" = "$(contid_of oci demo)" ]
}

@test "standard input that stays open does not hold the runtime up" {
	mkfifo "$dir/fifo"
	exec 8<>"$dir/fifo"
	printf '{"id":"demo","pid"' >&8
	run timeout 30 "$hook" <"$dir/fifo"
	[ "$status" -eq 1 ]
	journal_is "$error" '*it was not complete within 5 seconds*'
	no_journal
	printf '{"id":"demo","pid":%d}' "$pid" >&8
	timeout 30 "$hook" <"$dir/fifo" 8>&-
	[ "$(label "$pid")" = "$(contid_of oci demo)" ]
	[ -z "$(journal)" ]
	exec 8>&-
	# shellcheck disable=SC2016 # expanded by the inner shell
	run timeout 30 bash -c 'exec "$1" <&-' _ "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*Bad file descriptor*'
}

@test "a container's name cannot make a second line, nor end the quotation" {
	contidctl register "$pid" "$A"
	hooked 'a\nb\u001b[31m\" it starts\\ö' "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" 'container "a\\x0ab\\x1b\[31m\\x22 it starts\\x5c\\xc3\\xb6": *\(File exists); *'
	[ "$(wc -l <<<"$output")" -eq 1 ]
	no_journal
	hooked "$(printf 'n%.0s' {1..3000})" "$hook"
	journal_is "$error" 'container "nnn*nnn...": *\(File exists)*it does not start*'
}

# --- the ID

@test "a name's ID is a UUID of runtime and name, other names are other IDs" {
	for name in demo 'a b' ö ".." 0123abcd "$(printf '%064d' 0)" "$(printf 'g%063d' 0)" \
		"$(printf '%0999d' 0)"; do
		hooked "$name" "$hook" --runtime crun
		[ "$status" -eq 0 ]
		[ "$(label "$pid")" = "$(contid_of crun "$name")" ]
		kill -9 "$pid"
		wait_for no_containers
		sleeper
	done
	[ -z "$(journal)" ]
}

# --- what a failure does

@test "every refusal of the module stops the container, with the errno's text" {
	while read -r errno text; do
		no_journal
		FAIL=$errno hooked demo env LD_PRELOAD="$between" "$hook"
		[ "$status" -eq 1 ]
		journal_is "$error" "container \"demo\": *\($text*); it does not start \(on-refused=refuse, *"
	done <<-END
		1 Operation not permitted
		3 No such process
		5 Input/output error
		12 Cannot allocate memory
		16 Device or resource busy
		17 File exists
		18 Invalid cross-device link
		22 Invalid argument
		28 No space left on device
		31 Too many links
		76 Name not unique on network
	END
	[ "$(label "$pid")" = -1 ]
}

@test "a module of another version stops the container" {
	API=2 hooked demo env LD_PRELOAD="$between" "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*has interface 2, this audit-contid-oci-hook *; it does not start*'
	no_journal
	UNKNOWN=1 hooked demo env LD_PRELOAD="$between" "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*install the module and audit-contid-oci-hook of one version*'
}

@test "a word in the form of an ID is taken for one, and all else is a name" {
	while read -r id contid; do
		[ -n "$contid" ] || contid=$(contid_of oci "$id")
		hooked "$id" "$hook"
		[ "$status" -eq 0 ]
		[ "$(contidctl get "$pid")" = "$contid" ]
		kill -9 "$pid"
		wait_for no_containers
		sleeper
	done <<-END
		$A $A
		${A^^} $A
		${A//-/} $A
		${A//-/}$(printf '%032d' 7) $A
		${A%?}
		${A}0
		$(printf '%032d' 0)
		web
	END
}

@test "a configuration that cannot be understood is reported, and the defaults hold" {
	contidctl register "$pid" "$A"
	while IFS= read -r line; do
		configure '# fine' '' "$line" ' rootless = notice '
		no_journal
		hooked demo "$hook"
		[ "$status" -eq 1 ]
		[ "$(journal | wc -l)" -eq 2 ]
		journal | head -n 1 | grep -E "^<28>.*: $config: line 3, \".*\", has no "
		journal | tail -n 1 | grep -F "(on-refused=refuse, see $config)"
	done <<-END
		on-refused
		on-refused =
		on-refused = warn#really
		on-refused warn
		On-refused = warn
		on-refused: warn
		= warn
		on-refused = "warn
		$(printf '%05000d' 7)on-refused = warn
	END
	configure 'on-refused=warn' 'on-refused=nonsense'
	hooked demo "$hook"
	[ "$status" -eq 1 ]
	configure '  on-refused	=	warn  ' $'rootless=notice\r' on-missing=refuse
	no_journal
	hooked demo "$hook"
	[ "$status" -eq 0 ]
	[ "$(journal | wc -l)" -eq 1 ]
	rm "$config"
	mkdir "$config"
	hooked demo "$hook"
	[ "$status" -eq 1 ]
	journal | grep -F "$config: Is a directory"
}

@test "a value may have a comment behind it, quotes and upper case: none of these makes it the default" {
	while IFS= read -r line; do
		configure "$line"
		no_journal
		hooked demo env -u REGISTERED "$hook"
		[ "$status" -eq 1 ]
		[ "$(journal | wc -l)" -le 1 ]
		[[ $output == *"(on-missing=refuse, see $config)" ]]
	done <<-END
		on-missing=refuse # comment
		on-missing = refuse	# comment # and another
		on-missing = "refuse"
		on-missing = 'refuse' # "
		on-missing = Refuse
	END
	# as is one that begins a line
	configure '#on-missing=refuse' ' # on-missing=refuse'
	hooked demo env -u REGISTERED "$hook"
	[ "$status" -eq 0 ]
}

@test "wrong arguments are a failure like others, --help and --version none" {
	for arguments in --nonsense --runtime "--runtime a:b" extra; do
		no_journal
		# shellcheck disable=SC2086 # several arguments
		hooked demo "$hook" $arguments
		[ "$status" -eq 1 ]
		journal_is "$error" '*wrong arguments: see its --help; it does not start*'
	done
	no_journal
	hooked demo "$hook" --runtime ''
	[ "$status" -eq 1 ]
	printf 'on-refused=warn\n' >"$dir/config"
	hooked demo "$hook" --config "$dir/config" --nonsense
	[ "$status" -eq 0 ]
	[ "$(label "$pid")" = -1 ]
	run "$hook" --help
	[ "$status" -eq 0 ]
	[[ $output == "Usage: "*--runtime*--config*/etc/audit-contid/oci-hook.conf* ]]
	run "$hook" --version
	[ "$output" = "audit-contid-oci-hook $(version)" ]
}

@test "a journal that is full, or not there, does not hold the container up" {
	contidctl register "$pid" "$A"
	kill -STOP "$syslogd"
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => "/dev/log") or die $!;
		$s->blocking(0);
		1 while defined $s->send("full");'
	SECONDS=0
	hooked demo timeout 30 "$hook"
	[ "$status" -eq 1 ]
	[ "$SECONDS" -lt 15 ]
	[[ $output == *'container "demo": '*'(File exists)'* ]]
	kill -CONT "$syslogd"
	rm /dev/log
	hooked demo timeout 30 "$hook"
	[ "$status" -eq 1 ]
	[[ $output == *'container "demo": '*'(File exists)'* ]]
	# and nobody reads what it says
	run bash -c "printf '{\"id\":\"demo\",\"pid\":%d}' $pid | $hook 2> >(exec true)"
	[ "$status" -eq 1 ]
}

@test "LXC's environment names the container and its first process" {
	LXC_NAME='a "box"' LXC_PID=$pid run "$hook" --lxc 'a "box"' lxc start-host
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(contidctl get "$pid")" = "$(contid_of lxc 'a "box"')" ]
	[ "$(contidctl list --json | jq -r '.[].label')" = 'a "box"' ]
	[ -z "$(journal)" ]
	LXC_NAME=box LXC_PID=1x run "$hook" --lxc
	[ "$status" -eq 1 ]
	journal_is "$error" 'container "box": LXC_PID is no process number: --lxc is for lxc.hook.start-host; it does not start (*'
	no_journal
	LXC_PID=$pid run "$hook" --lxc
	[ "$status" -eq 1 ]
	journal_is "$error" 'container "?": there is no LXC_NAME: *'
}
