# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites of contidctl doctor: the verdicts before and after something is broken.

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "${BASH_SOURCE[0]%/*}/traces.bash"

# verdicts: "NAME VERDICT" for each line
verdicts() { contidctl doctor --json | jq -r '.[] | "\(.name) \(.verdict)"'; }

# remember: what the verdicts are before
remember() { verdicts >"$BATS_TEST_TMPDIR/before"; }

# changed: the lines that have another verdict than before, on one line
changed() {
	comm -13 <(sort "$BATS_TEST_TMPDIR/before") <(verdicts | sort) | xargs
}

# as_before: nothing has another verdict
as_before() { [ "$(changed)" = "" ]; }

# line NAME: what is printed of it
line() { contidctl doctor | grep -E "^[^ ]+ +$1 "; }
