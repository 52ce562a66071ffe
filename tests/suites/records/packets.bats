#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Records made in an interrupt: current is a bystander there.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

packets=200

setup() {
	[[ $(nproc) -ge 2 ]] || skip "needs two CPUs"
	auditctl -D >/dev/null
	# what is sent to lo is received by an interrupt of CPU 1
	echo 2 >/sys/class/net/lo/queues/rx-0/rps_cpus
	iptables -A INPUT -i lo -p icmp -j AUDIT --type accept
	iptables -A OUTPUT -o lo -p icmp -j AUDIT --type accept
	log_mark
}

teardown() {
	iptables -F
	echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus
}

# packets that CPU 1 has received
received() {
	echo $((16#$(sed -n '2s/ .*//p' /proc/net/softnet_stat)))
}

# records: what container A has asked for, and got
records() {
	contidctl list --json | jq -r ".. | objects | select(.contid == \"$A\") | .asked, .written"
}

# settled: all records are in, and each packet left two where it came in
settled() {
	log >records
	[ "$(type NETFILTER_PKT <records | wc -l)" -ge $((4 * packets)) ]
	[ "$(type NETFILTER_PKT <records | grep -ac contid=)" -eq 0 ]
}

@test "packets that interrupt a container's process are neither its own nor counted" {
	cd "$BATS_TEST_TMPDIR"
	in_a taskset -c 1 sh -c 'echo $$ >spins; while :; do :; done' 3>&- &
	runner=$!
	timeout 60 sh -c 'until [ -s spins ]; do sleep 0.02; done'
	asked=$(records)
	[ -n "$asked" ]
	before=$(received)
	taskset -c 0 ping -q -f -c "$packets" 127.0.0.1
	after=$(received)
	[ "$(records)" = "$asked" ]
	kill "$(cat spins)"
	wait "$runner" || true
	[ $((after - before)) -ge $((2 * packets)) ]
	settled
}

@test "packets that a container's process sends carry no contid: they belong to the network" {
	cd "$BATS_TEST_TMPDIR"
	in_a taskset -c 0 ping -q -f -c "$packets" 127.0.0.1
	settled
}
