#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# libaudit-contid: built against, called from C and Python, and what it says of errors.
# depends on: userland. A library answers in place of the module; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

eval "$(declare -f setup_file | sed '1s/.*/pretended_setup_file ()/')"

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root
	pretended_setup_file
	make -C "$PROJECT/src/library" install PREFIX=/usr DESTDIR="$ROOT" >/dev/null
	export PKG_CONFIG_PATH=$ROOT/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$ROOT
	export LD_LIBRARY_PATH=$ROOT/usr/lib
}

# compiled: the C program of the input, as "program"
compiled() {
	# shellcheck disable=SC2046 # several flags
	gcc -Wall -Wextra -Werror -x c -o program - -x none \
		$(pkg-config --cflags --libs libaudit-contid)
}

# from_page LANGUAGE: the program of docs/runtimes.md
from_page() {
	awk -v begin="\`\`\`$1" '$0 == "```" { on = 0 } on { print } $0 == begin { on = 1 }' \
		"$PROJECT/docs/runtimes.md"
}

@test "a C program finds it by pkg-config, and is linked with the shared one" {
	printf '#include <audit-contid.h>\nint main(void) { return contid_open(0) < 0; }\n' | compiled
	readelf -d program | grep -F 'NEEDED' | grep -F libaudit-contid.so.0
	run -1 ./program
	pretend ./program
	[ "$(pkg-config --modversion libaudit-contid)" = \
		"$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$PROJECT/dkms.conf")" ]
}

@test "it shows its functions and no others" {
	diff <(nm -D --defined-only "$ROOT/usr/lib/libaudit-contid.so.0" |
		sed -nE 's/.* T ([a-z_]+)@.*/\1/p' | sort) \
		<(grep -oE '\bcontid_[a-z]+\(' "$ROOT/usr/include/audit-contid.h" | tr -d '(' | sort -u)
}

@test "the manual page has each function" {
	for function in $(grep -oE '\bcontid_[a-z]+\(' "$ROOT/usr/include/audit-contid.h" | tr -d '('); do
		grep -q "^\.Fn $function " "$PROJECT/src/man/libaudit-contid.3"
	done
}

@test "all calls, from C" {
	compiled <<-'END'
		#include <audit-contid.h>
		#include <stdio.h>

		static bool show(void *data, const struct audit_contid_container *container)
		{
			char text[CONTID_TEXT], label[CONTID_LABEL_TEXT];

			contid_format(&container->contid, text);
			contid_label(*(int *)data, &container->contid, label);
			printf("%s %s\n", text, label);
			return false;
		}

		int main(void)
		{
			struct audit_contid_info info;
			struct audit_contid_get get;
			struct audit_contid id;
			int fd = contid_open(&info);

			printf("%s\n", info.module_version);
			if (contid_parse("0123abcd-0123-4123-8123-0123456789ab", &id))
				return 1;
			if (contid_register(fd, 7, 0, &id, "web"))
				return 1;
			if (contid_register(fd, 7, AUDIT_CONTID_PID, &id, 0))
				return 1;
			if (contid_get(fd, 7, 0, &get) || get.depth != 2)
				return 1;
			return contid_list(fd, show, &fd, 0);
		}
	END
	[ "$(pretend LOG="$PWD/calls" ./program)" = \
		"9.9"$'\n'"0123abcd-0100-0000-0000-000000000000 shop/web-0/nginx" ]
	id=0123abcd0123412381230123456789ab
	[ "$(<calls)" = "register pidfd $id web"$'\n'"register 7 $id " ]
}

@test "docs/runtimes.md: the Python program registers a process, and prints its ID" {
	from_page python >program.py
	# this process, by a pidfd
	run -0 pretend LOG="$PWD/calls" python3 program.py "$$"
	[[ $output =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$ ]]
	[ "$(<calls)" = "register pidfd ${output//-/} web" ]
}

@test "docs/runtimes.md: the Python program says why it is refused" {
	from_page python >program.py
	run -1 python3 program.py "$$"
	[[ $output == "the module audit_contid is not loaded"* ]]
	run -1 pretend ERRNO=17 python3 program.py "$$"
	[ "$output" = "the process was registered before, and an ID is written once" ]
	run -1 pretend API=7 python3 program.py "$$"
	[[ $output == *"interface of another version"* ]]
}

@test "docs/runtimes.md: the Go program has the numbers of the header" {
	from_page go >program.go
	grep -q '^package main' program.go
	# the number of the call, and the size of its structure
	printf '#include <audit-contid.h>\n_Static_assert(AUDIT_CONTID_IOC_REGISTER == %s, "");\nint main(void) { return sizeof(struct audit_contid_register) != 64; }\n' \
		"$(grep -oE '0x[0-9a-f]{8}' program.go)" | compiled
	./program
}

@test "each error that audit_contid(4) has is said in words, after each call" {
	compiled <<-'END'
		#include <audit-contid.h>
		#include <errno.h>
		#include <stdio.h>
		#include <string.h>

		int main(void)
		{
			static const int errs[] = { EPERM, EINVAL, E2BIG, EBADF, EOPNOTSUPP, ESRCH, EXDEV,
						    EEXIST, EBUSY, ENOTUNIQ, ENOENT, EMLINK, ENOSPC,
						    ENOMEM, EAGAIN, EINTR, EFAULT };
			const char *other = contid_strerror(CONTID_REGISTER, 9999);

			for (unsigned int i = 0; i < sizeof(errs) / sizeof(*errs); i++) {
				if (contid_strerror(CONTID_REGISTER, errs[i]) == other)
					return 1;
			}
			return !strcmp(contid_strerror(CONTID_GET, ESRCH), other) ||
			       strcmp(contid_strerror(77, 9999), other);
		}
	END
	./program
}

@test "the tools need no library of ours" {
	readelf -d "$(command -v contidctl)" >needed
	grep -q libjson-c needed
	run -1 grep libaudit-contid needed
}
