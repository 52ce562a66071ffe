# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites without auditd (# vm: NOAUDITD=1): the kernel prints each record into its
# log.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

setup_file() {
	auditctl -e 1 >/dev/null
	# every record, not ten in five seconds
	sysctl -q kernel.printk_ratelimit=0
	rule -S mkdir,mkdirat
}

teardown_file() {
	auditctl -D >/dev/null
	auditctl -e 0 >/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	end=end-$RANDOM$RANDOM
}

# kernel_log: when all that ended before has come
kernel_log() {
	auditctl -m "$end-over"
	timeout 60 sh -c "until dmesg | grep -q $end-over; do sleep 0.05; done"
	dmesg
}
