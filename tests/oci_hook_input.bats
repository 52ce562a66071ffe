#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-oci-hook by itself: what it reads, and what it makes of it.
# userland

# shellcheck source=tests/oci_hook.bash
. "$BATS_TEST_DIRNAME/oci_hook.bash"

setup_file() {
	gcc -O1 -shared -fPIC -I"$PROJECT/include/uapi" -o "$BATS_FILE_TMPDIR/other_module.so" \
		"$BATS_TEST_DIRNAME/fixtures/other_module.c"
}

setup() {
	hook_setup
	shim=$BATS_FILE_TMPDIR/other_module.so
	sleeper
}
teardown() { hook_teardown; }

# hooked ID COMMAND...: the hook's state for the sleeper goes to COMMAND
hooked() {
	local id=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	run bash -c 'printf "%s" "$1" | "${@:2}"' _ \
		"{\"id\": \"$id\", \"pid\": $pid}" "$@"
	echo "$status: $output"
}

label() { contidctl get "$pid" || true; }

# bad PATTERN: what is in $dir/state is refused, with one line
bad() {
	no_journal
	run timeout 30 "$hook" <"$dir/state"
	echo "$(head -c 200 "$dir/state" | tr '\0' '@'): $status $output"
	[ "$status" -eq 1 ]
	journal_is "$error" "container \"$1\": *standard input, can not be used: $2: *; it does not start \(on-refused=refuse, see $config)"
	[ "$(label)" = -1 ]
}

# --- the state

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
	[ "$(label)" = "$(contid_of oci demo)" ]
	[ -z "$(journal)" ]
}

@test "of two keys of one name the last counts" {
	printf '{"id":"first","pid":1,"id":"demo","pid":%d}' "$pid" | "$hook"
	[ "$(label)" = "$(contid_of oci demo)" ]
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
	[ "$(label)" = "$(contid_of oci demo)" ]
	[ -z "$(journal)" ]
	exec 8>&-
	# shellcheck disable=SC2016 # expanded by the inner shell
	run timeout 30 bash -c 'exec "$1" <&-' _ "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*Bad file descriptor*'
}

@test "a container's name can not make a second line, nor end the quotation" {
	contidctl register "$pid" "$A"
	hooked 'a\nb\u001b[31m\" it starts\\ö' "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" 'container "a\\x0ab\\x1b\[31m\\x22 it starts\\x5c\\xc3\\xb6": File exists: *'
	[ "$(wc -l <<<"$output")" -eq 1 ]
	no_journal
	hooked "$(printf 'n%.0s' {1..3000})" "$hook"
	journal_is "$error" 'container "nnn*nnn...": File exists: *it does not start*'
}

# --- the ID

@test "a name's ID is a UUID of runtime and name, other names are other IDs" {
	for name in demo 'a b' ö ".." 0123abcd "$A" "${A//-/}" "$(printf '%064d' 0)" \
		"$(printf 'g%063d' 0)" "$(printf '%0999d' 0)"; do
		hooked "$name" "$hook" --runtime crun
		[ "$status" -eq 0 ]
		[ "$(label)" = "$(contid_of crun "$name")" ]
		kill -9 "$pid"
		wait_for no_container
		sleeper
	done
	[ -z "$(journal)" ]
}

@test "the pid is that of the runtime's PID namespace" {
	# shellcheck disable=SC2016
	unshare -pf --mount-proc bash -c 'sleep infinity & printf "{\"id\":\"demo\",\"pid\":%d}" $! |
		"$1"; contidctl get $!; kill -9 $!' _ "$hook" >"$dir/label" 3>&-
	[ "$(cat "$dir/label")" = "$(contid_of oci demo)" ]
	[ "$(label)" = -1 ]
}

@test "the process is named by a pidfd, and by its number where the kernel's can not be read" {
	LOG=$dir/flags hooked demo env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 0 ]
	[ "$(cat "$dir/flags")" -eq 1 ]
	rm "$dir/flags"
	sleeper
	LOG=$dir/flags FAIL=95 FLAGS=1 hooked other env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 0 ]
	[ "$(tr '\n' ' ' <"$dir/flags")" = "1 2 " ]
	[ "$(label)" = "$(contid_of oci other)" ]
}

# --- what a failure does

@test "every refusal of the module stops the container, with the errno's text" {
	while read -r errno text; do
		no_journal
		FAIL=$errno hooked demo env LD_PRELOAD="$shim" "$hook"
		[ "$status" -eq 1 ]
		journal_is "$error" "container \"demo\": $text*: *; it does not start \(on-refused=refuse, *"
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
	[ "$(label)" = -1 ]
}

@test "a module of another version stops the container" {
	API=2 hooked demo env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*has interface 2, this audit-contid-oci-hook *; it does not start*'
	no_journal
	UNKNOWN=1 hooked demo env LD_PRELOAD="$shim" "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" '*install the module and audit-contid-oci-hook of one version*'
}

@test "where the probes are switched off the container starts, and the journal warns" {
	echo 0 >/sys/kernel/debug/kprobes/enabled
	hooked demo "$hook"
	echo 1 >/sys/kernel/debug/kprobes/enabled
	[ "$status" -eq 0 ]
	journal_is "$warning" 'container "demo": warning: *probes are switched off*; it starts'
	[ "$(label)" = "$(contid_of oci demo)" ]
}

@test "without the device the container starts, with a warning" {
	hooked demo unshare -m sh -c "mount -t tmpfs tmpfs /dev && exec $hook"
	[ "$status" -eq 0 ]
	[[ $output == *"No such file or directory: the module is loaded, but there is no"* ]]
	[[ $output == *"(on-missing=warn, see $config)" ]]
}

@test "who can not register at all gets a notice and the container starts, whatever else is wrong" {
	configure on-missing=refuse on-refused=refuse
	cannot="^<29>.*container \"demo\": Operation not permitted: .*CAP_AUDIT_CONTROL.*; it starts"
	for module in loaded missing; do
		[ "$module" = loaded ] || modprobe -r audit_contid
		for as in "unshare -Ur" "setpriv --reuid 65534 --clear-groups" \
			"setpriv --bounding-set -audit_control"; do
			no_journal
			# shellcheck disable=SC2086 # several arguments
			hooked demo $as "$hook"
			[ "$status" -eq 0 ]
			# shellcheck disable=SC2086
			$as "$hook" </dev/null
			[ "$(journal | wc -l)" -eq 2 ]
			journal | head -n 1 | grep -E "$cannot.* \(rootless=notice, see $config\)\$"
		done
	done
	configure rootless=refuse
	no_journal
	hooked demo unshare -Ur "$hook"
	[ "$status" -eq 1 ]
	journal_is "$error" "*; it does not start \(rootless=refuse, see $config)"
}

@test "a configuration that can not be understood is told, and the defaults hold" {
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
		on-refused = Warn
		on-refused = warn # really
		on-refused warn
		On-refused = warn
		on-refused: warn
		= warn
		on-refused = "warn"
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
	[ "$(label)" = -1 ]
	run "$hook" --help
	[ "$status" -eq 0 ]
	[[ $output == "Usage: "*--runtime*--config*/etc/audit-contid/oci-hook.conf* ]]
	run "$hook" --version
	[ "$output" = "audit-contid-oci-hook $(modinfo -F version audit_contid)" ]
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
	[[ $output == *'container "demo": File exists'* ]]
	kill -CONT "$syslogd"
	rm /dev/log
	hooked demo timeout 30 "$hook"
	[ "$status" -eq 1 ]
	[[ $output == *'container "demo": File exists'* ]]
	# and nobody reads what it says
	run bash -c "printf '{\"id\":\"demo\",\"pid\":%d}' $pid | $hook 2> >(exec true)"
	[ "$status" -eq 1 ]
}
