# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What a test machine does for `make fuzz`: CALLS calls, with seed SEED if that is
# set. Records of most of them are kept out of the log, by a rule, lest audit is
# all that is tried; those of each eighth part are written.

cd "$PROJECT/tests/fuzz" || exit 2
make -s || exit 2
ulimit -c 0
part=$((${CALLS:-10000000} / 8 + 1))
for ((i = 0; i < 8; i++)); do
	if [[ $i -eq 0 ]]; then
		auditctl -D >/dev/null
	elif [[ $i -eq 1 ]]; then
		auditctl -a always,exclude -F msgtype=KERNEL_OTHER >/dev/null
	fi
	# shellcheck disable=SC2086 # no second word where it is not set
	bin/fuzz_ioctl "$part" ${SEED:-} || exit 1
done
contidctl stats
