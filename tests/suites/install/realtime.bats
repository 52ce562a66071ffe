#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A kernel with PREEMPT_RT: DKMS skips it and says why, and its installation goes on. The
# kernel's packages are Debian's, and so are the scripts that these call.
# depends on: kernel
# flavour: rt
# vm: none

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

release=$(basename /lib/modules/*)
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$PROJECT/dkms.conf")

setup_file() {
	local source=/usr/src/audit_contid-$version

	mkdir "$source"
	cp -R "$PROJECT"/{Kbuild,Makefile,dkms.conf,include,src} "$source"
	dkms add -m audit_contid -v "$version"
}

# is_not_built: there is no module, and DKMS knows of none
is_not_built() {
	[ -z "$(find /lib/modules -name 'audit_contid.ko*')" ]
	[[ $(dkms status) == *"$version: added" ]]
}

@test "the kernel's installation goes on without the module, and says why" {
	grep -x CONFIG_PREEMPT_RT=y "/lib/modules/$release/build/.config"
	for directory in header_postinst.d postinst.d; do
		run "/etc/kernel/$directory/dkms" "$release"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"audit_contid: skipped for kernel $release: it has CONFIG_PREEMPT_RT"* ]]
		is_not_built
	done
}

@test "by hand DKMS refuses to install it, and says why" {
	run dkms install -m audit_contid -v "$version" -k "$release"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *"audit_contid: not for kernel $release: it has CONFIG_PREEMPT_RT"* ]]
	is_not_built
}

@test "without DKMS the build is refused, and says why" {
	cp -R "$PROJECT" "$BATS_TEST_TMPDIR/project"
	run make -C "$BATS_TEST_TMPDIR/project" module KDIR="/lib/modules/$release/build"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *'#error "audit_contid does not run on PREEMPT_RT'* ]]
}
