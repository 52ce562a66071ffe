#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Names that the kernel prints into a record as they are (docs/records.md): no byte of
# one hides, forges or cuts the field, and from the host none accuses a container.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

GS=$'\035'
# how a device may be called; a blank and a newline may not be in it
device=a${GS}b

setup() {
	auditctl -D >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	log_mark
}

# user_of_host COMMAND...: an ordinary one, who is root of namespaces of his own
user_of_host() {
	setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Urn "$@"
}

# Prints the records of the input that have a contid of any kind, in any place.
accusing() {
	LC_ALL=C grep -a 'contid='
}

@test "an nft table in a container, whose name forges a contid and ends the line for readers" {
	in_a unshare -n nft_table "x contid=$B$GS"
	events '^type=NETFILTER_CFG ' >event
	cat -v event
	placed "$A" <event
	[ "$(type NETFILTER_CFG <event | accusing | wc -l)" -eq 1 ]
	# nor do those find it who look for a word
	[ "$(grep -ac "contid=$B" event)" -eq 0 ]
}

@test "an nft table in a container: no byte of its name is one that ends a line or a record" {
	for byte in {1..31} 127 {128..255}; do
		printf -v name "%b" "\\x$(printf %x "$byte")"
		printf '%s\0' "table-$byte-$name-"
	done >names
	in_a unshare -n xargs -0 -n 1 nft_table <names
	events '^type=NETFILTER_CFG ' >event
	placed "$A" <event
	[ "$(type NETFILTER_CFG <event | wc -l)" -eq $((31 + 1 + 128)) ]
	# what auditd adds begins with the one GS; there is no other control byte
	LC_ALL=C sed 's/\o35[A-Z].*//' event | LC_ALL=C grep -a '[[:cntrl:]]' && false
	# bytes of other languages stay
	LC_ALL=C grep -aF "table-233-$(printf '\351')-" event
}

@test "an nft table of a user of the host accuses no container" {
	for name in "contid=$B" "x contid=$B$GS" "x ocontid=$B" "x${GS}contid=$B$GS" \
		"x contid=$B"$'\n'"type=SYSCALL msg=audit(1.000:1): contid=$B"; do
		user_of_host nft_table "$name"
	done
	events '^type=NETFILTER_CFG ' >event
	cat -v event
	[ "$(type NETFILTER_CFG <event | wc -l)" -eq 5 ]
	accusing <event && false
	LC_ALL=C sed 's/\o35[A-Z].*//' event | LC_ALL=C grep -a '[[:cntrl:]]' && false
	true
}

@test "an nft table of the host with an honest name is recorded as it always was" {
	user_of_host nft_table "container; contid"
	events '^type=NETFILTER_CFG ' >event
	LC_ALL=C grep -a ' table=container; contid:' event
}

@test "a device in a container, whose name ends the line for readers" {
	# shellcheck disable=SC2016 # of the shell in the container
	in_a unshare -n sh -c 'ip link add name "$1" type dummy
		ip link set dev "$1" promisc on' sh "$device"
	events '^type=ANOM_PROMISCUOUS ' >event
	cat -v event
	placed "$A" <event
}

@test "a device of a user of the host leaves no byte that ends a line for readers" {
	# shellcheck disable=SC2016 # of the user's shell
	user_of_host sh -c 'ip link add name "$1" type dummy
		ip link set dev "$1" promisc on' sh "$device"
	events '^type=ANOM_PROMISCUOUS ' >event
	LC_ALL=C grep -a ' dev=a?b prom=256 ' event
}
