#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Records of packets name the containers that live in the packet's network namespace.
# depends on: kernel
# Where packets come by is the kernel's; who lives in a namespace is counted by the same lines
# on each.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

C=22222222-0123-4123-8123-0123456789ab
inside=10.9.0.2 outside=10.9.0.1

setup() {
	pids=()
	iptables -n -L >/dev/null 2>&1 || skip "this kernel was built without netfilter's tables"
	cd "$BATS_TEST_TMPDIR" || return
	auditctl -D >/dev/null
}

teardown() {
	local pid

	iptables -F || true
	nft_log delete 2>/dev/null || true
	for pid in "${pids[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
	done
	# not for all children: bats has one that ends a test which takes too long
	for pid in "${pids[@]}"; do
		wait "$pid" 2>/dev/null || true
	done
	ip netns list | while read -r name _; do ip netns delete "$name"; done
	wait_for no_links
	until_true no_containers
	if [ -n "${hidden:-}" ]; then
		gone audit_contid
		modprobe audit_contid
	fi
}

# no_links: a namespace and its ends of veth go some time after its last process
no_links() { ! grep -q veth /proc/net/dev; }

# keep PID...: they end with the test
keep() { pids+=("$@"); }

# comes FILE: what a process has written there of itself becomes $pid, which ends with the test
comes() {
	until_true is_there "$1"
	read -r pid <"$1"
	keep "$pid"
}

# lives ID [COMMAND...]: a container, which executes sleep by this; sets $pid, its process
lives() {
	local id=$1

	shift
	contidctl run "$id" -- "$@" sh -c 'echo $$ >there; exec sleep 1000' 3>&- &
	keep $!
	comes there
	rm there
	until_true runs sleep "$pid"
}

# in_net PID COMMAND...: by a process of the host, in that one's network namespace
in_net() { nsenter -t "$1" -n "${@:2}"; }

# cable PID: from the host to there
cable() {
	ip link add veth0 type veth peer name veth1 netns "$1"
	ip address add "$outside/24" dev veth0
	ip link set veth0 up
	in_net "$1" ip address add "$inside/24" dev veth1
	in_net "$1" ip link set veth1 up
	in_net "$1" ip link set lo up
	in_net "$1" ping -q -c 1 -W 10 "$outside"
}

# audits PID CHAIN...: records of all packets that come through these there
audits() {
	local pid=$1 chain

	shift
	for chain; do
		in_net "$pid" iptables -A "$chain" -j AUDIT --type accept
	done
}

# whose: of each record of a packet, whose it is; - if it does not say. Each kind once, with
# how many there are if that is asked for: whose -c
whose() {
	log | LC_ALL=C sed -n 's/\o035.*//; /^type=NETFILTER_PKT /{
		/ contid=/s/.*/forbidden/
		s/.* netcontid=\([^ ]*\)$/\1/
		s/^type=.*/-/
		p
	}' | sort | uniq "$@" | xargs
}

# bats test_tags=everywhere
@test "a packet of a container's network namespace is its own, in either direction" {
	lives "$A" unshare -n
	cable "$pid"
	audits "$pid" INPUT OUTPUT
	log_mark
	ping -q -c 3 "$inside"
	in_net "$pid" ping -q -c 3 "$outside"
	[ "$(whose -c)" = "12 $A" ]
}

# bats test_tags=everywhere
@test "so are those of its own processes, and of a connection by TCP" {
	lives "$A" unshare -n
	cable "$pid"
	audits "$pid" INPUT OUTPUT
	log_mark
	# a process of the container sends: it is the subject of nothing here
	in_net "$pid" socat -u TCP-LISTEN:7000,reuseaddr OPEN:got,creat 3>&- &
	keep $!
	wait_for in_net "$pid" grep -q ':1B58 ' /proc/net/tcp
	echo hello | socat -u - "TCP:$inside:7000"
	until_true is_there got
	socat -u TCP-LISTEN:7001,reuseaddr OPEN:back,creat 3>&- &
	keep $!
	wait_for grep -q ':1B59 ' /proc/net/tcp
	echo hello | in_net "$pid" socat -u - "TCP:$outside:7001"
	until_true is_there back
	[ "$(whose)" = "$A" ]
}

@test "what the host sees of the same packets is no container's" {
	lives "$A" unshare -n
	cable "$pid"
	iptables -A INPUT -i veth0 -j AUDIT --type accept
	iptables -A OUTPUT -o veth0 -j AUDIT --type accept
	log_mark
	ping -q -c 3 "$inside"
	[ "$(whose -c)" = "6 -" ]
}

@test "the packets of a container in the host's network namespace are the host's" {
	lives "$A" unshare -n
	iptables -A OUTPUT -o lo -p icmp -j AUDIT --type accept
	log_mark
	contidctl run "$B" -- ping -q -c 3 127.0.0.1
	[ "$(whose -c)" = "6 -" ]
}

# bats test_tags=everywhere
@test "nftables' log says the same" {
	lives "$A" unshare -n
	cable "$pid"
	in_net "$pid" nft_log add input output
	nft_log add input
	log_mark
	ping -q -c 3 "$inside"
	[ "$(whose)" = "- $A" ]
}

@test "two containers of a pod are both named, the older one first" {
	lives "$A" unshare -n
	in_net "$pid" ip link set lo up
	audits "$pid" OUTPUT
	one=$pid
	lives "$B" nsenter -t "$one" -n
	log_mark
	in_net "$one" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "$A,$B" ]
	kill -9 "$pid"
	wait_for one_lives
	log_mark
	in_net "$one" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "$A" ]
}

@test "of containers that share an encloser, that is named" {
	# shellcheck disable=SC2016 # for the shell in there
	contidctl run "$A" -- unshare -n sh -c '
		contidctl run "$0" -- sleep 1000 & one=$!
		contidctl run "$1" -- sleep 1000 & two=$!
		trap "kill $one $two" TERM
		echo $$ >there; wait; wait' "$B" "$C" 3>&- &
	keep $!
	comes there
	until_true three_live
	in_net "$pid" ip link set lo up
	audits "$pid" OUTPUT
	log_mark
	in_net "$pid" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "$A" ]
	kill "$pid"
}

three_live() { contidctl stats | grep -E '^containers +3$'; }

@test "a nested container that is alone in there is named with what encloses it" {
	# shellcheck disable=SC2016 # for the shells in there
	contidctl run "$A" -- sh -c 'contidctl run "$0" -- unshare -n sh -c "echo \$\$ >there; exec sleep 1000"' "$B" 3>&- &
	keep $!
	comes there
	in_net "$pid" ip link set lo up
	audits "$pid" OUTPUT
	log_mark
	in_net "$pid" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "$B,^$A" ]
}

# bats test_tags=everywhere
@test "a container that is gone is not named, while its packets still fly" {
	ip netns add contid-test
	lives "$A" ip netns exec contid-test
	cable "$pid"
	audits "$pid" INPUT
	log_mark
	ping -q -c 1 "$inside"
	[ "$(whose)" = "$A" ]
	kill -9 "$pid"
	until_true no_containers
	lives "$B" unshare -n
	log_mark
	ping -q -c 1 "$inside"
	[ "$(whose)" = - ]
}

# bats test_tags=everywhere
@test "a forwarded packet belongs to the namespace that forwards it" {
	lives "$A" unshare -n
	far=$pid
	lives "$B" unshare -n
	cable "$pid"
	ip link add veth2 netns "$pid" type veth peer name veth3 netns "$far"
	in_net "$pid" sh -c 'ip address add 10.9.1.1/24 dev veth2; ip link set veth2 up
		echo 1 >/proc/sys/net/ipv4/ip_forward'
	in_net "$far" sh -c 'ip address add 10.9.1.2/24 dev veth3; ip link set veth3 up
		ip route add default via 10.9.1.1'
	ip route add 10.9.1.0/24 via "$inside"
	audits "$pid" FORWARD
	audits "$far" INPUT
	ping -q -c 1 -W 10 10.9.1.2
	log_mark
	ping -q -c 3 10.9.1.2
	[ "$(whose -c)" = "3 $A 6 $B" ]
}

@test "a process counts where it is, and a process of the host nowhere" {
	ip netns add contid-test
	ip netns exec contid-test ip link set lo up
	ip netns exec contid-test iptables -A OUTPUT -j AUDIT --type accept
	lives "$B" unshare -n
	try=(ip netns exec contid-test ping -q -c 1 127.0.0.1)
	log_mark
	"${try[@]}"
	[ "$(whose)" = - ]
	# one that goes there by setns, as does what it forks there
	contidctl run "$A" -- nsenter --net=/run/netns/contid-test sh -c 'sleep 1000 & echo $$ >there; wait' 3>&- &
	keep $!
	comes there
	log_mark
	"${try[@]}"
	[ "$(whose)" = "$A" ]
	child_of "$pid"
	kill -9 "$pid" "$child"
	until_true one_lives
	log_mark
	"${try[@]}"
	[ "$(whose)" = - ]
	# and one that comes back does not
	mkfifo go
	contidctl run "$A" -- sh -c 'nsenter --net=/run/netns/contid-test nsenter -t 1 -n sh -c "echo \$\$ >back; read -r _ <go"' 3>&- &
	keep $!
	until_true is_there back
	log_mark
	"${try[@]}"
	[ "$(whose)" = - ]
	echo >go
}

one_lives() { contidctl stats | grep -E '^containers +1$'; }

# thread_alone: a thread of container B is alone in a network namespace, $thread, its leader,
# $leader, in another, and a process of the host, $keeper, keeps the first
thread_alone() {
	contidctl run "$B" -- unshare -n thread_net >said 3>&- &
	keep $!
	comes said
	thread=$pid
	leader=$(awk '/^Tgid:/ { print $2 }' "/proc/$thread/status")
	keep "$leader"
	nsenter --net="/proc/$thread/ns/net" sleep 1000 3>&- &
	keeper=$!
	keep "$keeper"
	until_true runs sleep "$keeper"
	for one in "$leader" "$keeper"; do
		in_net "$one" ip link set lo up
		audits "$one" OUTPUT
		log_mark
		in_net "$one" ping -q -c 1 127.0.0.1
		[ "$(whose)" = "$B" ]
	done
}

# leader_alone_counts: what is sent where the thread was is nobody's by now
leader_alone_counts() {
	log_mark
	in_net "$keeper" ping -q -c 1 127.0.0.1
	[ "$(whose)" = - ]
	in_net "$leader" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "- $B" ]
}

@test "a thread that is somewhere alone counts there, and the others where they are" {
	lives "$A" unshare -n
	thread_alone
	kill -USR1 "$thread"
	until_true grep -q back said
	leader_alone_counts
}

@test "a thread that ends where it is alone counts there no longer" {
	lives "$A" unshare -n
	thread_alone
	kill -USR2 "$thread"
	until_true is_gone "$thread"
	leader_alone_counts
}

@test "events finds packets as objects of a container" {
	lives "$A" unshare -n
	one=$pid
	in_net "$one" ip link set lo up
	audits "$one" OUTPUT
	lives "$B" nsenter -t "$one" -n
	log_mark
	in_net "$one" ping -q -c 1 127.0.0.1
	log >records
	for id in "$A" "$B"; do
		contidctl events --input records --format raw "$id" | grep -a '^type=NETFILTER_PKT .* netcontid='
		contidctl events --input records --format json "$id" | jq -e -s --arg a "$A" --arg b "$B" \
			'map(select(.type == "NETFILTER_PKT").netcontid) | all(. == [$a, $b]) and length > 0'
	done
}

# bats test_tags=everywhere
@test "many packets under a storm of forks are each the container's, or not known" {
	local count=1000

	[[ -z ${LONG:-} ]] || count=100000
	auditctl -b 65536 >/dev/null
	lives "$A" unshare -n
	cable "$pid"
	audits "$pid" INPUT
	# shellcheck disable=SC2016 # for the shell in there
	storm='echo $$ >>storms; while :; do (:); done'
	contidctl run "$B" -- sh -c "$storm" 3>&- &
	keep $!
	sh -c "$storm" 3>&- &
	until_true two_storms
	before=$(missed)
	log_mark
	ping -q -f -c "$count" "$inside"
	xargs kill -9 <storms
	whose -c >kinds
	cat kinds
	# a probe that is hit in another one's handler is passed over, and counted
	awk -v a="$A" -v count="$count" -v missed="$(($(missed) - before))" '
		{ for (i = 1; i < NF; i += 2) n[$(i + 1)] = $i }
		END { exit !(n[a] + n["-"] == count && n["-"] <= missed && n[a] > count / 2) }' kinds
}

two_storms() { [ "$(wc -l <storms)" = 2 ]; }

# missed: how often a probe was passed over
missed() { contidctl stats --json | jq '[.probes[].nmissed] | add'; }

# probe SYMBOL: what stats says of it
probe() { contidctl stats --json | jq -c ".probes[] | select(.symbol == \"$1\") | [.optional, .attached]"; }

# bats test_tags=everywhere
@test "a module that comes and goes is watched while it is there" {
	local i turns=3

	[ "$(modinfo -F filename xt_AUDIT)" != '(builtin)' ] || skip "this kernel has it built in"

	[[ -z ${LONG:-} ]] || turns=50
	lives "$A" unshare -n
	in_net "$pid" ip link set lo up
	for ((i = 0; i < turns; i++)); do
		gone xt_AUDIT nft_log
		[ "$(probe audit_tg)" = '[true,false]' ]
		[ "$(probe nft_log_eval)" = '[true,false]' ]
		in_net "$pid" nft_log add output
		audits "$pid" OUTPUT
		[ "$(probe audit_tg)" = '[true,true]' ]
		[ "$(probe nft_log_eval)" = '[true,true]' ]
		log_mark
		in_net "$pid" ping -q -c 1 127.0.0.1
		[ "$(whose -c)" = "4 $A" ]
		in_net "$pid" iptables -F
		in_net "$pid" nft_log delete
	done
	gone xt_AUDIT nft_log
	contidctl stats | grep -E '^probe packet +audit_tg .* optional, its module is not loaded$'
	contidctl doctor | grep -F 'no module is loaded that makes records of packets'
}

# gone MODULE...: they are unloaded, once what has used them is freed
gone() {
	local module

	for module; do
		[ ! -e "/sys/module/$module" ] || until_true modprobe -r "$module"
	done
}

# bats test_tags=everywhere
@test "a function that could not be attached to makes all packets unknown, and is shown" {
	[ "$(modinfo -F filename nft_log)" != '(builtin)' ] || skip "this kernel has it built in"
	gone nft_log audit_contid
	hidden=1
	modprobe audit_contid hide=nft_log_eval
	lives "$A" unshare -n
	in_net "$pid" ip link set lo up
	audits "$pid" OUTPUT
	log_mark
	in_net "$pid" ping -q -c 1 127.0.0.1
	[ "$(whose)" = "$A" ]
	modprobe nft_log
	log_mark
	in_net "$pid" ping -q -c 1 127.0.0.1
	[ "$(whose)" = '?' ]
	contidctl stats | grep -E '^probe packet +nft_log_eval .* optional, could not be attached$'
	contidctl doctor | grep -F 'nft_log_eval could not be attached to: records of packets say netcontid=?'
}
