#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl rules, and the sets of audit rules that come with it.
# depends on: userland. ausyscall's tables are the release's; nothing is loaded.
# vm: none

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "$BATS_TEST_DIRNAME/../../lib/traces.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p root/etc/audit/rules.d root/etc/sudoers.d root/usr/bin root/var/log/audit
	there=root/etc/audit/rules.d/60-audit-contid
}

presets() { (cd "$PROJECT/src/rules" && printf '%s\n' *.rules | sed 's/\.rules$//'); }

# rules ARGUMENT...: of the machine in "root"
rules() { contidctl rules --root root "$@"; }

@test "each rule has the requirement it is for in the line above" {
	for preset in $(presets); do
		case $preset in
		stig) form='SRG-APP-[0-9]{6}-CTR-[0-9]{6}' ;;
		pci) form='PCI DSS 10[.][0-9.]+' ;;
		ospp) form='OSPP FAU_GEN[.]1[.]1[.][a-d]' ;;
		cis-docker) form='CIS Docker 1[.]7[.]0 1[.]1[.][0-9]+' ;;
		*) form='NIST SP 800-53 [A-Z]{2}-[0-9]+([(][0-9]+[)])?' ;;
		esac
		rules=$(grep -c '^-' "$PROJECT/src/rules/$preset.rules")
		[ "$rules" -ge 2 ]
		[ "$(grep -B 1 '^-' "$PROJECT/src/rules/$preset.rules" | grep -cE "^# $form: .+")" -eq "$rules" ]
	done
}

@test "each rule has the form that auditctl reads, with a key of its set" {
	local field='(arch=b(64|32)|(path|dir)=/[^ ]+|perm=[rwxa]+|exit=-E[A-Z]+|e[ug]id=0|a0=[0-9]+)'

	for preset in $(presets); do
		run -1 grep -hvE "^(#.*|-a always,exit( -F $field| -S [a-z0-9_,]+| -C [ug]id!=e[ug]id)+ -k (contid-[a-z]+|$preset(-[a-z]+)?))?$" \
			"$PROJECT/src/rules/$preset.rules"
		[ "$output" = "" ]
		# a watch that names an architecture would watch half
		run -1 grep -E 'arch=.*(path|dir)=|-S.*perm=' "$PROJECT/src/rules/$preset.rules"
	done
}

@test "no rule stands in two sets, which auditctl would refuse" {
	[ "$(cat "$PROJECT"/src/rules/*.rules | grep '^-' | sort | uniq -d)" = "" ]
}

# calls: of the rules on standard input, each with its architecture
calls() {
	sed -nE 's/^-a .* arch=(b[0-9]+) -S ([^ ]+) .*/\1 \2/p' |
		awk '{ n = split($2, calls, ","); for (i = 1; i <= n; i++) print $1, calls[i] }' | sort -u
}

@test "each system call of a rule is one of its architecture, and installed if audit knows its name" {
	# x86 has them all
	ausyscall x86_64 --dump | awk 'NR > 1 { print "b64 " $2 }' >known
	ausyscall i386 --dump | awk 'NR > 1 { print "b32 " $2 }' >>known
	sort -u -o known known
	cat "$PROJECT"/src/rules/*.rules | calls >used
	[ "$(wc -l <used)" -gt 60 ]
	# audit 3.0, of Debian 11, does not know this one yet
	[ "$(comm -23 used known | grep -v ' openat2$')" = "" ]
	for preset in $(presets); do
		mkdir -p root/etc/docker root/var/lib/docker
		rules show "$preset"
	done | calls >shown
	diff shown <(comm -12 used known)
}

@test "list has them all, with their number and whether they are installed" {
	diff <(rules list | sed 1d | awk '{ print $1 }') <(presets)
	rules | grep -qE '^exec +no +2 +every program that is executed$'
	rules install exec
	rules list | grep -qE '^exec +yes '
}

@test "install puts one file of auditd's there for each, and remove takes it away" {
	run -0 rules install exec stig
	[ "${lines[0]}" = "installed /etc/audit/rules.d/60-audit-contid-exec.rules" ]
	[ "$(stat -c %a "$there-exec.rules")" = 640 ]
	[ "$(find root -name '*audit-contid*' | wc -l)" -eq 2 ]
	diff <(rules show exec) "$there-exec.rules"
	diff <(grep '^-a' "$there-exec.rules") <(grep '^-a' "$PROJECT/src/rules/exec.rules")
	rules remove exec stig
	[ "$(find root -type f)" = "" ]
	run -1 rules remove exec
	[[ $output == *"exec: is not installed"* ]]
}

@test "rules for files whose directory is not there, or not at boot, are left out" {
	run -0 rules install cis-docker
	[[ $output == *"rules are left out"*"$(basename "$there")-cis-docker.rules has them"* ]]
	grep -qxF -- '-a always,exit -F path=/usr/bin/dockerd -F perm=x -k cis-docker' "$there-cis-docker.rules"
	grep -q '^# left out, as /etc/docker is not here: -a always' "$there-cis-docker.rules"
	grep -q '^# left out, as /run/containerd is not there at boot: -a ' "$there-cis-docker.rules"
	# once they are there
	mkdir -p root/etc/docker root/var/lib/docker root/run/containerd
	rules install cis-docker
	grep -qxF -- '-a always,exit -F dir=/etc/docker -F perm=wa -k cis-docker' "$there-cis-docker.rules"
	grep -q '^# left out, as /run/containerd is not there at boot: -a ' "$there-cis-docker.rules"
}

@test "if one cannot be installed none is" {
	echo ours >"$there-exec.rules"
	chmod 644 "$there-exec.rules"
	run -1 rules install exec nosuch
	[[ $output == *"nosuch: there are no such rules; nothing was changed"* ]]
	[ "$(<"$there-exec.rules")" = ours ]
	run -1 rules install net ../exec
	[ ! -e "$there-net.rules" ]
	# another's file, and one that others may write
	chmod 666 "$there-exec.rules"
	run -1 rules install files exec
	[[ $output == *"others may write it"* ]]
	[ ! -e "$there-files.rules" ]
}

@test "if the rules cannot be loaded all is as it was" {
	# a machine of its own in front of the real one: augenrules that fails, and says so
	mkdir bin
	# shellcheck disable=SC2016 # the program's
	printf '#!/bin/sh\necho "$@" >>%s/called\nexit ${FAIL:-0}\n' "$PWD" >bin/augenrules
	chmod +x bin/augenrules
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount bash -euc '
		mkdir -p /etc/audit
		mount -t tmpfs tmpfs /etc/audit
		mkdir /etc/audit/rules.d
		export PATH=$PWD/bin:$PATH
		contidctl rules install exec
		[ "$(cat called)" = --load ]
		[ -e /etc/audit/rules.d/60-audit-contid-exec.rules ]
		if FAIL=1 contidctl rules install net 2>said; then exit 1; fi
		grep -q "augenrules --load has failed" said
		[ "$(ls /etc/audit/rules.d)" = 60-audit-contid-exec.rules ]
		if FAIL=1 contidctl rules remove exec; then exit 1; fi
		[ "$(ls /etc/audit/rules.d)" = 60-audit-contid-exec.rules ]'
}

@test "what is wrong with the words is said" {
	run -2 contidctl rules delete exec
	run -2 contidctl rules install
	run -2 contidctl rules list exec
	run -1 contidctl rules show nosuch
	run -1 contidctl rules install --root /nowhere exec
	[[ $output == *"install auditd"* ]]
}
