# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suite of contidctl setup: a directory with the files of a machine that it needs.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

programs=/usr/local/libexec/audit-contid
runtime=$programs/audit-contid-runtime
hook=$programs/audit-contid-oci-hook

setup_setup() {
	dir=$BATS_TEST_TMPDIR
	root=$dir/root
	json=$root/etc/docker/daemon.json
	mkdir -p "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc" "$root/var/lib" \
		"$root$programs/bin"
	program "$runtime"
	program "$hook"
	ln -s ../audit-contid-runtime "$root$programs/bin/runc"
}

# program PATH: there is one in the directory
program() {
	printf '#!/bin/sh\n' >"$root$1"
	chmod 755 "$root$1"
}

# engine NAME: its program, and its unit if that is changed
engine() {
	case $1 in
	docker) program /usr/bin/dockerd ;;
	lxc) program /usr/bin/lxc-start ;;
	incus) program /usr/bin/incusd ;;
	*) program "/usr/bin/$1" ;;
	esac
	case $1 in
	docker | containerd)
		printf '[Service]\nExecStart=/usr/bin/%s\n' "$1" \
			>"$root/usr/lib/systemd/system/$1.service"
		;;
	esac
}

all_engines() {
	local one

	for one in docker containerd crio podman lxc incus systemd-nspawn; do
		engine "$one"
	done
	mkdir -p "$root/etc/docker" "$root/usr/share/lxc/config/common.conf.d"
	printf '{\n    "log-driver": "journald"\n}\n' >"$json"
}

# tree: every file and directory with its bytes, mode and owner
tree() {
	(cd "$root" && find . -printf '%p %y %m %U %G %l\n' | sort &&
		find . -type f -print0 | sort -z | xargs -0 sha256sum)
}

# setup_does ARGUMENT..., setup_refuses ARGUMENT...: with this end; what it said is in $output
setup_does() {
	run contidctl setup --root "$root" "$@"
	# shellcheck disable=SC2154 # of run
	echo "$output"
	# shellcheck disable=SC2154
	[ "$status" -eq 0 ]
}

setup_refuses() {
	run contidctl setup --root "$root" "$@"
	echo "$output"
	# shellcheck disable=SC2154
	[ "$status" -eq 1 ]
}

# daemon_json [TEXT]: what is in it
daemon_json() {
	engine docker
	mkdir -p "$root/etc/docker"
	[ $# -eq 0 ] || printf '%s' "$1" >"$json"
}

# refused TEXT PATTERN: such a daemon.json stays, and the message says what to do
refused() {
	daemon_json "$1"
	before=$(tree)
	setup_refuses docker
	# shellcheck disable=SC2053 # a pattern
	[[ $output == "contidctl: setup: Docker: "$2 ]]
	[ "$(tree)" = "$before" ]
	setup_refuses --status docker
	grep -E '^Docker +cannot be set up: ' <<<"$output"
}
