#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl events, on the log of this machine; log_events has logs made by hand.
# depends on: userland. It reads logs, by the release's libauparse and beside its
# ausearch; the records of each kernel are in records.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"
# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# newer ones have a row of system calls in the place of one
	export LIBMOUNT_FORCE_MOUNT2=always
	auditctl -D >/dev/null
}

teardown() {
	auditctl -D >/dev/null
}

@test "of the log that auditd writes it finds what a search by hand finds" {
	log_mark
	auditctl -a always,exit -F arch=b64 -S execve,mkdir,mkdirat -k t >/dev/null
	in_a sh -c 'mkdir made; true; exec contidctl run '"$B"' -- mkdir nested'
	in_a auditctl -m "said contid=$B"
	mkdir host
	auditctl -m "contid=$A" >/dev/null
	log_sync
	contidctl events --format raw "$A" >found
	log >all
	# the events of a mark that was set in here, by the place of the field
	LC_ALL=C awk -v a="$A" '
		match($0, /audit\([0-9.]+:[0-9]+\)/) { id = substr($0, RSTART, RLENGTH) }
		{ split($0, half, "\035"); n = split(half[1], word, " ") }
		(word[3] word[n] ~ a && (word[3] ~ /^contid=/ || word[n] ~ /^contid=/)) ||
			/^type=KERNEL_OTHER .* (old-)?ocontid=[^ ]*0123abcd/ { print id }
	' all | sort -u >ids
	[ "$(wc -l <ids)" -ge 8 ]
	grep -aFf ids all | LC_ALL=C sort >expected
	LC_ALL=C sort found | LC_ALL=C comm -12 - expected | cmp - expected
	[ "$(grep -ac "said contid=$B" found)" -eq 1 ]
	[ "$(grep -ac 'name="nested"' found)" -eq 1 ]
	run ! grep -aE 'name="host"|text=contid=' found
}

@test "events of before and after auditd has begun another file come in their order" {
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k rotate >/dev/null
	in_a mkdir before
	log_sync
	inode=$(stat -c %i "$audit_log")
	kill -USR1 "$(cat /run/auditd.pid)"
	timeout 30 sh -c "while [ \$(stat -c %i $audit_log) = $inode ]; do sleep 0.1; done"
	in_a mkdir after
	log_sync
	contidctl events --format raw -k rotate "$A" | grep -aoE 'name="(before|after)"' >found
	[ "$(xargs <found)" = "name=before name=after" ]
}

@test "an execve with per=, an overlay mount of 30 layers and a SECCOMP kill are whole" {
	auditctl -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/true -k odd >/dev/null
	auditctl -a always,exit -F arch=b64 -S mount -k odd >/dev/null
	mkdir upper work merged
	for i in $(seq 30); do
		mkdir "l$i"
		lower+=${lower:+:}l$i
	done
	now=@$(date +%s)
	in_a setarch x86_64 -R true
	in_a mount -t overlay overlay -o "lowerdir=$lower,upperdir=upper,workdir=work" merged
	umount merged
	in_a seccomp_kill || true
	log_sync
	contidctl events --since "$now" --format json "$A" >found
	jq -es 'map(select(.records[0].fields.per != null))[0] | .contid != null and
		.records[0].fields.comm == "true" and (.records | map(.type) | index("EXECVE"))' <found
	jq -es 'map(select(.records[0].fields.syscall == "mount"))[0] | (.records | length) >= 34' <found
	jq -es 'map(select(.type == "SECCOMP"))[0].contid != null' <found
	jq -es 'map(.records[] | select(.type == "PATH" or .type == "CWD") | .fields.contid) | all(. == null)' <found
}

# without_field: records without the subject's container, raw or as ausearch -i has them
without_field() {
	LC_ALL=C sed -E 's/ contid=[0-9a-f,^-]+ ?(\x1d|$)/\1/; s/(\) ?: )contid=[0-9a-f,^-]+ /\1/; s/ +$//'
}

@test "ausearch and aureport answer as they do on the same log without the field" {
	log_mark
	auditctl -a always,exit -F arch=b64 -S execve,mount -k odd >/dev/null
	auditctl -a always,exit -F arch=b32 -S mkdir -k odd >/dev/null
	in_a setarch x86_64 -R true
	in_a sh -c 'int80_mkdir made; seccomp_kill; auditctl -m "said within"' || true
	in_a mount --bind . . && umount .
	log >with
	without_field <with >without
	run ! cmp -s with without
	for query in '-i' '-i -sc mount' '-i -ua 0' '-i -k odd' '-i -m SECCOMP,USER' \
		'--format csv' '--format text'; do
		# shellcheck disable=SC2086 # several arguments
		ausearch --input with $query | without_field >of_with
		# shellcheck disable=SC2086
		ausearch --input without $query | without_field >of_without
		[ -s of_with ]
		diff of_with of_without
	done
	for query in '-x --summary' '-k --summary' '-s' '-e'; do
		# shellcheck disable=SC2086
		aureport --input with $query >of_with || true
		# shellcheck disable=SC2086
		aureport --input without $query >of_without || true
		diff of_with of_without
	done
	ausearch --debug --input without -i 2>without_complaints >/dev/null
	ausearch --debug --input with -i 2>complaints >/dev/null
	diff complaints without_complaints
}

@test "events come without EOE, if a rule excludes it" {
	auditctl -a always,exclude -F msgtype=EOE >/dev/null
	auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k noeoe >/dev/null
	in_a mkdir made
	log_sync
	contidctl events --format json -k noeoe "$A" >found
	jq -es 'map([.records[].type] | join(" ")) == ["SYSCALL CWD PATH PATH PROCTITLE"]' <found
	contidctl events --format raw -k noeoe "$A" >found
	run ! grep type=EOE found
}
