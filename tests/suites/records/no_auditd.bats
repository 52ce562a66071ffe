#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Audit without auditd: records go to the kernel log, and to each listener.
# depends on: kernel
# vm: NOAUDITD=1 APPEND='init_on_alloc=0 slub_debug=P'

# shellcheck source=tests/lib/kernel_log.bash
. "$BATS_TEST_DIRNAME/../../lib/kernel_log.bash"

@test "the kernel log has the field, once, in its place" {
	contidctl run "$A" -- sh -c "mkdir $end-made; auditctl -m $end-said; seccomp_kill; true"
	kernel_log | grep -o 'audit: type=[0-9]* audit(.*' >records
	id=$(grep "$end-made" records | grep -o 'audit([^)]*)' | tail -n 1)
	grep -F "$id" records | grep "type=1300 .* key=\"t\" contid=$A\$"
	[ "$(grep -F "$id" records | grep -c contid=)" -eq 1 ]
	grep "type=1005 audit([^)]*): contid=$A pid=.*$end-said" records
	grep "type=1326 .* contid=$A\$" records
	[ "$(grep "$end-over" records | grep -c contid=)" -eq 0 ]
}

@test "a listener such as journald gets the field, once, in its place" {
	audit_hear "$end-over" contidctl run "$A" -- \
		sh -c "mkdir $end-made; auditctl -m $end-said; seccomp_kill; auditctl -m $end-over" >records
	id=$(grep "$end-made" records | grep -o 'audit([^)]*)' | head -n 1)
	grep -F "$id" records | grep "type=1300 .* key=\"t\" contid=$A\$"
	[ "$(grep -F "$id" records | grep -c ' contid=')" -eq 1 ]
	grep "type=1005 audit([^)]*): contid=$A pid=.*$end-said" records
	grep "type=1326 .* contid=$A\$" records
}

@test "a listener in a container is recorded with its contid" {
	contidctl run "$A" -- audit_hear "$end" auditctl -m "$end" >records
	kernel_log | grep "audit: type=1335 .*op=connect .* contid=$A\$"
}

@test "a newline in a name, or in a message, begins no line in the kernel log" {
	line="audit: type=1300 audit(1.000:1): forged-$end contid=$A"
	setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Urn nft_table "x"$'\n'"$line"
	contidctl run "$A" -- unshare -n nft_table "y"$'\n'"$line"
	contidctl run "$A" -- sh -c "printf 'z\\n%s' '$line' | audit_say 1107"
	kernel_log >all
	grep "type=1325 .* table=x?audit: type=1300 .*forged-$end contid?$A" all
	grep "type=1325 .* table=y?audit: .* contid=$A\$" all
	grep "type=1107 audit([^)]*): contid=$A .* msg='z audit: type=1300 .*forged-$end contid=$A'" all
	grep "^\\[[^]]*\\] audit: type=1300 .*forged-$end" all && false
	true
}

@test "a line that the kernel log cuts keeps its begin, and loses the field" {
	rule -S exit_group -F exe!=/usr/bin/none
	contidctl run "$A" -- deep_exec 1200 /usr/bin/true
	kernel_log | grep 'type=1300 audit([^)]*): arch=c000003e syscall=231 .* comm="ppppppppppppppp" exe=' >line
	# audit_contid(7) has it among the limits
	[ "$(grep -c contid= line)" -eq 0 ]
	# and not because nobody writes it: the log's next records have it
	contidctl run "$A" -- true
	kernel_log | grep "type=1300 .* syscall=231 .* comm=\"true\" .* contid=$A\$"
}
