#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl check: what it makes of a log, and of this machine.
# depends on: userland. It reads files by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

SUBJECT='ppid=1 pid=7 auid=1000 uid=0 euid=0 comm="x" exe="/usr/bin/x" subj=unconfined'

# call SERIAL SYSCALL SUCCESS: of container A, by root
call() {
	line SYSCALL "$1" "arch=c000003e syscall=$2 success=$3 exit=0 $SUBJECT key=\"k\" contid=$A"
}

# operation SERIAL OP: of the module's
operation() { line KERNEL_OTHER "$1" "op=$2 opid=7 ocontid=$A old-ocontid=-1 $SUBJECT res=1${3:-}"; }

whole() {
	operation 1 register ' vm="web"'
	call 2 59 yes
	line EXECVE 2 'argc=2 a0="x" a1="-y"'
	call 3 90 yes  # chmod
	call 4 87 yes  # unlink
	call 5 257 no  # openat
	operation 6 drop
}

# checked PROFILE [ARGUMENT...]: the log of standard input, as JSON; a control may fail
checked() { contidctl check --format json --input - --profile "$@" || [ $? -eq 1 ]; }

# result ID: in the file "object"
result() { jq -r --arg id "$1" '.controls[] | select(.id == $id) | .result' object; }

@test "a log that shows all of it fails no control that is about records alone" {
	whole >log
	for profile in srg-ctr pci nist; do
		checked "$profile" <log >object
		# those that failed did for the machine that the test runs on
		holds '[.controls[] | select(.result == "fail") | .found] | all(test("no record of the log|op=unlabelled") | not)' <object
		holds '.pass + .fail + .notapplicable == (.controls | length)' <object
		holds '.pass == ([.controls[] | select(.result == "pass")] | length)' <object
	done
	checked srg-ctr <log >object
	for control in 095-CTR-000170 096-CTR-000175 099-CTR-000190 101-CTR-000205 374-CTR-000865 \
		495-CTR-001235 501-CTR-001265 507-CTR-001295 510-CTR-001310; do
		[ "$(result "SRG-APP-000$control")" = pass ]
	done
}

@test "what the log does not show fails, with what is missing; and the sample is of the log" {
	for left_out in 2 3 4 5 6; do
		whole | grep -v ":$left_out):" | checked srg-ctr >object
		case $left_out in
		2) failed=SRG-APP-000101-CTR-000205 ;;
		3) failed=SRG-APP-000495-CTR-001235 ;;
		4) failed=SRG-APP-000501-CTR-001265 ;;
		5) failed=SRG-APP-000507-CTR-001295 ;;
		6) failed=SRG-APP-000510-CTR-001310 ;;
		esac
		[ "$(result "$failed")" = fail ]
		holds ".controls[] | select(.id == \"$failed\") | .found | test(\"no record of the log shows\")" <object
	done
	whole | checked srg-ctr >object
	sample=$(jq -r '.controls[] | select(.id == "SRG-APP-000101-CTR-000205") | .sample' object)
	[ "$sample" = "$(whole | grep EXECVE)" ]
}

@test "a user that nobody is, as a daemon has started it, identifies nobody" {
	[ "$(whole | checked nist | jq -r '.controls[] | select(.id == "AU-10") | .found // ""')" != \
		"no record of the log shows a user of a container" ]
	whole | sed 's/auid=1000/auid=4294967295/' | checked nist >object
	holds '.controls[] | select(.id == "AU-10") | .result == "fail" and .found == "no record of the log shows a user of a container"' <object
}

@test "containers without an ID fail what is about IDs, and no other control" {
	{ whole; line KERNEL_OTHER 7 "op=unlabelled opid=9 nsdev=0:4 pidns=4 $SUBJECT"; } >log
	checked srg-ctr <log >object
	holds '.controls[] | select(.id == "SRG-APP-000100-CTR-000200") | .result == "fail" and (.found | test("^1 containers began without an ID"))' <object
	[ "$(result SRG-APP-000096-CTR-000175)" = pass ]
}

@test "a log without containers shows nothing for or against" {
	line SYSCALL 1 "arch=c000003e syscall=59 success=yes exit=0 $SUBJECT key=\"k\"" | checked srg-ctr >object
	[ "$(result SRG-APP-000096-CTR-000175)" = notapplicable ]
	[ "$(result SRG-APP-000510-CTR-001310)" = notapplicable ]
}

@test "text and JSON say the same, and each control has its command" {
	whole >log
	run -1 contidctl check -p srg-ctr -i log
	checked srg-ctr <log >object
	diff <(sed -nE 's/^(PASS|FAIL|N\/A ) +(SRG[^ ]*): .*/\1 \2/p' <<<"$output" | tr -d ' ') \
		<(jq -r '.controls[] | "\({pass: "PASS", fail: "FAIL", notapplicable: "N/A"}[.result])\(.id)"' object)
	grep -qxF "      shown by contidctl report" <<<"$output"
	for profile in srg-ctr pci nist; do
		checked $profile <log | holds '.controls | length > 15 and ([.[].id] | length == (unique | length)) and all(.[]; .title and (.command or .result == "notapplicable"))'
	done
	# they are understood
	for profile in srg-ctr pci nist; do
		checked $profile <log | jq -r '.controls[].command // empty' | sort -u
	done | grep '^contidctl' | sort -u | while read -r command; do
		bash -c "$command --help" >/dev/null
	done
}

@test "the checks of the machine are those of the doctor" {
	whole | checked srg-ctr >object
	audit=$(contidctl doctor --json | jq -r '.[] | select(.name == "audit-boot") | .verdict')
	[[ $audit == ok ]] && expected=pass || expected=fail
	[ "$(result SRG-APP-000092-CTR-000165)" = "$expected" ]
}

# in_place: the script of standard input, with an /etc/audit and a log of its own
in_place() {
	{
		declare -f holds result checked
		cat <<-'END'
			mkdir -p /etc/audit /var/log/audit
			mount -t tmpfs -o mode=0750 none /etc/audit
			mount -t tmpfs -o mode=0750 none /var/log/audit
			mkdir /etc/audit/plugins.d /etc/audit/rules.d
			install -m 0640 /dev/null /var/log/audit/audit.log
			check() { checked "$@" </var/log/audit/audit.log >object; }
		END
		cat
	} >script
	whole >log
	unshare --mount --propagation private bash -eux script
}

@test "the log's owner and modes, and what happens if it cannot be written" {
	in_place <<-'END'
		cp --no-preserve=mode log /var/log/audit/audit.log
		chmod 0640 /var/log/audit/audit.log
		printf '%s\n' 'disk_full_action = HALT' 'disk_error_action = SYSLOG' \
			'admin_space_left_action = SINGLE' 'space_left_action = EMAIL' >/etc/audit/auditd.conf
		check nist
		[ "$(result AU-9)" = pass ]
		[ "$(result 'AU-5(1)')" = pass ]
		[ "$(result 'AU-4(1)')" = fail ]
		check pci
		holds '.controls[] | select(.id == "10.7.2") | .found | test("disk_") | not' <object
		chmod 0644 /var/log/audit/audit.log
		sed -i 's/EMAIL/IGNORE/; s/HALT/SUSPEND/' /etc/audit/auditd.conf
		echo 'active = yes' >/etc/audit/plugins.d/au-remote.conf
		check nist
		[ "$(result AU-9)" = fail ]
		[ "$(result 'AU-5(1)')" = fail ]
		[ "$(result 'AU-4(1)')" = pass ]
		holds '.controls[] | select(.id == "AU-5") | .found | test("disk_full_action = SUSPEND")' <object
	END
}

@test "requirements that rules of the host fulfil need these" {
	in_place <<-'END'
		cp log /var/log/audit/audit.log
		check pci
		[ "$(result 10.2.1.5)" = fail ]
		touch /etc/audit/rules.d/60-audit-contid-pci.rules
		check pci
		[ "$(result 10.2.1.5)" = pass ]
	END
}

@test "what is no profile, no format and no log is refused" {
	run -2 contidctl check
	run -2 contidctl check --profile iso
	run -2 contidctl check --profile pci --format csv
	run -1 contidctl check --profile pci --input /nowhere
	run -1 contidctl check --profile pci --input <(echo nonsense)
	[[ $output != *PASS* ]]
}
