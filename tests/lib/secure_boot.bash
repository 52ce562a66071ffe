# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of a machine with Secure Boot: what it was started with, and modules that
# another key signs.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/records.bash
. "${BASH_SOURCE[0]%/*}/records.bash"

# shellcheck disable=SC2034 # used by the suites
our_key=/var/lib/dkms/mok.pub

# locked_down LEVEL: the kernel is
locked_down() { grep -F "[$1]" /sys/kernel/security/lockdown; }

# plain FILE: the module as dkms has installed it, not compressed
plain() {
	local module

	module=$(modinfo -n audit_contid)
	case $module in
	*.xz) xz -dc "$module" >"$1" ;;
	*.zst) zstd -dcq "$module" >"$1" ;;
	*) cp "$module" "$1" ;;
	esac
}

# refused FILE: this module cannot be loaded, for its signature
# shellcheck disable=SC2154 # set by run
refused() {
	run insmod "$1"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *": Key was rejected by service" ]]
}
