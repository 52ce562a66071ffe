# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What a test machine does for `make fuzz`: CALLS calls, with seed SEED if that is
# set. Two of a hundred leave their records in the log, the others are kept out of it
# by a rule, lest audit is all that is tried. Four more wait for RCU as long as they
# would, which for a tree or a release is most of their time; then that is cut short.

cd "$PROJECT/tests/fuzz" || exit 2
make -s || exit 2
ulimit -c 0

# fuzz PERCENT: so many of the calls
fuzz() {
	local calls=$((${CALLS:-10000000} * $1 / 100 + 1))
	# shellcheck disable=SC2086 # no second word if it is not set
	bin/fuzz_ioctl "$calls" ${SEED:-} || exit 1
	echo "after $((SECONDS / 60)) min"
}

auditctl -D >/dev/null
fuzz 2
auditctl -a always,exclude -F msgtype=KERNEL_OTHER >/dev/null
fuzz 4
echo 1 >/sys/kernel/rcu_expedited
for ((i = 0; i < 8; i++)); do
	fuzz 12
done
contidctl stats
