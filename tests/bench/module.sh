# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The module comes and goes. Read by guest.sh and work.sh.

# with MODULE: the one that came along in the place of the one that is installed
module_load() {
	if [[ -n ${MODULE:-} ]]; then
		insmod "$PROJECT/tests/extra/audit_contid.ko"
	else
		modprobe audit_contid
	fi
}

module_unload() {
	local tries
	for ((tries = 0; tries < 50; tries++)); do
		rmmod audit_contid 2>/dev/null && return
		sleep 0.1
	done
	rmmod audit_contid
}
