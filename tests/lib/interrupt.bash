# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0

# interrupt PID: end a child that prints what it has seen when it is interrupted.
# bpftrace dies of a second signal meanwhile; but the first is lost on it if it does
# not wait for events just then.
interrupt() {
	kill -INT "$1"
	until timeout 30 tail -f -s 0.1 --pid="$1" /dev/null; do
		kill -INT "$1" || break
	done
}
