#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Headers that the module cannot be built by, or a kernel without a function that it watches:
# DKMS fails, and its log and contidctl say what is wrong and what would be lost. The headers
# and DKMS are the release's own; the kernel that runs passes for the one that they are for.
# vm: none
# depends on: userland. That each kernel's headers are good is seen by each machine.

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

# of the headers; and what contidctl takes for it
release=$(basename "$(find /lib/modules -mindepth 1 -maxdepth 1 -type d -print -quit)")
running=$(uname -r)
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$PROJECT/dkms.conf")
compiler=$(readlink -f "$(command -v gcc)")
list=/boot/System.map-$running
make_log=/var/lib/dkms/audit_contid/$version/build/make.log

setup_file() {
	local source=/usr/src/audit_contid-$version

	[ -e "/lib/modules/$running" ] || ln -s "$release" "/lib/modules/$running"
	mkdir "$source"
	cp -R "$PROJECT"/{Kbuild,Makefile,dkms.conf,include,src} "$source"
	dkms add -m audit_contid -v "$version"
}

teardown_file() {
	dkms remove -m audit_contid -v "$version" --all
	rm -rf "/usr/src/audit_contid-$version"
	[ ! -L "/lib/modules/$running" ] || rm "/lib/modules/$running"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	rm -f "$make_log"
}

# is_refused WORDS: by DKMS, and its log and contidctl have these words
is_refused() {
	run dkms build -m audit_contid -v "$version" -k "$running"
	echo "$output"
	[ "$status" -ne 0 ]
	cat "$make_log"
	grep -F "audit_contid: $1" "$make_log"
	[ -z "$(find "/lib/modules/$release" -name 'audit_contid.ko*')" ]
	run contidctl list
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *"$1"* ]]
	contidctl doctor | grep '^FAIL  *module-built ' | grep -F "$1"
}

# symbols SED: the kernel's list is a whole one, changed like that
symbols() {
	{
		seq -f 'ffffffff8%07.0f t other' 1000
		sed -n 's/^\t*\.symbols = { "\([a-z_]*\)".*/ffffffff90000000 T \1/p' \
			"$PROJECT/src/module/handlers.c"
	} | sed "$1" >"$list"
}

teardown() {
	rm -f "$list"
	[ ! -e "$compiler.real" ] || mv "$compiler.real" "$compiler"
}

@test "headers of a compiler that is not the one here" {
	# in its place, as dkms may have a PATH of its own
	mv "$compiler" "$compiler.real"
	cat >"$compiler" <<-END
		#!/bin/sh
		case " \$* " in
		*" -mcmodel=kernel "*)
			echo "gcc: error: unrecognized command-line option '-mcmodel=kernel'" >&2
			exit 1 ;;
		esac
		exec $compiler.real "\$@"
	END
	chmod 755 "$compiler"
	is_refused "the compiler cannot compile what every kernel has. Are the kernel's headers whole, and is this the compiler that they are for?"
	grep "unrecognized command-line option" "$make_log"
}

@test "headers that are not whole" {
	: >linux
	mount --bind linux "$(readlink -f "/lib/modules/$release/source/include/linux/sched.h")"
	status=0
	(is_refused "the compiler cannot compile what every kernel has") || status=$?
	umount "$(readlink -f "/lib/modules/$release/source/include/linux/sched.h")"
	[ "$status" -eq 0 ]
}

@test "a kernel that calls a function something else, or has it inlined away" {
	symbols 's/exit_files$/files_exit/'
	is_refused "$running has no function exit_files: "
	grep 'has no function exit_files: .*This kernel is not supported' "$make_log"
}

@test "a kernel that has split a function in a way that is not known" {
	symbols 's/.* audit_log_end$/&\n&.isra.0.part.7/'
	is_refused "$running has audit_log_end.isra.0.part.7, and the module probes no such part or copy of audit_log_end: records would carry no contid"
}
