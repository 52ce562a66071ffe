#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-nri: what it registers of what a runtime tells it, and what it makes of a
# runtime that tells nonsense.
# depends on: neither. The runtime is a script; the module and audit are a library that
# takes everything.
# vm: none

# shellcheck disable=SC2030,SC2031 # each test has its own processes
# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"
# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

bats_require_minimum_version 1.5.0

nri=/usr/local/libexec/audit-contid/audit-contid-nri
POD=$(printf '%032d%032d' 1 0) ONE=$(printf '%032d%032d' 2 0) TWO=$(printf '%032d%032d' 3 0)

setup() {
	dir=$BATS_TEST_TMPDIR
	rm -rf /etc/audit-contid
	syslog_begin "$dir/journal"
	export LOG=$dir/taken NOPIDFD=1
	: >"$LOG"
	pids=()
}

teardown() {
	for pid in "${pids[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	cgroups_end
	syslog_end
	rm -rf /etc/audit-contid
}

# cgroups: cgroup v2 as on a machine, with a place in $top for those of a test
cgroups() {
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	top=$(mktemp -d /sys/fs/cgroup/audit-contid-XXXXXX)
}

cgroups_end() {
	[ -n "${top:-}" ] || return 0
	find "$top" -depth -type d -exec rmdir {} +
	umount /sys/fs/cgroup
}

# placed CGROUP: a process in there; its number is in $pid
placed() {
	mkdir -p "$top/$1"
	sleeper
	echo "$pid" >"$top/$1/cgroup.procs"
}

# runtime STEP...: it runs, in the background
runtime() {
	rm -f "$dir/socket" "$dir/said"
	perl "$tests/fixtures/nri_runtime.pl" "$dir/socket" "$dir/said" "$@" 3>&- &
	runtime=$!
	pids+=("$runtime")
	until_true test -S "$dir/socket"
}

# served STEP...: the plugin, until the runtime has hung up
served() {
	runtime "$@"
	run env LD_PRELOAD="$registering" timeout 30 "$nri" --once --socket "$dir/socket"
	wait "$runtime" || true
	echo "plugin: $status: $output"
	cat "$dir/said" "$LOG"
	[ "$status" -eq 1 ]
}

# said LINE...: what the plugin answered
said() { [ "$(<"$dir/said")" = "$(printf '%s\n' "$plugin" "$@")" ]; }
# the fields of RegisterPlugin, and of two events: bits 0 and 5
plugin='plugin: <0a><1c>nri.pkg.api.v1alpha1.Runtime<12><0e>RegisterPlugin<1a><12><0a><0c>audit-contid<12><02>99'
configured='Configure: <12><02><10>!'

# registered ID LABEL [PID]: it was, and audit has heard of it
registered() {
	grep -qx "register ${3:-$$} ${1:0:32} $2" "$LOG"
	grep -q "^2500 virt=container op=start .* vm=\"$2\" .* runtime-id=\"$1\"" "$LOG"
}

@test "it registers itself, and asks for two events alone" {
	served accept configure
	said "$configured" end
	[ ! -s "$LOG" ]
}

@test "audit does not take messages for a while: one line in the journal, and none is lost later" {
	: >"$dir/busy"
	WHILE=$dir/busy served accept configure "pod:$POD,web-0,$$" \
		"start:$POD,web-0,$$|$ONE,nginx,$$" "answer:$dir/busy" "start:$POD,web-0,$$|$TWO,redis,$$"
	grep -qx "register $$ ${ONE:0:32} shop/web-0/nginx" "$LOG"
	grep '^2500 ' "$LOG" | grep -o 'runtime-id="[^"]*"' >"$dir/sent"
	[ "$(<"$dir/sent")" = "$(printf 'runtime-id="%s"\n' "$POD" "$TWO")" ]
	[ "$(grep -c 'audit does not take a message' "$dir/journal")" -eq 1 ]
}

@test "a pod's sandbox and its containers are registered as they start, with their names" {
	served accept configure "pod:$POD,web-0,$$" "start:$POD,web-0,$$|$ONE,nginx,$$" \
		"Start:$POD,web-0,$$|$TWO,redis,$$"
	said "$configured" 'StateChange: <12><00>' 'StateChange: <12><00>' \
		'StartContainer: <12><00>' end
	registered "$POD" shop/web-0
	registered "$ONE" shop/web-0/nginx
	registered "$TWO" shop/web-0/redis
	grep -q "reason=registered vm=\"shop/web-0/nginx\" uuid=00000000-0000-0000-0000-000000000002 vm-pid=$$ engine=\"containerd\" image=\"nginx:1\" pod=\"web-0\" namespace=\"shop\" pod-uid=\"uid-of-it\" runtime-id=\"$ONE\"" "$LOG"
	[ -z "$(nri_journal)" ]
}

# nri_journal: its lines of the plugin, but that which says that the runtime has gone
nri_journal() {
	mark=mark-$RANDOM$RANDOM$RANDOM
	logger --socket /dev/log "$mark"
	until_true journal_has "$mark"
	grep -F ' audit-contid-nri[' "$dir/journal" | grep -vF 'it is waited for' || true
}

@test "a message that comes byte by byte is the same" {
	served accept configure split "start:$POD,web-0,$$|$ONE,nginx,$$"
	said "$configured" 'StateChange: <12><00>' end
	registered "$ONE" shop/web-0/nginx
}

@test "what runs is registered if its cgroup has the ID: another process may have its number" {
	served accept configure "sync:$POD,web-0,$$|$ONE,nginx,$$,$POD"
	said "$configured" 'Synchronize: <12><00>' end
	[ ! -s "$LOG" ]
	[ -z "$(nri_journal)" ]
}

@test "a cgroup's name counts if nobody but root can have given it" {
	local own=user-1000.slice/user@1000.service

	cgroups
	placed "kubepods.slice/cri-containerd-$ONE.scope/init"
	root=$pid
	mkdir -p "$top/$own"
	chown -R 1000 "$top/$own"
	placed "$own/cri-containerd-$TWO.scope"
	served accept configure "sync:$POD,web-0,0|$ONE,nginx,$root,$POD $TWO,redis,$pid,$POD"
	registered "$ONE" shop/web-0/nginx "$root"
	[ "$(grep -c ^register "$LOG")" -eq 1 ]
	: >"$LOG"
	served accept configure "late:$POD,web-0,$pid|$TWO,redis,$pid"
	[ ! -s "$LOG" ]
	served accept configure "late:$POD,web-0,$root|$ONE,nginx,$root"
	grep -qx "register $root ${ONE:0:32} shop/web-0/nginx" "$LOG"
}

@test "what runs comes in several messages, and a pod may be in an earlier one" {
	served accept configure "sync:$POD,web-0,0||more" "sync:|$ONE,nginx,$$,$POD"
	said "$configured" 'Synchronize: <12><02><10><01>' 'Synchronize: <12><00>' end
}

@test "a start that the runtime has given up is one of what runs: the number may be another process's" {
	served accept configure "late:$POD,web-0,$$|$ONE,nginx,$$"
	said "$configured" end
	[ ! -s "$LOG" ]
	[ -z "$(nri_journal)" ]
}

@test "a container that the module refuses does not start, unless the site says so" {
	export ERRNO=28
	served accept configure "start:$POD,web-0,$$|$ONE,nginx,$$"
	grep -q '^StateChange: .*audit_contid: it could not be registered: see the journal$' "$dir/said"
	[[ $(nri_journal) == *'container "shop/web-0/nginx": '*'; it does not start (on-refused=refuse, see /etc/audit-contid/oci-hook.conf)' ]]
	: >"$dir/journal"
	configure 'on-refused.shop = warn'
	served accept configure "start:$POD,web-0,$$|$ONE,nginx,$$" "start:$POD,dns,$$,kube-system|$TWO,x,$$"
	[ "$(sed -n 3p "$dir/said")" = 'StateChange: <12><00>' ]
	[[ $(sed -n 4p "$dir/said") == *'could not be registered'* ]]
	[[ $(nri_journal) == *'it goes on without a container ID of its own (on-refused.shop=warn, '* ]]
}

@test "without the module a container starts, and the journal says so" {
	# ENOENT
	export CLOSED=2
	served accept configure "start:$POD,web-0,$$|$ONE,nginx,$$"
	said "$configured" 'StateChange: <12><00>' end
	[[ $(nri_journal) == *'container "shop/web-0/nginx": the module is not loaded'*'(on-missing=warn, '* ]]
}

@test "a container without a process, or with no ID, is refused by name" {
	served accept configure "start:$POD,web-0,0|$ONE,nginx,0" "start:$POD,web-0,0|,nginx,$$" \
		"start:$POD,web-0,0|../../x,nginx,$$" "start:$POD,web-0,0|$ONE,nginx,4294967297"
	[ "$(grep -c 'could not be registered' "$dir/said")" -eq 4 ]
	[ ! -s "$LOG" ]
	[[ $(nri_journal) == *'the runtime has not said which process it is; it does not start'* ]]
	[[ $(nri_journal) == *'its ID has not the form of one; it does not start'* ]]
}

@test "names may be anything: they are escaped, and end nothing" {
	served accept configure "start:$POD,a\"
b,$$|$ONE,nginx,$$"
	grep -q ' vm=73686F702F61220A622F6E67696E78 ' "$LOG"
	[ "$(grep -c ^2500 "$LOG")" -eq 1 ]
}

@test "methods that it does not have are refused, and it goes on" {
	served accept configure call:UpdateContainer call:Shutdown call: "start:$POD,web-0,$$|$ONE,nginx,$$"
	[ "$(grep -c 'there is no such method' "$dir/said")" -eq 2 ]
	grep -qx 'Shutdown: <12><00>' "$dir/said"
	registered "$ONE" shop/web-0/nginx
}

# nonsense PATTERN STEP...: then it hangs up, with one line in the journal
nonsense() {
	: >"$dir/journal"
	served accept "${@:2}" hold
	[ "$(tail -n 2 "$dir/said")" = 'plugin has gone
end' ]
	mark=mark-$RANDOM$RANDOM$RANDOM
	logger --socket /dev/log "$mark"
	until_true journal_has "$mark"
	[ "$(grep -cF ' audit-contid-nri[' "$dir/journal")" -eq 1 ]
	# shellcheck disable=SC2053 # a pattern
	[[ $(grep -F ' audit-contid-nri[' "$dir/journal") == *"$1"* ]]
	[ ! -s "$LOG" ]
}

@test "nonsense ends the link with one line: cut, of 4 GiB, on no line, out of order" {
	# a piece of 4 GiB, and one of a line that there is not
	nonsense 'more than 4 MiB at once' raw:00000001ffffffff
	nonsense 'on a line that there is not' raw:0000000700000001aa
	# a message of 4 GiB in a small piece
	nonsense 'a message of more than 4 MiB' raw:000000010000000affffffff000000010100
	# a response on the line of requests, a second one on ours
	nonsense 'a type that does not belong there' raw:000000010000000a00000000000000010200
	nonsense 'answered what nobody has asked' accept
	# fields that are longer than the message, have no number, or never end
	nonsense 'a request that is broken' raw:000000010000000c000000020000000101000aff
	nonsense 'a request that is broken' raw:000000010000000c000000020000000101000200
	nonsense 'a request that is broken' \
		raw:00000001000000150000000b000000010100ffffffffffffffffffffff
}

@test "a message that is cut by the end of the link is forgotten" {
	served accept configure raw:0000000100000100aabb
	[ ! -s "$LOG" ]
	grep -q 'it has hung up; it is waited for' "$dir/journal"
}

@test "a runtime that does not take it is named once, with its reason escaped" {
	served reject
	[[ $(<"$dir/journal") == *'the runtime does not take this plugin: not \x22you\x22\x0a'* ]]
}

@test "a runtime that goes away is waited for, and said so once; what runs is told again" {
	runtime accept configure "start:$POD,web-0,$$|$ONE,nginx,$$" again accept configure \
		"start:$POD,web-0,$$|$TWO,redis,$$"
	env LD_PRELOAD="$registering" "$nri" --socket "$dir/socket" 2>/dev/null 3>&- &
	pids+=("$!")
	wait "$runtime"
	registered "$ONE" shop/web-0/nginx
	registered "$TWO" shop/web-0/redis
	[ "$(grep -c 'it is waited for' "$dir/journal")" -le 2 ]
}

@test "it comes before the runtime" {
	env LD_PRELOAD="$registering" "$nri" --socket "$dir/socket" 2>/dev/null 3>&- &
	pids+=("$!")
	until_true journal_has 'No such file or directory; it is waited for'
	runtime accept configure
	wait "$runtime"
	said "$configured" end
}

@test "arguments that make no sense are refused" {
	run -2 "$nri" --nonsense
	run -2 "$nri" x
	run -0 "$nri" --help
	[[ $output == *--socket* ]]
}
