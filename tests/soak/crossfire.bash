# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# One process at a time, at which all calls are aimed at once.

# shellcheck source=tests/soak/common.bash
. "$PROJECT/tests/soak/common.bash"

part_crossfire() {
	# most calls are refused, and each of these makes a record
	auditctl -a always,exclude -F msgtype=KERNEL_OTHER >/dev/null
	crossfire "${CROSSFIRE_SECONDS:-20}" >out-crossfire || bad "crossfire: $?"
	auditctl -D >/dev/null
	add_line crossfire out-crossfire
	quiet
}
