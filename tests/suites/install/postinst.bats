#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The packages' scripts: which steps the one after an installation takes to replace a module
# that is loaded, and what it says if one of them fails; what a purge removes.
# depends on: neither. All that it calls is pretended; the suite packages has the real ones.
# vm: none

# shellcheck source=tests/lib/common.bash
. "$BATS_TEST_DIRNAME/../../lib/common.bash"

kernel=$(uname -r)

setup() {
	dir=$BATS_TEST_TMPDIR
	mkdir -p "$dir/path" /sys/module/audit_contid "/lib/modules/$kernel" /run/systemd/system
	echo old >/sys/module/audit_contid/srcversion
	: >"/lib/modules/$kernel/audit_contid.ko"
	for name in contidctl modprobe systemctl udevadm logger modinfo dpkg-query; do
		cat >"$dir/path/$name" <<-END
			#!/bin/sh
			echo "$name \$*" >>"$dir/called"
			case "$name \$*" in
			modinfo*) echo new ;;
			esac
			! grep -qxF "$name \$*" "$dir/fails" 2>/dev/null
		END
		chmod 755 "$dir/path/$name"
	done
}

teardown() {
	rm -rf /sys/module/audit_contid "/lib/modules/$kernel/audit_contid.ko" /run/systemd/system
}

# configure [COMMAND]...: these fail; what was called is in $dir/steps
configure() {
	printf '%s\n' "$@" >"$dir/fails"
	: >"$dir/called"
	run env PATH="$dir/path:$PATH" sh "$PROJECT/debian/audit-contid-dkms.postinst" configure
	echo "$output"
	[ "$status" -eq 0 ]
	grep -Ev '^(dpkg-query|modinfo|logger)' "$dir/called" >"$dir/steps" || true
	cat "$dir/steps"
}

# steps LINE...: these, and no others
steps() { diff "$dir/steps" <(printf '%s\n' "$@"); }

saved='contidctl save --release /run/audit_contid.upgrade'
restored='contidctl restore /run/audit_contid.upgrade'
both='audit-contid-adopt.service audit-contid-watch.service'
pauses=("systemctl is-active --quiet audit-contid-watch.service"
	"systemctl mask --quiet --runtime $both"
	"systemctl stop --quiet audit-contid-watch.service")
goes_on=("udevadm settle"
	"systemctl unmask --quiet --runtime $both"
	"systemctl start --quiet --no-block audit-contid-watch.service")

@test "nothing is adopted while no label is there" {
	configure
	steps "${pauses[@]}" "$saved" 'modprobe -r audit_contid' 'modprobe audit_contid' \
		"$restored" "${goes_on[@]}"
}

@test "a watch that did not run is not started" {
	configure "${pauses[0]}"
	steps "${pauses[@]:0:2}" "$saved" 'modprobe -r audit_contid' 'modprobe audit_contid' \
		"$restored" "${goes_on[@]:0:2}"
}

@test "a module that does not load is said aloud, with what puts the labels back" {
	configure 'modprobe audit_contid'
	steps "${pauses[@]}" "$saved" 'modprobe -r audit_contid' 'modprobe audit_contid' "${goes_on[@]}"
	[[ $output == *"NO PROCESS HAS A CONTAINER ID"*"\"$restored\" puts them back"* ]]
	grep -q "^logger .*-p daemon.err .*THE MODULE DOES NOT LOAD" "$dir/called"
}

@test "a module that is in use gets its labels back" {
	configure 'modprobe -r audit_contid'
	steps "${pauses[@]}" "$saved" 'modprobe -r audit_contid' 'modprobe audit_contid' \
		"$restored" "${goes_on[@]}"
	[[ $output == *"the module that is loaded goes on: it is in use"* ]]
}

@test "if the labels cannot be saved or put back, adoption goes on and the message says what to do" {
	configure "$saved"
	steps "${pauses[@]}" "$saved" "${goes_on[@]}"
	[[ $output == *"the module that is loaded goes on, until the next boot"* ]]
	configure "$restored"
	[[ $output == *"NOT ALL LABELS WERE PUT BACK"* ]]
	grep -q "^logger .*-p daemon.err .*NOT ALL LABELS" "$dir/called"
	grep -qx "${goes_on[2]}" "$dir/steps"
}

@test "a purge removes the rules and the saved labels, and no other script does; the feed's log stays" {
	local rules=/etc/audit/rules.d files

	files=("$rules"/60-audit-contid-{exec,stig}.rules /run/audit_contid.upgrade)
	mkdir -p "$rules"
	touch "${files[@]}" "$rules/60-site.rules" /var/log/audit-contid.json
	for action in remove upgrade disappear; do
		sh "$PROJECT/debian/audit-contid-tools.postrm" "$action"
	done
	ls "${files[@]}"
	sh "$PROJECT/debian/audit-contid-tools.postrm" purge
	# also if there is nothing left
	sh "$PROJECT/debian/audit-contid-tools.postrm" purge
	for file in "${files[@]}"; do
		[ ! -e "$file" ]
	done
	ls "$rules/60-site.rules" /var/log/audit-contid.json
	rm "$rules/60-site.rules" /var/log/audit-contid.json
}
