#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Incus, set up by contidctl setup: what its containers execute from their first instruction
# on, what is executed in there, and what goes.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031
# depends on: neither. What the module does of it is in main_job, adopt and unlabelled.
# vm: LAYER=incus

# shellcheck source=tests/lib/ways.bash
. "$BATS_TEST_DIRNAME/../../lib/ways.bash"

bats_require_minimum_version 1.5.0

hook=$programs/audit-contid-oci-hook

setup_file() {
	dir=$BATS_FILE_TMPDIR
	chmod 755 "$BATS_RUN_TMPDIR" "$dir"
	contidctl setup incus
	daemon "$dir/incusd.log" /usr/libexec/incus/incusd --group root
	wait_for /usr/libexec/incus/incusd waitready --timeout=5
	echo "# Incus $(/usr/libexec/incus/incusd --version)" >&3
	incus admin init --preseed <<-END
		storage_pools: [{ name: default, driver: dir }]
		profiles: [{ name: default, devices: { root: { type: disk, path: /, pool: default } } }]
	END
	mkdir "$dir/image"
	box "$dir/image/rootfs"
	printf 'architecture: x86_64\ncreation_date: 1\n' >"$dir/image/metadata.yaml"
	tar -C "$dir/image" -cf "$dir/image.tar" metadata.yaml rootfs
	incus image import "$dir/image.tar" --alias box
}

teardown_file() {
	incus admin shutdown
	until_true "! pgrep -x incusd"
	contidctl setup --undo incus
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_FILE_TMPDIR
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	[ ! -e "$hook.away" ] || mv "$hook.away" "$hook"
	command incus list --all-projects --format csv -c en 3>&- | tr , ' ' |
		while read -r project name; do
			incus delete --force --project "$project" "$name"
		done
	wait_for no_containers
}

# incus COMMAND...: with nothing left for bats to wait for
incus() { command incus "$@" 3>&-; }

# launch NAME [OPTION...]: a container whose first program is /bin/way with $word, and stays
launch() {
	incus launch box "$1" -c raw.lxc="lxc.init.cmd = /bin/way $word stay" "${@:2}" </dev/null
}

# bats test_tags=thorough
@test "incus launch, exec, restart: tagged from the first instruction, by the container's name" {
	begin
	launch web
	came_out "incus launch" 1 tagged web
	begin
	incus exec web -- /bin/way "$word" </dev/null
	came_out "incus exec" 1 tagged web
	word=$(incus config get web raw.lxc </dev/null | awk '{ print $4 }')
	begin "$word"
	incus restart --force web </dev/null
	came_out "incus restart" 1 tagged web
}

# bats test_tags=thorough
@test "a privileged container of Incus is tagged from its first instruction" {
	begin
	launch root -c security.privileged=true
	came_out "incus launch, privileged" 1 tagged root
}

# bats test_tags=thorough
@test "a container of another project has the project in its name" {
	incus project create shop -c features.images=false -c features.profiles=false </dev/null
	begin
	launch web --project shop
	came_out "incus launch --project" 1 tagged shop_web
	incus delete --force --project shop web </dev/null
	incus project delete shop </dev/null
}

# bats test_tags=thorough
@test "the end of a container of Incus is on record, once" {
	begin
	launch web
	contid=$(contidctl list --json | jq -r '.[].contid')
	incus delete --force web </dev/null
	wait_for no_containers
	[ "$(log | grep -ac ": op=drop .*ocontid=$contid .*res=1")" -eq 1 ]
}

# bats test_tags=thorough
@test "without the hook's program Incus starts no container, and does once it is back" {
	begin
	mv "$hook" "$hook.away"
	run ! launch web
	auditctl -D >/dev/null
	[ "$(log | grep -ac 'exe="/bin/busybox"')" -eq 0 ]
	# nothing else was in its way
	mv "$hook.away" "$hook"
	begin "$word"
	incus start web </dev/null
	came_out "incus start" 1 tagged web
}

# bats test_tags=thorough
@test "after undo a container of Incus is on record as unlabelled, and contidctl adopt names it" {
	contidctl setup --undo incus
	begin
	launch web
	came_out "incus launch, if nobody registers it" 1 unlabelled
	contidctl adopt
	[ "$(contidctl list --json | jq -r '.[].label')" = web ]
	contidctl setup incus
}
