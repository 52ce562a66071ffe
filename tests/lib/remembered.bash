# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that register processes and ask for them, and need no kernel: a library
# remembers them in place of the module, for all programs of a test.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "${BASH_SOURCE[0]%/*}/traces.bash"

remembering=$PROJECT/tests/helpers/bin/remembering_module.so
# audit takes everything
remembering+=:$PROJECT/tests/helpers/bin/fake_audit.so
# what stands between a program and that module
# shellcheck disable=SC2034 # suites use it
between=$PROJECT/tests/helpers/bin/other_module.so:$remembering

setup_file() {
	make -C "$PROJECT/tests/helpers" \
		bin/{remembering_module,fake_audit,other_module}.so >/dev/null
}

# remember: from here on all programs find the module
remember() {
	export REGISTERED=$BATS_TEST_TMPDIR/.remembered
	: >"$REGISTERED"
	export LD_PRELOAD=$remembering
}

# version: the project's, without a module that says it
version() { sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$PROJECT/dkms.conf"; }
