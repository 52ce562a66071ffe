#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A machine with UEFI firmware, Secure Boot and Microsoft's keys, in which the key of DKMS was
# enrolled as docs/install.md says, by mokutil and MokManager (tests/vm/boot does it).
# depends on: kernel
# flavour: amd64
# vm: UEFI=enrolled NOLOAD=1

# shellcheck source=tests/lib/secure_boot.bash
. "$BATS_TEST_DIRNAME/../../lib/secure_boot.bash"

setup() {
	auditctl -D >/dev/null
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	auditctl -D >/dev/null
	modprobe -r audit_contid
}

# tagged: an event of a container carries its ID, and one of the host none
tagged() {
	rule -S mkdir
	log_mark
	in_a mkdir inside
	mkdir outside
	events 'name="inside"' | placed "$A"
	events 'name="outside"' >of_host
	grep -q '^type=SYSCALL' of_host
	! grep -F contid= of_host
}

# bats test_tags=thorough
@test "the key of DKMS is enrolled, and Secure Boot and the lockdown are on" {
	[ "$(mokutil --sb-state)" = "SecureBoot enabled" ]
	[[ $(mokutil --test-key "$our_key" || true) == *"is already enrolled" ]]
	locked_down integrity
}

# bats test_tags=thorough
@test "the module loads, and an event of a container carries its ID" {
	modprobe audit_contid
	locked_down integrity
	tagged
}

# bats test_tags=thorough
@test "contidctl doctor says that the kernel has accepted the signature" {
	modprobe audit_contid
	contidctl doctor | grep -E "^ok +module-signed +this kernel has accepted the signature"
}

# bats test_tags=thorough
@test "the same module, signed by a key that is not enrolled, is refused" {
	plain audit_contid.ko
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=another key/" \
		-keyout other.key -outform DER -out other.der
	"$(find /usr/lib/linux-kbuild-* -name sign-file)" sha256 other.key other.der audit_contid.ko
	[ "$(modinfo -F signer ./audit_contid.ko)" = "another key" ]
	refused ./audit_contid.ko
}

# bats test_tags=thorough
@test "a module that was changed after it was signed is refused" {
	plain audit_contid.ko
	cp audit_contid.ko changed.ko
	# a text of it, whose length stays
	LC_ALL=C sed -i 's/description=/Description=/' changed.ko
	run ! cmp audit_contid.ko changed.ko
	refused ./changed.ko
}

# bats test_tags=thorough
@test "the module loads and tags also if the kernel is locked down for confidentiality" {
	echo confidentiality >/sys/kernel/security/lockdown
	locked_down confidentiality
	modprobe audit_contid
	tagged
}
