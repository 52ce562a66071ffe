#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A container makes as much of everything as it can: it ends at a limit, that is on
# record, and is gone with it.
# depends on: kernel
# Limits are compared by the same lines on each kernel.

# shellcheck source=tests/lib/errors.bash
. "$BATS_TEST_DIRNAME/../../lib/errors.bash"

# counted NAME: one of the module's counters
counted() {
	"$ioctl" stats | sed -n "s/^$1=//p"
}

# labels: objects in the module's slab, which RCU gives back
labels() {
	sed -n 's/^audit_contid_process *\([0-9]*\) .*/\1/p' /proc/slabinfo
}

@test "containers: at max_containers each further one is refused, on record, until one ends" {
	reload max_containers=40
	cd "$BATS_TEST_TMPDIR"
	mkfifo ends
	log_mark
	# shellcheck disable=SC2016 # of the shell in the container
	contidctl run "$A" -- bash -c 'for i in {1..50}; do
		sleep 1000 & echo "sleep $!"
		contidctl register $! "$(printf "%08x-0000-4000-8000-000000000000" $i)"
	done; echo over; read -r _' <>ends >said 2>&1 3>&- &
	jobs=($!)
	timeout 120 sh -c 'until grep -qx over said; do sleep 0.1; done'
	mapfile -t -O 1 jobs < <(sed -n 's/^sleep //p' said)
	# A itself is one of the forty
	[ "$(counted containers)" -eq 40 ]
	[ "$(log | sed 's/\o35.*//' |
		grep -ac "op=register .*old-ocontid=$A .*errno=28 res=0 contid=$A\$")" -eq 11 ]
	kill "${jobs[1]}"
	timeout 60 sh -c "until [ \$($ioctl stats | sed -n 's/^containers=//p') -eq 39 ]; do :; done"
	put "$B"
	echo >ends
}

@test "nesting: from inside, no deeper than max_depth" {
	log_mark
	run contidctl run "$A" -- contidctl run "$B" -- contidctl run "$C" -- contidctl run "$D" -- \
		contidctl run "$E" -- true
	[ "$status" -ne 0 ]
	log | sed 's/\o35.*//' |
		grep -aE "op=register .*ocontid=$E .*errno=31 res=0 contid=$D,\^$C,\^$B,\^$A\$"
}

# bats test_tags=everywhere
@test "processes: as many as its cgroup lets it have, all labelled, and no memory kept" {
	cgroup=/sys/fs/cgroup/flood
	cd "$BATS_TEST_TMPDIR"
	mkdir "$cgroup"
	echo 200 >"$cgroup/pids.max"
	contidctl run "$A" -- sh -c "echo \$\$ >$cgroup/cgroup.procs
		f() { sleep 1000 & f; }; f" >/dev/null 2>&1 3>&- &
	jobs=($!)
	timeout 60 sh -c "until grep -q 'max [1-9]' $cgroup/pids.events; do sleep 0.05; done"
	wait "${jobs[0]}" || true
	mapfile -t members <"$cgroup/cgroup.procs"
	echo "${#members[@]} processes, $(labels) labels"
	[ "${#members[@]}" -gt 100 ]
	"$ioctl" state "${members[@]}" >carries
	[ "$(grep -c " OK inherited $A\$" carries)" -ge $((${#members[@]} - 1)) ]
	grep "processes=${#members[@]}\$" carries
	[ "$(counted inherit_failed)" -eq 0 ]
	kill_cgroup "$cgroup"
	wait_for no_containers
	timeout 60 sh -c "until ! grep -q 'populated 1' $cgroup/cgroup.events; do :; done"
	rmdir "$cgroup"
	[ "$(counted processes)" -eq 0 ]
}
