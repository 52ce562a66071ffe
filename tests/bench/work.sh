#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the machine: does real work, and prints "work JOB CONDITION MICROSECONDS AUDITD RECORDS
# BYTES" each time: what it took until all of its records were written, of that auditd's
# processor time in microseconds, and what came to the log. A microsecond is a thousand
# instructions.
#
#   build   make -j2 of the library and of the hook, with each exec on record
#   storm   a shell script of 500 short processes, each exec on record
#   su      50 logins by su, each of which sends messages to audit; no rule
#   pods    PODS pods of two containers by crun, each exec on record
#
# The conditions: no module; with it, and a container that lives beside; the same work in a
# container. Pods have the hook if there is the module.

set -euo pipefail
rounds=${ROUNDS:-3}
jobs=${JOBS:-build storm su pods}
pods=${PODS:-50}
hook=/usr/local/libexec/audit-contid/audit-contid-oci-hook
log=/var/log/audit/audit.log

for noun in auditd module; do
	# shellcheck source=/dev/null
	. "$PROJECT/tests/bench/$noun.sh"
done

# auditd as Debian installs it, but that its log has no disk to wait for, and without LAUREL
writer_start() {
	sed -i 's/^active = .*/active = no/' /etc/audit/plugins.d/*.conf
	mount -t tmpfs tmpfs /var/log/audit
	mkdir -p /run/work.audit
	sed -e 's/^log_format *=.*/log_format = RAW/' -e 's/^max_log_file *=.*/max_log_file = 1000/' \
		/etc/audit/auditd.conf >/run/work.audit/auditd.conf
	chmod 640 /run/work.audit/auditd.conf
	auditd -c /run/work.audit
	auditctl -D >/dev/null
	auditctl -b 65536 >/dev/null
	caught_up
}

# all that was on its way is in the log
caught_up() {
	local mark=mark-$RANDOM$RANDOM

	auditctl -m "$mark" >/dev/null
	until tail -c 4096 "$log" 2>/dev/null | grep -q "$mark"; do
		sleep 0.01
	done
}

writer_time() {
	awk '{ sum += $1 } END { print int(sum / 1000) }' "/proc/$(audit_status pid)"/task/*/schedstat
}

do_build() {
	rm -rf tree
	cp -r "$source" tree
	# what was built there already, or not, by the times of the copies
	find tree \( -name '*.o' -o -name '*.a' -o -name '*.so*' \) -delete
	make -s -j2 -C tree/src/library
	make -s -j2 -C tree/src/oci-hook
}

do_storm() {
	for ((i = 0; i < 250; i++)); do
		/bin/true "$i" | /bin/cat
	done
}

do_su() {
	for ((i = 0; i < 50; i++)); do
		su -s /bin/true nobody
	done
}

# A pause container that stays while the other one runs.
do_pods() {
	for ((i = 0; i < pods; i++)); do
		crun --root /run/work.crun run -d -b pause "pause-$i" </dev/null
		crun --root /run/work.crun run -b app "app-$i" </dev/null
		crun --root /run/work.crun delete -f "pause-$i"
	done
}

# bundle NAME COMMAND...
bundle() {
	local name=$1

	shift
	mkdir -p "$name/rootfs"/{bin,dev,proc,sys}
	cp "$(command -v busybox)" "$name/rootfs/bin/busybox"
	ln -sf busybox "$name/rootfs/bin/true"
	ln -sf busybox "$name/rootfs/bin/sleep"
	(
		cd "$name"
		rm -f config.json
		crun spec
		# shellcheck disable=SC2016 # expanded by jq
		jq --arg hook "$hooked" '.process.terminal = false | .process.args = $ARGS.positional |
			if $hook == "" then . else .hooks.createRuntime = [{ path: $hook }] end' \
			config.json --args "$@" >config
		mv config config.json
	)
}

# timed JOB CONDITION [COMMAND...]: by a shell of its own, by COMMAND
timed() {
	local job=$1 condition=$2 begin end spent records bytes

	shift 2
	hooked=
	[[ $condition == none ]] || hooked=$hook
	if [[ $job == pods ]]; then
		bundle pause /bin/sleep 100000
		bundle app /bin/true
	fi
	[[ $job == su ]] || auditctl -a always,exit -F arch=b64 -S execve -k work >/dev/null
	caught_up
	records=$(wc -l <"$log")
	bytes=$(stat -c %s "$log")
	spent=$(writer_time)
	begin=${EPOCHREALTIME/./}
	"$@" bash -euc "do_$job" >/dev/null
	caught_up
	end=${EPOCHREALTIME/./}
	echo "work $job $condition $((end - begin)) $(($(writer_time) - spent))" \
		"$(($(wc -l <"$log") - records)) $(($(stat -c %s "$log") - bytes))"
	auditctl -D >/dev/null
}

all_jobs() {
	local job

	for job in $jobs; do
		[[ $job == pods && $1 == container ]] || timed "$job" "$@"
	done
}

mount -t tmpfs tmpfs /mnt
cd /mnt
source=$(echo /usr/src/audit_contid-*)
export -f do_build do_storm do_su do_pods
export source pods
writer_start
# what is read for the first time is not counted
all_jobs none >/dev/null
for ((round = 0; round < rounds; round++)); do
	all_jobs none
	module_load
	contidctl run -- sleep 1000000 &
	until pgrep -x sleep >/dev/null; do
		sleep 0.1
	done
	all_jobs host
	all_jobs container contidctl run --
	kill %%
	wait %% || true
	module_unload
done
