# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that read logs made by hand: they need contidctl, and neither the
# module nor audit.

# shellcheck disable=SC2034 # used by the suites
bats_require_minimum_version 1.5.0

A=0123abcd-0123-4123-8123-0123456789ab
B=11111111-0123-4123-8123-0123456789ab
C=22222222-0123-4123-8123-0123456789ab
GS=$'\035'

# shellcheck source=tests/lib/traces.bash
. "${BASH_SOURCE[0]%/*}/traces.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# fixture NAME: a log of tests/fixtures/audit, with the byte 0x1D where it has <GS>
fixture() {
	LC_ALL=C sed 's/<GS>/\x1d/g' "$BATS_TEST_DIRNAME/../../fixtures/audit/$1.log"
}

# of NAME ARGUMENT...: the events that are found in it
of() {
	fixture "$1" | contidctl events --input - "${@:2}"
}

# serials: the numbers of the events in raw records, each once, in their order
serials() {
	LC_ALL=C sed -nE 's/^[^(]*msg=audit\([0-9]+\.[0-9]+:([0-9]+)\).*/\1/p' | uniq | xargs
}

# found_in LOG ID: the numbers of the events that are shown as this container's
found_in() {
	contidctl events --input "$1" --format raw "$2" 2>/dev/null | serials
}

# line TYPE SERIAL TEXT: a record
line() {
	printf 'type=%s msg=audit(1795600000.%03d:%d): %s\n' "$1" "$2" "$2" "$3"
}

# holds EXPRESSION: of the one JSON value of the input
holds() { jq -es "length == 1 and (.[0] | $1)"; }
