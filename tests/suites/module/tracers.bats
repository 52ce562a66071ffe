#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Others trace the functions that the module hooks, since before it came or
# since later: neither takes anything from the other.
# depends on: kernel

# shellcheck source=tests/lib/life.bash
. "$BATS_TEST_DIRNAME/../../lib/life.bash"

tracing=/sys/kernel/tracing

setup() {
	modprobe audit_contid
	mapfile -t symbols < <(probed)
	T=$BATS_TEST_TMPDIR
	end_rules
	rule -S mkdir
}

teardown() {
	[ -z "${tracer:-}" ] || kill "$tracer" || true
	graph_detach
	probes_detach
	: >$tracing/trace
	auditctl -r 0 >/dev/null
	end_rules
	modprobe audit_contid
}

# lose_a_record: that function is hooked, too
lose_a_record() {
	local tries lost
	lost=$(auditctl -s | sed -n 's/^lost //p')
	auditctl -r 1 >/dev/null
	for ((tries = 0; tries < 50; tries++)); do
		auditctl -m lost >/dev/null
		[[ $(auditctl -s | sed -n 's/^lost //p') -eq $lost ]] || break
	done
	auditctl -r 0 >/dev/null
	[ "$tries" -lt 50 ]
}

labels_are_right() {
	log_mark
	rm -f "$T/up" "$T/go"
	mkfifo "$T/up" "$T/go"
	contidctl run "$B" -- unshare -m sh -c "echo \$\$ >$T/up; read -r _ <$T/go" 3>&- &
	runner=$!
	read -r pid <"$T/up"
	[ "$(nsenter -m -t "$pid" sh -c 'contidctl get $$')" = "$B" ]
	echo >"$T/go"
	wait "$runner"
	contidctl run "$A" -- "$bin/spawn" fork 1 sh -c "contidctl get \$\$ >$T/got; mkdir $T/made; :"
	[ "$(<"$T/got")" = "$A" ]
	rmdir "$T/made"
	mkdir "$T/made"
	rmdir "$T/made"
	syscalls >"$T/calls"
	[ "$(cut -d' ' -f1,2 "$T/calls" | xargs)" = "$A mkdir - mkdir" ]
	[ "$(drops "$A")" -eq 1 ]
	run contidctl list
	[ "${#lines[@]}" -eq 1 ]
	lose_a_record
	contidctl stats >"$T/stats"
	# each of them once, has fired, and has missed nothing
	cat "$T/stats"
	diff <(printf '%s\n' "${symbols[@]}") \
		<(awk '$1 == "probe" && / hits [1-9]/ && / nmissed 0$/ { print $3 }' "$T/stats" |
			grep -xF -f <(printf '%s\n' "${symbols[@]}"))
	grep '^stale  *0$' "$T/stats"
}

# before_and_after ATTACH SEEN DETACH: functions of a test; each round works
# with both, and each of the two is taken away first once
before_and_after() {
	modprobe -r audit_contid
	$1
	modprobe audit_contid
	labels_are_right
	$2
	$3
	labels_are_right

	$1
	labels_are_right
	$2
	modprobe -r audit_contid
	contidctl list 2>&1 | grep 'not loaded'
	modprobe audit_contid
	labels_are_right
	$3
}

# --- kprobes and kretprobes

probes_attach() {
	local n=0

	for symbol in "${symbols[@]}"; do
		echo "p:life/entry$n $symbol" >>$tracing/kprobe_events
		echo "r:life/return$n $symbol" >>$tracing/kprobe_events
		n=$((n + 1))
	done
	echo 1 >$tracing/events/life/enable
}

probes_seen() {
	# the profile has: event hits misses
	[ "$(awk '/(entry|return)[0-9]/ && $2 > 0' $tracing/kprobe_profile | wc -l)" -eq $((2 * ${#symbols[@]})) ]
}

probes_detach() {
	[ ! -e $tracing/events/life ] || echo 0 >$tracing/events/life/enable
	sed -n 's,^[^ ]*:\(life/[^ ]*\) .*,\1,p' $tracing/kprobe_events >"$T/events"
	while read -r event; do
		echo "-:$event" >>$tracing/kprobe_events
	done <"$T/events"
}

@test "kprobes and kretprobes of others on each hooked function change nothing" {
	before_and_after probes_attach probes_seen probes_detach
}

# --- function_graph

graph_attach() {
	: >$tracing/set_ftrace_filter
	for symbol in "${symbols[@]}"; do
		echo "$symbol" >>$tracing/set_ftrace_filter
	done
	echo function_graph >$tracing/current_tracer
	: >$tracing/trace
}

graph_seen() {
	cp $tracing/trace "$T/trace"
	for symbol in "${symbols[@]}"; do
		grep -F " $symbol(" "$T/trace" >/dev/null
	done
}

graph_detach() {
	echo nop >$tracing/current_tracer
	: >$tracing/set_ftrace_filter
}

@test "the function_graph tracer on each hooked function changes nothing" {
	before_and_after graph_attach graph_seen graph_detach
}

# --- fentry and fexit of BPF

bpf_attach() {
	rm -f "$T/attached" "$T/end"
	mkfifo "$T/attached" "$T/end"
	"$bin/fentry" "${traced[@]}" <"$T/end" >"$T/attached" 3>&- &
	tracer=$!
	exec 9>"$T/end" 8<"$T/attached"
	grep -qx -m 1 ready <&8
}

bpf_seen() {
	# it says what it has seen when its input ends
	exec 9>&-
	cat <&8 >"$T/counts"
	exec 8<&-
	wait "$tracer"
	tracer=
	cat "$T/counts"
	for symbol in "${traced[@]}"; do
		grep -E "^$symbol [1-9][0-9]* [1-9][0-9]*$" "$T/counts"
	done
}

@test "fentry and fexit programs on each hooked function change nothing" {
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	# what the compiler split off is not in BTF
	traced=()
	for symbol in "${symbols[@]}"; do
		traced+=("${symbol%.part.*}")
	done
	modprobe -r audit_contid
	bpf_attach
	modprobe audit_contid
	labels_are_right
	modprobe -r audit_contid
	modprobe audit_contid
	labels_are_right
	bpf_seen
	labels_are_right
	bpf_attach
	labels_are_right
	bpf_seen
	labels_are_right
}
