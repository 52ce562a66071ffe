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

# binaries: each ELF file that was installed
binaries() {
	local file

	while read -r file; do
		[ "$(head -c 4 "$file" | tr -d '\0')" != $'\x7fELF' ] || echo "$file"
	done < <(find "$ROOT" -type f | sort)
}

@test "all that make install-tools installs is hardened: each program, and the library" {
	local file names

	mapfile -t names < <(binaries)
	printf '%s\n' "${names[@]#"$ROOT"}"
	[ "$(printf '%s\n' "${names[@]##*/}" | xargs)" = "libaudit-contid.so.0 \
audit-contid-nri audit-contid-oci-hook audit-contid-runtime contidctl" ]
	for file in "${names[@]}"; do
		readelf -hW "$file" | grep -E 'Type: +DYN'
		readelf -dW "$file" | grep -E 'FLAGS_1.* NOW'
		readelf -lW "$file" | grep -E 'GNU_RELRO'
		readelf -lW "$file" | grep -E 'GNU_STACK .* RW '
		readelf --dyn-syms -W "$file" | grep -E ' __stack_chk_fail'
		# what is no program is anywhere in memory all the same
		[[ $file == *.so.* ]] || readelf -dW "$file" | grep -E 'FLAGS_1.* PIE'
		readelf --dyn-syms -W "$file" | grep -E ' __[a-z]+_chk'
	done
}

@test "the header is installed, and a program that includes it compiles" {
	printf '#include <linux/audit_contid.h>\nint main(void) { return !AUDIT_CONTID_IOC_INFO; }\n' |
		gcc -Wall -Werror -nostdinc -isystem "$ROOT/usr/include" \
			-isystem /usr/include -isystem "/usr/include/$(gcc -print-multiarch)" \
			-fsyntax-only -x c -
}

@test "each service may talk to audit and to the journal" {
	local units=("$ROOT"/usr/lib/systemd/system/*.service)

	[ ${#units[@]} -ge 3 ]
	for unit in "${units[@]}"; do
		echo "$unit"
		grep -xE 'RestrictAddressFamilies=(AF_NETLINK AF_UNIX|AF_UNIX AF_NETLINK)' "$unit"
	done
}

@test "make uninstall-tools takes away all but what the site has configured" {
	[ "$(find "$ROOT" -type f | wc -l)" -ge 10 ]
	make -C "$PROJECT" uninstall-tools PREFIX=/usr DESTDIR="$ROOT"
	[ "$(find "$ROOT" ! -type d | sort | xargs)" = \
		"$ROOT/etc/audit-contid/feed.conf $ROOT/etc/audit-contid/oci-hook.conf $ROOT/etc/audit-contid/runtime.conf" ]
}
