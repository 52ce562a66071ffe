#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl doctor: each file that it looks at is broken, in a mount namespace of the
# test's own. It runs without module and audit, too.
# depends on: neither. It reads files and prints; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/doctor.bash
. "$BATS_TEST_DIRNAME/../../lib/doctor.bash"

# apart: what follows on standard input is done in a mount namespace of its own, with the
# functions of this file
apart() {
	{
		declare -f remember changed as_before verdicts line over conf good_conf engine hook wants_signatures
		declare -p GOOD BATS_TEST_TMPDIR
		cat
	} >"$BATS_TEST_TMPDIR/script"
	unshare --mount --propagation private bash -eux "$BATS_TEST_TMPDIR/script"
}

# over DIRECTORY: an empty one in its place
over() {
	mkdir -p "$1"
	mount -t tmpfs none "$1"
}

# wants_signatures: a kernel that only takes signed modules, $module, which is not signed, and no
# key of dkms, which would be $key
wants_signatures() {
	over /sys
	mkdir -p /sys/module/module/parameters
	echo Y >/sys/module/module/parameters/sig_enforce
	over /lib/modules
	module=/lib/modules/$(uname -r)/updates/audit_contid.ko
	mkdir -p "${module%/*}"
	echo >"$module"
	over /var/lib/dkms
	# shellcheck disable=SC2034 # used by the tests
	key=/var/lib/dkms/mok.pub
}

# conf LINE...: auditd.conf in the place of that which is there
conf() { printf '%s\n' "$@" >/etc/audit/auditd.conf; }

GOOD=('log_file = /var/log/audit/audit.log' 'log_format = ENRICHED' 'write_logs = yes'
	'space_left = 0' 'admin_space_left = 0')

# good_conf: a log, and auditd.conf that is well
good_conf() {
	over /etc/audit
	over /var/log/audit
	echo >/var/log/audit/audit.log
	conf "${GOOD[@]}"
}

@test "each line has a verdict, a name that is its only one, and what was found" {
	contidctl doctor --json | jq -es 'length == 1 and (.[0] | length > 15 and
		all(.[]; .name and .found and (.verdict | IN("ok", "WARN", "FAIL", "unknown"))) and
		([.[].name] | length == (unique | length)))'
}

@test "each WARN and each FAIL says what to do, an ok does not" {
	contidctl doctor --json | jq -es 'length == 1 and all(.[0][];
		(.todo != null) == (.verdict | IN("WARN", "FAIL")))'
}

@test "text and JSON say the same, a line for each object" {
	diff <(contidctl doctor | awk '{ print $2, $1 }' | sed 's/ -$/ unknown/') <(verdicts)
}

@test "the exit code is 2 after a FAIL, 1 after a WARN and 0 else" {
	run contidctl doctor --json
	worst=$(jq '[.[].verdict | if . == "FAIL" then 2 elif . == "WARN" then 1 else 0 end] | max' \
		<<<"$output")
	[ "$status" -eq "$worst" ]
}

@test "an ordinary user is shown that root sees more" {
	run setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
		contidctl doctor
	[ "$status" -ge 1 ]
	grep -E '^(WARN|FAIL)  audit  .* -> run this as root of the host$' <<<"$output"
	run ! grep -E '^ok +(audit|rules|backlog|lost) ' <<<"$output"
}

@test "log_format: RAW is a warning, NOLOG a failure, and each comes back" {
	apart <<-'END'
		good_conf
		remember
		conf "${GOOD[@]}" 'log_format = raw'
		[ "$(changed)" = 'log-format WARN' ]
		conf "${GOOD[@]}" 'LOG_FORMAT=NOLOG'
		[ "$(changed)" = 'log-format FAIL' ]
		conf "${GOOD[@]}" 'log_format_of_others = NOLOG'
		as_before
	END
}

@test "write_logs = no is a warning, and comes back" {
	apart <<-'END'
		good_conf
		remember
		conf "${GOOD[@]}" 'write_logs = no'
		[ "$(changed)" = 'write-logs WARN' ]
		conf "${GOOD[@]}"
		as_before
	END
}

@test "without auditd.conf it is said once for each line, with what to install" {
	apart <<-'END'
		good_conf
		rm /etc/audit/auditd.conf
		line log-format | grep 'WARN .*auditd.conf is not there -> install auditd'
	END
}

@test "a log that is not there is a failure, and comes back" {
	apart <<-'END'
		good_conf
		remember
		conf "${GOOD[@]}" 'log_file = /var/log/audit/other.log'
		[ "$(changed)" = 'log FAIL' ]
		echo >/var/log/audit/other.log
		as_before
	END
}

@test "little room is a warning below space_left, a failure below admin_space_left" {
	apart <<-'END'
		good_conf
		mount -t tmpfs -o size=20m none /var/log/audit
		echo >/var/log/audit/audit.log
		remember
		conf "${GOOD[@]}" 'space_left = 15' 'admin_space_left = 5'
		as_before
		dd if=/dev/zero of=/var/log/audit/full bs=1M count=10 status=none
		[ "$(changed)" = 'log-space WARN' ]
		dd if=/dev/zero of=/var/log/audit/full bs=1M count=17 status=none
		[ "$(changed)" = 'log-space FAIL' ]
		rm /var/log/audit/full
		as_before
		conf "${GOOD[@]}" 'space_left = 100%' 'admin_space_left = 5'
		[ "$(changed)" = 'log-space WARN' ]
	END
}

@test "audit=1 on the kernel's command line: the last word counts" {
	apart <<-'END'
		words=$BATS_TEST_TMPDIR/cmdline
		echo 'quiet audit=1' >"$words"
		mount --bind "$words" /proc/cmdline
		remember
		grep -x 'audit-boot ok' "$BATS_TEST_TMPDIR/before"
		echo 'audit=1 quiet audit=0' >"$words"
		[ "$(changed)" = 'audit-boot WARN' ]
		echo 'noaudit=1 quiet' >"$words"
		[ "$(changed)" = 'audit-boot WARN' ]
		echo 'quiet audit=on' >"$words"
		as_before
	END
}

@test "a newer kernel without the module is a warning; what is left of one is none" {
	apart <<-'END'
		over /lib/modules
		mkdir -p "/lib/modules/$(uname -r)/kernel" /lib/modules/1.0.0/kernel
		remember
		mkdir /lib/modules/999.0.0
		as_before
		mkdir /lib/modules/999.0.0/kernel
		[ "$(changed)" = 'module-next WARN' ]
		line module-next | grep '999.0.0.* -> .*linux-headers-999.0.0'
		mkdir /lib/modules/999.0.0/updates
		echo >/lib/modules/999.0.0/updates/audit_contid.ko.xz
		as_before
	END
}

@test "the module's file for the running kernel: its line alone changes, and comes back" {
	apart <<-'END'
		over /lib/modules
		mkdir -p "/lib/modules/$(uname -r)/updates"
		echo >"/lib/modules/$(uname -r)/updates/audit_contid.ko"
		remember
		grep -x 'module-built ok' "$BATS_TEST_TMPDIR/before"
		rm "/lib/modules/$(uname -r)/updates/audit_contid.ko"
		[[ "$(changed)" == 'module-built '* ]]
		echo >"/lib/modules/$(uname -r)/updates/audit_contid.ko"
		as_before
	END
}

@test "a kernel that wants signatures: the key of dkms is named where there is one" {
	apart <<-'END'
		wants_signatures
		line module-signed | grep "^FAIL .*no signature -> .* signs nothing by itself: .*docs/install.md"
		echo >"$key"
		line module-signed | grep "^FAIL .*no signature -> dkms remove and install .*mokutil --import $key\$"

		echo '~Module signature appended~' >"$module"
		line module-signed | grep "^WARN .*enrolled key -> modinfo -F signer $module; mokutil --import $key\$"
		rm "$key"
		line module-signed | grep "^WARN .*enrolled key -> modinfo -F signer $module; mokutil --import the key of that signer\$"
	END
}

@test "a command that needs the module names the key of dkms where there is one, too" {
	apart <<-'END'
		wants_signatures
		contidctl list 2>"$BATS_TEST_TMPDIR/said" || true
		said=$(<"$BATS_TEST_TMPDIR/said")
		[[ $said == *"by an enrolled key, and dkms has none here: docs/install.md"* ]]
		[[ $said != *mok.pub* ]]
		echo >"$key"
		contidctl list 2>"$BATS_TEST_TMPDIR/said" || true
		grep "by an enrolled key: .mokutil --import $key" "$BATS_TEST_TMPDIR/said"
	END
}

# engine NAME: a program that is called so, and nothing else
engine() {
	over /usr/local/bin
	over /etc/containers
	over /usr/share/containers
	printf '#!/bin/sh\n' >"/usr/local/bin/$1"
	chmod 755 "/usr/local/bin/$1"
}

# hook DIRECTORY: a hook's description there, and its program
hook() {
	mkdir -p "$1"
	printf '#!/bin/sh\n' >/etc/containers/program
	chmod 755 /etc/containers/program
	echo '{ "version": "1.0.0", "hook": { "path": "/etc/containers/program" } }' \
		>"$1/audit-contid.json"
}

@test "podman and CRI-O: the hook's file and its program, each taken away" {
	apart <<-'END'
		for name in podman crio; do
			for place in /usr/share /etc; do
				engine "$name"
				hook "$place/containers/oci/hooks.d"
				remember
				grep -x "$name ok" "$BATS_TEST_TMPDIR/before"
				rm /etc/containers/program
				[[ "$(changed)" == *"$name FAIL"* ]]
				hook "$place/containers/oci/hooks.d"
				as_before
				echo '{ "hook": "none" }' >"$place/containers/oci/hooks.d/audit-contid.json"
				[[ "$(changed)" == *"$name FAIL"* ]]
				rm "$place/containers/oci/hooks.d/audit-contid.json"
				[[ "$(changed)" == *"$name WARN"* ]]
				umount /usr/local/bin /etc/containers /usr/share/containers
			done
		done
	END
}

@test "the unit that adopts: installed, and enabled, if systemd runs" {
	apart <<-'END'
		over /run/systemd
		over /etc/systemd
		over /usr/local/lib/systemd
		remember
		grep -x 'adopt-unit ok' "$BATS_TEST_TMPDIR/before"
		mkdir /run/systemd/system
		[ "$(changed)" = 'adopt-unit WARN' ]
		mkdir /usr/local/lib/systemd/system
		echo >/usr/local/lib/systemd/system/audit-contid-adopt.service
		line adopt-unit | grep -- '-> systemctl enable audit-contid-adopt.service'
		mkdir -p /etc/systemd/system/dev-audit_contid.device.wants
		# shellcheck disable=SC2226 # what it names need not be there
		ln -s /usr/local/lib/systemd/system/audit-contid-adopt.service \
			/etc/systemd/system/dev-audit_contid.device.wants/
		as_before
	END
}

# kmsg LINE...: what the kernel's log says, "PRIORITY TEXT" each
kmsg() {
	local line number=0

	for line; do
		echo "${line%% *},$((++number)),1000,-;${line#* }"
	done >"$BATS_TEST_TMPDIR/kmsg"
	[ -e /dev/kmsg ] || : >/dev/kmsg
	mount --bind "$BATS_TEST_TMPDIR/kmsg" /dev/kmsg
}

@test "a load that was refused: the symbol and what is lost are named, of the kernel's own lines" {
	apart <<-END
		$(declare -f kmsg)
		over /sys
		kmsg '6 audit_contid: loading out-of-tree module taints kernel.' \
			'3 other: cannot attach to nothing' \
			'3 audit_contid: cannot attach to exit_files (-2): the end would be missed' \
			'11 audit_contid: from user space'
		line module-loaded | grep -F 'The kernel log said last: cannot attach to exit_files (-2): the end would be missed -> modprobe'
		kmsg '4 audit_contid: a warning' '3 audit_contidx: another'
		run=\$(line module-loaded)
		[[ \$run != *"said last"* ]]
	END
}

@test "a build that was refused: its reason is named, of the log for this kernel" {
	version=$(contidctl --version | awk '{ print $NF }')
	apart <<-END
		over /lib/modules
		over /var/lib/dkms
		log=/var/lib/dkms/audit_contid/$version/build/make.log
		mkdir -p "\${log%/*}" "/lib/modules/$(uname -r)/kernel"
		printf '%s\n' "DKMS make.log for audit_contid-$version for kernel $(uname -r) (x86_64)" \
			'audit_contid: no list of the symbols of it is here' \
			'/x/compat.h:12:2: error: #error "audit_contid does not run on PREEMPT_RT"' >"\$log"
		line module-built | grep -F 'not built for the running kernel: audit_contid does not run on PREEMPT_RT -> see /var/lib/dkms/'
		sed -i '3s/.*/audit_contid: it has no function exit_files: the end would be missed/' "\$log"
		line module-built | grep -F 'not built for the running kernel: it has no function exit_files: the end would be missed -> see'
		sed -i '1s/kernel .*/kernel 1.0.0 (x86_64)/' "\$log"
		line module-built | grep 'not installed for the running kernel'
	END
}
