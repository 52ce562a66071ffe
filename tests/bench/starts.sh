#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the machine: start STARTS containers in each way, one way after the other, and print
# "start WAY MICROSECONDS" for each. A microsecond is a thousand instructions.

set -euo pipefail
programs=/usr/local/libexec/audit-contid

# bundle [HOOK]: configuration of a container that executes true
bundle() {
	# shellcheck disable=SC2016 # expanded by jq
	jq '.process.terminal = false | .process.args = ["/bin/true"] |
		if $ARGS.positional == [] then . else
			.hooks.createRuntime = [{ path: $ARGS.positional[0] }] end' spec --args "$@"
}

# timed WAY PROGRAM: one start, from the runtime's begin to the container's end
timed() {
	local begin end

	begin=${EPOCHREALTIME/./}
	"$2" run "$1-$((number += 1))" </dev/null
	end=${EPOCHREALTIME/./}
	echo "start $1 $((end - begin))"
}

# asked: NRI's plugin, from the request to the answer, of processes that wait
asked() {
	local steps=() pids=() pid id

	for ((i = 0; i < STARTS; i++)); do
		sleep infinity &
		pids+=("$!")
		printf -v id '%032x%032x' "$!" "$i"
		steps+=("start:1111,web-0,$!|$id,nginx,$!")
	done
	TIMES=nri.times perl "$PROJECT/tests/fixtures/nri_runtime.pl" nri.sock nri.said accept configure \
		"${steps[@]}" &
	until [[ -S nri.sock ]]; do
		sleep 0.1
	done
	"$programs/audit-contid-nri" --once --socket nri.sock 2>/dev/null || true
	[[ $(contidctl list --json | jq length) -eq $STARTS ]]
	for pid in "${pids[@]}"; do
		kill "$pid"
	done
	sed -n 's/^StateChange /start nri /p' nri.times
}

# runs: by crun, and by our program in front of it
runs() {
	local way program

	cp "$(command -v busybox)" rootfs/bin/busybox
	ln -s busybox rootfs/bin/true
	crun spec
	mv config.json spec
	bundle >config-none
	bundle "$programs/audit-contid-oci-hook" >config-hook
	bundle /bin/true >config-true
	echo 'runtime = /usr/bin/crun' >/etc/audit-contid/runtime.conf
	number=0
	for ((i = 0; i < STARTS + 2; i++)); do
		for way in none true hook stand-in; do
			cp "config-${way/stand-in/none}" config.json
			program=crun
			[[ $way != stand-in ]] || program=$programs/audit-contid-runtime
			timed "$way" "$program"
		done >these
		# what is read for the first time is not counted
		[[ $i -lt 2 ]] || cat these
	done
}

mkdir -p /run/starts/rootfs/{bin,dev,proc,sys} /etc/audit-contid
cd /run/starts
[[ $PARTS != *runs* ]] || runs
[[ $PARTS != *nri* ]] || asked
