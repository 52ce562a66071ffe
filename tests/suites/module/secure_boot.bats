#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A machine with UEFI firmware, Secure Boot and Microsoft's keys, started by Debian's shim, in
# which the key of DKMS is not enrolled.
# depends on: kernel
# flavour: amd64
# vm: UEFI=fresh NOLOAD=1

# shellcheck source=tests/lib/secure_boot.bash
. "$BATS_TEST_DIRNAME/../../lib/secure_boot.bash"

# bats test_tags=thorough
@test "the firmware has Secure Boot with Microsoft's keys, and the kernel is locked down for it" {
	[ "$(mokutil --sb-state)" = "SecureBoot enabled" ]
	mokutil --db | grep -F "Microsoft Corporation UEFI CA 2011"
	locked_down integrity
}

# bats test_tags=thorough
@test "a module whose key is not enrolled is refused, with the words of docs/install.md" {
	[[ $(mokutil --test-key "$our_key" || true) == *"is not enrolled" ]]
	run modprobe audit_contid
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *": Key was rejected by service" ]]
	[ ! -e /sys/module/audit_contid ]
}

# bats test_tags=thorough
@test "contidctl doctor and list say that the key has to be enrolled, and how" {
	run -1 --separate-stderr contidctl list
	# shellcheck disable=SC2154 # set by run
	echo "$stderr"
	[[ $stderr == *"signed by an enrolled key: \`mokutil --import $our_key\`"* ]]
	contidctl doctor | grep -E "^WARN +module-signed .*by an enrolled key -> .*mokutil --import $our_key"
}

# bats test_tags=thorough
@test "a module without a signature is refused" {
	plain "$BATS_TEST_TMPDIR/audit_contid.ko"
	strip --strip-debug "$BATS_TEST_TMPDIR/audit_contid.ko"
	refused "$BATS_TEST_TMPDIR/audit_contid.ko"
	dmesg | tail -n 1 | grep "Loading of unsigned module is rejected"
}
