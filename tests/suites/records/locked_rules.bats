#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Audit as hardened machines have it: nobody has an audit context, and no rule can be
# changed any more. The second lasts until the machine is booted again, and comes last.
# depends on: kernel
# vm: last

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"
# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

nothing_lives() { [ "$(contidctl list | wc -l)" -eq 1 ]; }

setup() {
	hook_setup
	log_mark
}

teardown() {
	auditctl -D >/dev/null 2>&1 || true
	hook_teardown
}

@test "under the rule never,task all operations are on record, and user messages have the field" {
	modprobe -r audit_contid
	auditctl -a never,task >/dev/null
	# processes that are born from here on have no context
	bash -c "modprobe audit_contid
		contidctl run $A -- bash -c 'auditctl -m said-inside; exec unshare -m sleep 1000' &
		until grep -qx sleep /proc/\$!/comm || pgrep -P \$! -x sleep; do :; done >/dev/null
		inside=\$(pgrep -P \$! -x sleep)
		nsenter -m -t \$inside true
		kill -9 \$inside
		wait" 3>&- || true
	wait_for nothing_lives
	auditctl -d never,task >/dev/null
	log >"$dir/log"
	grep -aE "op=load " "$dir/log"
	grep -aE "op=register opid=[0-9]+ ocontid=$A .*res=1" "$dir/log"
	grep -aE "op=adopt opid=[0-9]+ ocontid=$A .*res=1" "$dir/log"
	grep -aE "op=drop .*ocontid=$A .*res=1" "$dir/log"
	grep -a 'said-inside' "$dir/log" | placed "$A"
	contidctl events --input "$dir/log" "$A" | grep -a said-inside
	contidctl report --input "$dir/log" | grep "$A"
}

@test "with the rules locked the module is loaded and unloaded, and the hook registers" {
	modprobe -r audit_contid
	auditctl -e 2 >/dev/null
	# an older auditctl refuses with a word and status 0
	auditctl -a always,exit -S mkdir || true
	[ "$(auditctl -l)" = 'No rules' ]
	modprobe audit_contid
	in_a auditctl -m said-inside
	bundle crun busybox sleep 1000
	in_background crun locked
	[ "$(contidctl get "$pid")" = "$(contid_of crun locked)" ]
	crun delete --force locked
	wait_for nothing_lives
	modprobe -r audit_contid
	modprobe audit_contid
	log >"$dir/log"
	[ "$(grep -ac 'op=load ' "$dir/log")" -eq 2 ]
	grep -aE 'op=unload ' "$dir/log"
	grep -aE "op=register .*ocontid=$(contid_of crun locked) .*res=1" "$dir/log"
	grep -a 'said-inside' "$dir/log" | placed "$A"
	[ -z "$(journal)" ]
}
