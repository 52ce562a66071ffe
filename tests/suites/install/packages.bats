#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The Debian packages' life: each test goes on where the one before it has ended.
# depends on: userland. It is what dpkg, dkms and debhelper of a release do; each
# image has the module by dkms for its kernel.
# vm: NOLOAD=1

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

hook_json=/usr/share/containers/oci/hooks.d/audit-contid.json
config=/etc/audit-contid/oci-hook.conf
first=$VERSION.1 second=$VERSION.2
kernel=$(uname -r)
modules=/lib/modules/$kernel
unset CONTAINERS_STORAGE_CONF

setup_file() {
	# what the machine has of the module and the tools goes
	rm -rf /var/lib/dkms/audit_contid "$modules/updates" \
		/usr/local/{sbin,libexec,lib,share} /etc/audit-contid \
		/etc/audit/plugins.d/audit-contid.conf
	mkdir -p /usr/local/{sbin,share}
	# Of four thousand modules that depmod would read each time a few are enough.
	cp -R "$modules/kernel/lib" "$BATS_FILE_TMPDIR/few"
	mount -t tmpfs none "$modules/kernel"
	mv "$BATS_FILE_TMPDIR/few" "$modules/kernel/lib"
	depmod "$kernel"
	# no cache for manual pages that are not there
	rm -f /var/lib/man-db/auto-update
	given_make
	podman_begin
	rootfs "$BATS_FILE_TMPDIR/root"
	everything >"$BATS_FILE_TMPDIR/before"
}

teardown_file() {
	# the test that removes it does not run on every kernel
	podman rm --ignore --force --time 0 box >/dev/null
	podman_end
}

setup() {
	export CONTAINERS_STORAGE_CONF=$BATS_FILE_TMPDIR/storage.conf
	dist=$PROJECT/dist
	cd "$BATS_TEST_TMPDIR" || return
}

# An emulated CPU takes minutes to compile the module: dkms is given what was made of the
# package's source when the machine was; the second time as if of another source.
given_make() {
	cat >/usr/local/sbin/make <<-END
		#!/bin/sh
		case "\$*" in
		*clean*KDIR=*) rm -f audit_contid.ko ;;
		*module*KDIR=$modules/build*)
			cp $PROJECT/dist/audit_contid.ko .
			[ ! -e /usr/src/audit_contid-$second ] ||
				LC_ALL=C sed -i 's/srcversion=./srcversion=_/' audit_contid.ko ;;
		*) exec /usr/bin/make "\$@" ;;
		esac
	END
	chmod 755 /usr/local/sbin/make
}

# everything: what an installation could have left; the lock is podman's
everything() {
	find /boot /etc /root /usr /var/lib -xdev \( -path '/usr/src/linux-*' -o -path "$PROJECT" -o \
		-path /var/lib/apt -o -path /var/lib/dpkg -o -path /etc/cni/net.d/cni.lock \) \
		-prune -o -print | sort
}

# apt COMMAND...: there is no network, and nobody to ask; with the make of above
apt() {
	DEBIAN_FRONTEND=noninteractive timeout 280 apt-get -q -y -o DPkg::Path="$PATH" \
		"$@" </dev/null 2>&1 3>&-
}

# debs VERSION: all packages
debs() {
	echo "$dist/audit-contid-dkms_$1_all.deb" "$dist/audit-contid-hook_$1_all.deb" \
		"$dist/audit-contid-tools_$1_amd64.deb"
}

# built_for KERNEL: a module, where modprobe looks
built_for() {
	[ -n "$(find "/lib/modules/$1/updates/dkms" -name 'audit_contid.ko*' 2>/dev/null)" ]
}

# installed PACKAGE: its state and version
installed() {
	dpkg-query -W -f '${db:Status-Status} ${Version}' "$1"
}

# box COMMAND...: a container of podman's, in $pid; its ID in $contid
box() {
	podman run --detach --network none --name box --rootfs "$BATS_FILE_TMPDIR/root" "$@" \
		</dev/null >id
	contid=$(contid_of "$(<id)")
	pid=$(podman inspect --format '{{.State.Pid}}' box)
}

# bats test_tags=everywhere
@test "without the kernel's headers the packages install, and say what is missing" {
	mv "$modules/build" "$modules/away"
	# shellcheck disable=SC2046
	run apt install $(debs "$first")
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"NO MODULE WAS BUILT for kernel $kernel: "*"apt install linux-headers-$kernel "* ]]
	[ "$(installed audit-contid-dkms)" = "installed $first" ]
	[ "$(installed audit-contid-tools)" = "installed $first" ]
	[ "$(installed audit-contid-hook)" = "installed $first" ]
	[ "$(dkms status)" = "audit_contid/$first: added" ]
	[ "$(command -v contidctl)" = /usr/sbin/contidctl ]
	run contidctl list
	[ "$status" -eq 1 ]
	[[ $output == *"linux-headers-$kernel"* ]]
}

# bats test_tags=everywhere
@test "when the headers come the module is built, and loads" {
	mv "$modules/away" "$modules/build"
	run /etc/kernel/header_postinst.d/dkms "$kernel"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $(dkms status) == "audit_contid/$first, $kernel, x86_64: installed" ]]
	modprobe audit_contid
	contidctl stats | grep -F "$first"
	[ "$(contidctl list | wc -l)" -eq 1 ]
	grep -x audit_contid /usr/lib/modules-load.d/audit-contid.conf
}

# bats test_tags=everywhere
@test "podman's containers register themselves, through the package's hook" {
	[ "$(jq -r .hook.path "$hook_json")" = /usr/libexec/audit-contid/audit-contid-oci-hook ]
	box sleep 1000
	[ "$(contidctl get "$pid")" = "$contid" ]
}

# bats test_tags=everywhere
@test "an upgrade replaces the module, keeps a changed configuration, and no container loses its ID" {
	pid=$(podman inspect --format '{{.State.Pid}}' box)
	before=$(contidctl get "$pid")
	sed -i 's/^on-missing = warn/on-missing = refuse/' "$config"
	cp "$config" changed
	# shellcheck disable=SC2046
	run apt install $(debs "$second")
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(installed audit-contid-dkms)" = "installed $second" ]
	[ "$(installed audit-contid-tools)" = "installed $second" ]
	[ "$(installed audit-contid-hook)" = "installed $second" ]
	cmp "$config" changed
	[[ $(dkms status) == "audit_contid/$second, $kernel, x86_64: installed" ]]
	[ ! -e "/usr/src/audit_contid-$first" ]
	built_for "$kernel"
	[[ $(cat /sys/module/audit_contid/srcversion) == _* ]]
	[ "$(contidctl get "$pid")" = "$before" ]
}

@test "if the package's configuration has changed, too, nobody is asked" {
	dpkg-deb -R "$dist/audit-contid-tools_${second}_amd64.deb" later
	sed -i "s/^Version: .*/&.1/" later/DEBIAN/control
	echo "# what a later version says" >>"later/$config"
	dpkg-deb -Znone -b later later.deb
	cp "$config" changed
	run apt install -o Dpkg::Options::=--force-confold ./later.deb
	echo "$output"
	[ "$status" -eq 0 ]
	cmp "$config" changed
	grep -x "# what a later version says" "$config.dpkg-dist"
}

# bats test_tags=everywhere
@test "a kernel that the module is not for is skipped, and its installation goes on" {
	rt=${kernel%-*}-rt-amd64
	mkdir -p "/lib/modules/$rt/build/include"
	cp "$modules/build/.config" "/lib/modules/$rt/build/.config"
	echo CONFIG_PREEMPT_RT=y >>"/lib/modules/$rt/build/.config"
	for directory in postinst.d header_postinst.d; do
		run "/etc/kernel/$directory/dkms" "$rt"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"audit_contid: skipped for kernel $rt: it has CONFIG_PREEMPT_RT"* ]]
	done
	run dkms install "audit_contid/$second" -k "$rt"
	[ "$status" -ne 0 ]
	[[ $output == *"audit_contid: not for kernel $rt: it has CONFIG_PREEMPT_RT"* ]]
	[[ $output == *BUILD_EXCLUSIVE* ]]
	[ "$(dkms status)" = "audit_contid/$second, $kernel, x86_64: installed" ]
	rm -r "/lib/modules/$rt"
}

@test "removed, the packages leave the configuration, and podman starts containers as before" {
	podman rm --force --time 0 box
	modprobe -r audit_contid
	run apt remove audit-contid-hook
	echo "$output"
	[ "$status" -eq 0 ]
	[ ! -e "$hook_json" ]
	contidctl setup podman
	[ "$(jq -r .hook.path "$hook_json")" = /usr/libexec/audit-contid/audit-contid-oci-hook ]
	run apt remove audit-contid-dkms audit-contid-tools
	echo "$output"
	[ "$status" -eq 0 ]
	[ ! -e "$hook_json" ]
	[ -e "$config" ]
	[ -z "$(dkms status)" ]
	box sleep 1000
	podman rm --force --time 0 box
}

@test "purged, they leave nothing but the key that dkms made for itself" {
	# of audit-contid-hook nothing has stayed
	run apt purge audit-contid-dkms audit-contid-tools
	echo "$output"
	[ "$status" -eq 0 ]
	everything | grep -v '^/var/lib/dkms/mok\.' >after
	grep -v '^/var/lib/dkms/mok\.' <"$BATS_FILE_TMPDIR/before" | diff - after
}
