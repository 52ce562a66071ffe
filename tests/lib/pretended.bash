# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that ask the device, and need no kernel: libraries answer in its place,
# and in that of audit.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "${BASH_SOURCE[0]%/*}/traces.bash"

pretended=$PROJECT/tests/helpers/bin/pretended_module.so
# for LD_PRELOAD: a program registers, and has audit record it
# shellcheck disable=SC2034 # suites use it
registering=$pretended:$PROJECT/tests/helpers/bin/fake_audit.so

setup_file() {
	make -C "$PROJECT/tests/helpers" bin/pretended_module.so bin/fake_audit.so >/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# pretend [NAME=VALUE...] COMMAND...: it finds a module
pretend() { env LD_PRELOAD="$pretended" "$@"; }
