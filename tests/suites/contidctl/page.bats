#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl report --period: a month of containers on a page.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

export TZ=UTC
SUBJECT='ppid=1 pid=7 auid=1000 uid=0 euid=0 comm="crun" exe="/usr/bin/crun" subj=unconfined'

# operation SECONDS OP TEXT: of the module's, so many seconds after the fixtures' time
operation() {
	printf 'type=KERNEL_OTHER msg=audit(%d.000:%d): op=%s %s %s res=%d\n' \
		$((1795600000 + $1)) "$1" "$2" "${*:3}" "$SUBJECT" "${RES:-1}"
}

# page LOG: as JSON
page() { contidctl report --period 2026-11 --format json --input "$1"; }

@test "a container that lives twice has its name, its entries and its times each" {
	{
		operation 1 register "opid=9 ocontid=$A old-ocontid=-1" vm='"web"'
		operation 2 adopt "opid=10 ocontid=$A"
		operation 3 adopt "opid=11 ocontid=$A"
		operation 4 drop "opid=9 ocontid=$A"
		operation 50 register "opid=12 ocontid=$A old-ocontid=-1" vm=77656220616761696E
		operation 51 adopt "opid=13 ocontid=$A"
	} | sed -E 's/ vm=([^ ]*)(.*)/\2 vm=\1/' >log
	page log >object
	holds '[.containers[] | [.name, .entries]] == [["web", 2], ["web again", 1]]' <object
	holds '.containers[0] | .began == "2026-11-25 09:46:41.000 +0000" and .ended == "2026-11-25 09:46:44.000 +0000" and .auid == "1000" and .exe == "/usr/bin/crun"' <object
	holds '.containers[1].ended == null' <object
}

@test "a security context that reads like an outcome and a name is none" {
	SUBJECT+=' res=0 vm="forged"' operation 1 register "opid=9 ocontid=$A old-ocontid=-1" >log
	SUBJECT+=' res=1 vm="forged"' RES=0 operation 2 register "opid=9 ocontid=$B old-ocontid=-1" >>log
	page log >object
	holds '(.containers | length) == 1 and .containers[0].name == null and .refused == 1' <object
}

@test "times in which nothing was labelled: unloaded, switched off, and before a boot" {
	{
		operation 1 load version=0.1 containers=0
		operation 10 unload version=0.1 containers=0
		operation 20 load version=0.1 containers=0
		RES=0 operation 30 hooks
		RES=0 operation 31 hooks
		operation 35 hooks
		RES=0 operation 40 hooks
		operation 45 unload version=0.1 containers=0
	} >log
	page log | jq -c '.off[] | [.from // "-", .to // "-", .why]' | sed -E 's/2026-11-25 09:4//g; s/\.000 \+0000//g' >spans
	diff spans - <<-'END'
		["-","6:41","the module was not loaded"]
		["6:50","7:00","the module was not loaded"]
		["7:10","7:15","the kernel's probes were switched off"]
		["7:20","7:25","the kernel's probes were switched off"]
		["7:25","-","the module was not loaded"]
	END
	contidctl report --period 2026-11 --input log | grep -qF '(not on record) to 2026-11-25 09:46:41'
	contidctl report --period 2026-11 --input log | grep -qF '09:47:25.000 +0000 to (not ended)'
}

@test "each machine of a log has its own containers, and its own times without labels" {
	{
		operation 1 register "opid=9 ocontid=$A old-ocontid=-1" | sed 's/^/node=one /'
		operation 1 register "opid=9 ocontid=$A old-ocontid=-1" | sed 's/^/node=two /'
		operation 2 adopt "opid=10 ocontid=$A" | sed 's/^/node=one /'
		operation 3 adopt "opid=11 ocontid=$A" | sed 's/^/node=one /'
		operation 10 unload version=0.1 containers=0 | sed 's/^/node=one /'
		operation 20 load version=0.1 containers=0 | sed 's/^/node=two /'
		operation 30 load version=0.1 containers=0 | sed 's/^/node=one /'
		operation 40 unlabelled opid=77 nsdev=0:4 pidns=4026532204 | sed 's/^/node=two /'
	} >log
	page log >object
	holds '[.containers[] | [.node, .entries]] == [["one", 2], ["two", 0]]' <object
	holds '[.off[] | [.node, (.from // "-")[17:19], .to[17:19]]] == [["one", "50", "10"], ["two", "", "00"]]' <object
	holds '[.unlabelled[].node] == ["two"]' <object
	run -0 contidctl report --period 2026-11 --input log
	[[ $output == *"/usr/bin/crun, on two"*": the module was not loaded, on two"* ]]
}

@test "what began without an ID, and what was refused" {
	{
		operation 1 unlabelled opid=77 nsdev=0:4 pidns=4026532204
		RES=0 operation 2 register "opid=9 ocontid=$A old-ocontid=-1"
	} >log
	page log | holds '.refused == 1 and (.unlabelled | length == 1 and .[0].pid == "77" and .[0].exe == "/usr/bin/crun")'
	run -0 contidctl report --period 2026-11 --input log
	[[ $output == *"Began without an ID: 1"*"process 77, /usr/bin/crun"* ]]
}

@test "the month is that of the place, and nothing else is counted" {
	fixture lives >log
	page log | holds '.since == "2026-11-01 00:00:00.000 +0000" and .until == "2026-11-30 23:59:59.999 +0000" and (.containers | length == 4)'
	contidctl report --period 2026-10 --format json --input log | holds '.containers == []'
	contidctl report --period 2026-12 --format json --input log | holds '.containers == []'
	TZ=JST-9 contidctl report --period 2024-02 --format json --input log |
		holds '.since == "2024-02-01 00:00:00.000 +0900" and .until == "2024-02-29 23:59:59.999 +0900"'
	for month in 2026 2026-13 2026-1 26-11 2026-11-01 november; do
		run -2 contidctl report --period "$month" --input log
		[[ $output == *"is no month"* ]]
	done
}

@test "the page names period, log and contidctl, and has a line to sign" {
	run -0 contidctl report --period 2026-11 --input <(fixture lives)
	[[ $output == *"period    2026-11-01 "*"the log   2026-11-25 09:46:40.090"*"by contidctl "* ]]
	[[ $output == *"Containers: 4"*"nested in $A"*"Registrations that were refused: 1"* ]]
	[[ ${lines[-1]} == "Reviewed by ___"*"Signature ___"* ]]
}

@test "the image is that which an engine of this machine still knows, if the log has none" {
	docker=${A//-/}$(printf '%032d' 0) podman=${B//-/}$(printf '%032d' 0)
	{
		operation 1 register "opid=9 ocontid=$A old-ocontid=-1"
		operation 2 register "opid=9 ocontid=$B old-ocontid=-1"
	} >log
	export A B docker podman
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount bash -euc '
		mkdir -p /var/lib/docker /var/lib/containers /var/log/audit /etc/audit
		for directory in /var/lib/docker /var/lib/containers /var/log/audit /etc/audit; do
			mount -t tmpfs -o mode=0755 none "$directory"
		done
		mkdir -p "/var/lib/docker/containers/$docker" /var/lib/containers/storage/overlay-containers
		printf "{ \"ID\": \"%s\", \"Name\": \"/web\", \"Config\": { \"Image\": \"nginx:1.27\" } }" "$docker" \
			>"/var/lib/docker/containers/$docker/config.v2.json"
		printf "[ { \"id\": \"%s\", \"names\": [ \"db\" ], \"metadata\": \"{\\\\\"image-name\\\\\": \\\\\"quay.io/x\\\\\"}\" } ]" "$podman" \
			>/var/lib/containers/storage/overlay-containers/containers.json
		cp log /var/log/audit/audit.log
		contidctl report --period 2026-11 --format json >object
		# of a log that may be of another machine nothing here is known
		contidctl report --period 2026-11 --format json --input log >other'
	holds '[.containers[].image] == ["nginx:1.27", "quay.io/x"] and .machine != null' <object
	holds '[.containers[].image] == [null, null] and .machine == null' <other
}

@test "a page has its own times and order, and without a container it ends with 1" {
	fixture lives >log
	for option in "--since now" "--until now" "--sort events" "--top 1"; do
		# shellcheck disable=SC2086 # several words
		run -2 contidctl report $option --period 2026-11 --input log
		[[ $output == *"--period has its own times and order, and not ${option%% *}"* ]]
	done
	run -1 --separate-stderr contidctl report --period 2026-10 --format json --input log
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = "contidctl: no record of this time names a container" ]
	holds '.schema == 1 and .containers == []' <<<"$output"
	sed -n '/^.Ss A page/,/^.Ss A tree/p' "$BATS_TEST_DIRNAME/../../../src/man/audit_contid_json.5" >section
	for key in $(page log | jq -r '[., .containers[0], .off[], .unlabelled[]] | map(keys) | flatten | unique[]'); do
		grep -q "^\.\(It \)\?Li .*\b$key\b" section
	done
}
