#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A short run of the fuzzer of the ioctls; `make fuzz` is the long one.
# depends on: kernel

# how much of the time the crowd takes is chance
[ "${BATS_TEST_TIMEOUT:-0}" -ge 900 ] || export BATS_TEST_TIMEOUT=900

fuzz=$BATS_TEST_DIRNAME/../../fuzz

setup_file() {
	make -s -C "$BATS_TEST_DIRNAME/../../fuzz"
}

teardown() {
	auditctl -D >/dev/null
}

@test "whatever is called, while whatever happens to the targets, the answers are the documented ones" {
	# some with their records, most without
	run "$fuzz/bin/fuzz_ioctl" 1000
	echo "$output"
	[ "$status" -eq 0 ]
	auditctl -a always,exclude -F msgtype=KERNEL_OTHER >/dev/null
	run "$fuzz/bin/fuzz_ioctl" 3000
	echo "$output"
	[ "$status" -eq 0 ]
}
