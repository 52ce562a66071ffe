#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A kernel that takes no module whose key it does not know, as under Secure Boot.
# depends on: userland. The release's dkms signs; how the kernel looks at a
# signature is not ours.
# vm: NOLOAD=1 APPEND=module.sig_enforce=1

bats_require_minimum_version 1.5.0

@test "a module whose key is not enrolled is refused, and contidctl says what to do" {
	run modprobe audit_contid
	[ "$status" -ne 0 ]
	run --separate-stderr contidctl list
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"try \`modprobe audit_contid\`"*"mokutil --import /var/lib/dkms/mok.pub"* ]]
}

@test "the module is signed by the key that contidctl says to enrol" {
	[ -n "$(modinfo -F signer audit_contid)" ]
	number=$(openssl x509 -inform DER -in /var/lib/dkms/mok.pub -noout -serial)
	number=${number#*=}
	[ "$(modinfo -F sig_key audit_contid | tr -d :)" = "$number" ]
}
