#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# make install-tools and uninstall-tools, into a directory.
# depends on: userland. The compiler is the release's.
# vm: none

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root
	make -C "$PROJECT" install-tools install-hook PREFIX=/usr DESTDIR="$ROOT" >/dev/null
}

teardown_file() { make -C "$PROJECT" install-tools >/dev/null; }

programs() {
	echo "$ROOT/usr/sbin/contidctl" \
		"$ROOT"/usr/libexec/audit-contid/audit-contid-{oci-hook,runtime}
}

@test "each program that make install-tools installs is hardened" {
	for program in $(programs); do
		readelf -hW "$program" | grep -E 'Type: +DYN'
		readelf -dW "$program" | grep -E 'FLAGS_1.* NOW .*PIE'
		readelf -lW "$program" | grep -E 'GNU_RELRO'
		readelf -lW "$program" | grep -E 'GNU_STACK .* RW '
		readelf --dyn-syms -W "$program" | grep -E ' __stack_chk_fail'
		readelf --dyn-syms -W "$program" | grep -E ' __[a-z]+_chk'
	done
}

@test "the header is installed, and a program that includes it compiles" {
	printf '#include <linux/audit_contid.h>\nint main(void) { return !AUDIT_CONTID_IOC_INFO; }\n' |
		gcc -Wall -Werror -nostdinc -isystem "$ROOT/usr/include" \
			-isystem /usr/include -isystem "/usr/include/$(gcc -print-multiarch)" \
			-fsyntax-only -x c -
}

@test "make uninstall-tools takes away all but what the site has configured" {
	[ "$(find "$ROOT" -type f | wc -l)" -ge 10 ]
	make -C "$PROJECT" uninstall-tools PREFIX=/usr DESTDIR="$ROOT"
	[ "$(find "$ROOT" ! -type d | sort | xargs)" = \
		"$ROOT/etc/audit-contid/feed.conf $ROOT/etc/audit-contid/oci-hook.conf $ROOT/etc/audit-contid/runtime.conf" ]
}
