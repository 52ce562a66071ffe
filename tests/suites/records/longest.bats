#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The longest label there is, in the longest records there are.
#
# auditd cuts a line, as it comes from the kernel, after 8,937 bytes, and drops
# a record of more than 8,986 without a word. An exe= of 4,095 bytes takes 8,190
# of them if it has to be coded (a blank is enough), the field of five nested
# containers 196, the rest of a SYSCALL record up to 400. That leaves about 100
# for the keys of the rules. Past that the ancestors go (",^?"), then what stands
# last in the record: the field is always there. Of a user message the end goes,
# which is the sender's.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup_file() {
	modprobe -r audit_contid
	modprobe audit_contid max_depth=5
}

teardown_file() {
	modprobe -r audit_contid
	modprobe audit_contid
}

setup() {
	auditctl -D >/dev/null
	ids=()
	label=
	for i in 1 2 3 4 5; do
		ids+=("$i$i$i$i$i$i$i$i-0123-4123-8123-0123456789ab")
		label=${ids[-1]}${label:+,^$label}
	done
	dir=/tmp/longest
	mkdir -m 1777 "$dir"
	cd "$dir" || return
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	cd /
	rm -rf "$dir"
}

# nested COMMAND...: five containers deep, as a user whose number is long
nested() {
	local command=() id

	for id in "${ids[@]}"; do
		command+=(contidctl run "$id" --)
	done
	"${command[@]}" setpriv --reuid 4294967294 --regid 4294967294 --clear-groups "$@"
}

# cut: records that lost some of their text for the field, of all containers
cut_count() {
	contidctl stats --json | jq .cut
}

key() {
	printf "%$1s" '' | tr ' ' k
}

# the record of the end of a program with the longest path
longest() {
	auditctl -a always,exit -F arch=b64 -S exit_group -k "$1" >/dev/null
	nested deep_exec 4095 /usr/bin/true
	auditctl -D >/dev/null
	log | type SYSCALL | grep -aF 'comm="ppppppppppppppp"' >long
	sed 's/exe=[0-9A-F]*/exe=.../' long | cat -v
	[ "$(sed 's/.* exe=\([0-9A-F]*\) .*/\1/' long | wc -c)" -eq 8191 ]
}

@test "five containers deep, exe= of 4,095 bytes and a key of 100: the field is whole" {
	longest "$(key 100)"
	placed "$label" <long
	# and there for ausearch
	LC_ALL=C ausearch -if "$audit_log" -k "$(key 100)" --raw >found
	cmp <(type SYSCALL <found | grep -aF 'comm="ppp') long
	[ "$(ausearch -if "$audit_log" -k "$(key 100)" -i | grep -acF " contid=$label")" -eq 1 ]
}

@test "a longer key: the container's own contid stays, the ancestors are a question mark" {
	longest "$(key 255)"
	placed "${ids[4]},^?" <long
}

@test "if not even that has room, the end of the record makes some, and is counted" {
	before=$(cut_count)
	# coded, as it has a blank: 402 bytes, the record 8,940
	longest "$(key 200) "
	placed "${ids[4]},^?" <long
	grep -aE ' key=(6B){100,199} contid=' long
	[ "$(cut_count)" -eq $((before + 1)) ]
}

@test "a user message of 8,500 bytes from five containers deep" {
	perl -e 'print "x" x 8500' >text
	contidctl run "${ids[0]}" -- contidctl run "${ids[1]}" -- contidctl run "${ids[2]}" -- \
		contidctl run "${ids[3]}" -- contidctl run "${ids[4]}" -- audit_say 1107 <text
	events '^type=USER_AVC ' | placed "$label"
}

@test "input at an audited terminal, in any length, comes with the field" {
	before=$(cut_count)
	for size in 4000 4420 4450 12000 100000; do
		log_mark
		perl -e 'print "x y" x ($ARGV[0] / 3), "z" x ($ARGV[0] % 3)' "$size" >text
		contidctl run "${ids[0]}" -- audit_tty audit_say 1124 <text
		events '^type=USER_TTY ' >event
		cut -c 1-150 event
		placed "${ids[0]}" <event
		# whole bytes
		grep -aE ' data=([0-9A-F]{2})+'$'\035' event
	done
	[ "$(cut_count)" -eq $((before + 4)) ]
	[ "$(contidctl stats --json | jq .unplaced)" -eq 0 ]
}

@test "denials that name two long paths: all have the field, and so has their SYSCALL" {
	grep -qw apparmor /sys/kernel/security/lsm || skip "this machine has no AppArmor"
	echo 'profile contid-longest { file, audit deny /tmp/longest/** l, }' >/tmp/longest-profile
	apparmor_parser -r /tmp/longest-profile
	# where there is no rule at all a denial comes without its SYSCALL on 5.10
	auditctl -a always,exit -F arch=b64 -S swapon >/dev/null
	# shellcheck disable=SC2016 # of perl
	run nested aa-exec -p contid-longest perl -e '
		my $d = "d " x 103;
		for (1 .. 10) { mkdir($d) && chdir($d) or die "$!"; }
		open(F, ">", "old") or die "$!";
		for (4 .. 20) { link("old", "n" x (10 * $_)) and die; }
		print "$!";'
	apparmor_parser -R /tmp/longest-profile
	rm /tmp/longest-profile
	[ "$output" = "Permission denied" ]
	events '^type=AVC .*operation="link"' >event
	cut -c 1-60 event
	type AVC <event | sed 's/\o35.*//' >denials
	# from what has room for the whole field to what has none
	wc -L <denials
	[ "$(wc -l <denials)" -eq 17 ]
	grep -aqF " contid=$label" denials
	[ "$(grep -acE " contid=${ids[4]},\^[^ ]+\$" denials)" -eq 17 ]
	[ "$(type SYSCALL <event | wc -l)" -eq 17 ]
	type SYSCALL <event | placed "$label"
}
