#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-runtime: what it adds to a bundle, what it leaves alone, and which runtime
# it becomes.
# depends on: neither. It changes a file and executes a program; oci_hook has what the
# hook does.
# vm: none

# shellcheck source=tests/lib/runtime.bash
. "$BATS_TEST_DIRNAME/../../lib/runtime.bash"

setup() { runtime_setup; }
teardown() { runtime_teardown; }

# --- what it adds

# added ENGINE: the hook, and nothing else
added() {
	bundle "$1"
	cp "$bundle/config.json" "$dir/before"
	passed create --bundle "$bundle" web
	hooked "$bundle/config.json"
	# as text: jq reads a number of 64 bits as a double
	ours="[{\"path\":\"$hook\",\"args\":[\"${hook##*/}\"],\"timeout\":30}]"
	ours="\"createRuntime\":$ours,\"poststop\":$ours"
	text=$(<"$bundle/config.json")
	if [[ $text == *'"prestart"'* ]]; then
		text=${text/",$ours"/}
	else
		text=${text/",\"hooks\":{$ours}"/}
	fi
	[ "$text" = "$(<"$dir/before")" ]
	[ "$(ls -A "$bundle")" = config.json ]
	said
}

@test "the hook is added to a config.json of Docker, and nothing else changes" {
	added docker
}

@test "the hook is added to a config.json of containerd, and nothing else changes" {
	added containerd
}

@test "run adds it as create does" {
	bundle
	passed run --detach --bundle "$bundle" web
	hooked "$bundle/config.json"
}

@test "a hook that is there already is not added, and the file is not written" {
	bundle
	passed create --bundle "$bundle" web
	before=$(stat -c '%i %y' "$bundle/config.json")
	passed create --bundle "$bundle" web
	[ "$(stat -c '%i %y' "$bundle/config.json")" = "$before" ]
	said
}

@test "the file keeps its mode and its group" {
	bundle
	chgrp 3 "$bundle/config.json"
	chmod 640 "$bundle/config.json"
	passed create --bundle "$bundle" web
	hooked "$bundle/config.json"
	[ "$(stat -c '%a %u %g' "$bundle/config.json")" = '640 0 3' ]
}

# --- whose bundle it is

@test "the bundle is found in each form in which runtimes take it" {
	local form

	for form in "-b B" "--bundle B" "--bundle=B" "-bundle B" "-bundle=B" "-b=B" "-bB" \
		"--console-socket run --bundle B" "--no-pivot --pid-file /x --bundle B"; do
		bundle
		# shellcheck disable=SC2086 # several words
		passed create ${form/B/$bundle} web
		hooked "$bundle/config.json"
		bundle
		# shellcheck disable=SC2086
		passed create web ${form/B/$bundle}
		hooked "$bundle/config.json"
	done
}

@test "without a bundle it is the current directory" {
	bundle
	cd "$bundle"
	passed create web
	hooked config.json
}

@test "the command is found behind the options of all commands" {
	local form

	for form in "--root /run --log /x/log.json --log-format json" "--debug --systemd-cgroup" \
		"--log=/x --root=create" "-log run" "--cgroup-manager systemd" "--rootless true" \
		"--unknown word" "--unknown"; do
		bundle
		# shellcheck disable=SC2086 # several words
		passed $form create --bundle "$bundle" web
		hooked "$bundle/config.json"
	done
}

@test "crun's --config names another file" {
	bundle
	mv "$bundle/config.json" "$bundle/other.json"
	cd "$bundle"
	passed create --config other.json web
	hooked other.json
	passed create -f "$bundle/other.json" --bundle / web
	hooked other.json
	said
}

# --- what it leaves alone

@test "every other command arrives as it is, and no file is read" {
	local word

	bundle
	cp "$bundle/config.json" "$dir/before"
	cd "$bundle"
	for word in --version -v --help features list state start delete exec kill pause update; do
		passed "$word" --bundle "$bundle" web
	done
	passed
	passed exec web create --bundle "$bundle"
	passed --root create state web
	cmp config.json "$dir/before"
	said
}

@test "arguments, environment, input and output are the real runtime's" {
	bundle
	cat >"$dir/path/runc" <<-'END'
		#!/bin/bash
		printf '<%s>' "$@" "$VALUE"
		cat
		echo error >&2
		exit 3
	END
	status=0
	VALUE=$'a\nb' "$runtime" create -b "$bundle" '' $'x\ny' 'a  b' '*' <<<in \
		>"$dir/out" 2>"$dir/err" || status=$?
	[ "$status" -eq 3 ]
	[ "$(<"$dir/out")" = "<create><-b><$bundle><><x"$'\n'"y><a  b><*><a"$'\n'"b>in" ]
	[ "$(<"$dir/err")" = error ]
}

# --- a bundle that it cannot use: it starts as without us

# starts PATTERN [ARGUMENT...]: with one line, and the file as it was
starts() {
	local before

	before=$(stat -c '%i %y %s' "$bundle/config.json" 2>/dev/null || true)
	passed create --bundle "$bundle" "${2:-web}"
	[ "$(stat -c '%i %y %s' "$bundle/config.json" 2>/dev/null || true)" = "$before" ]
	said "container \"${3:-web}\": the hook could not be put into \"$bundle/config.json\": $1; it starts without a container ID of its own"
	[ -z "$(find "$bundle" -name '.audit-contid*')" ]
}

@test "no config.json, and no bundle" {
	bundle
	rm "$bundle/config.json"
	starts 'No such file or directory'
	rmdir "$bundle"
	starts 'No such file or directory'
	: >"$bundle"
	starts 'Not a directory'
}

@test "a config.json that is cut, empty or no JSON" {
	bundle
	truncate -s 1000 "$bundle/config.json"
	starts 'it is cut off'
	: >"$bundle/config.json"
	starts 'it is empty'
	echo '{ "a": 1 } // b' >"$bundle/config.json"
	starts 'it is not JSON'
	echo '[]' >"$bundle/config.json"
	starts 'it is no JSON object'
}

@test "a config.json that could not be written as it was" {
	bundle
	echo '{ "a": 18446744073709551616 }' >"$bundle/config.json"
	starts 'a number in it has more than 64 bits'
	echo '{ "a": 1, "a": 2 }' >"$bundle/config.json"
	starts 'an object in it has two members with one name'
}

@test "hooks of a wrong type" {
	bundle
	echo '{ "hooks": [] }' >"$bundle/config.json"
	starts 'its hooks are no object'
	echo '{ "hooks": { "createRuntime": "x" } }' >"$bundle/config.json"
	starts 'its hooks.createRuntime is no array'
}

# larger: a config.json that the author of a container has made too large
larger() {
	bundle
	truncate -s 67108865 "$bundle/config.json"
}

@test "a config.json of 64 MiB is read: no container starts without the hook by its size" {
	local size

	for size in 4194305 67108864; do
		bundle
		printf '{"a":"%*s"}' $((size - 8)) '' >"$bundle/config.json"
		passed create --bundle "$bundle" web
		hooked "$bundle/config.json"
	done
	said
}

@test "one that is larger starts nothing, if the module is there" {
	local before

	larger
	: >/dev/audit_contid
	before=$(stat -c '%i %y %s' "$bundle/config.json")
	rm -f "$dir/called"
	run "$runtime" create --bundle "$bundle" web
	[ "$status" -eq 1 ]
	[ ! -e "$dir/called" ]
	[[ $output == "audit-contid-runtime: container \"web\": "*"it is larger than 64 MiB; it does not start (on-refused=refuse, see /etc/audit-contid/oci-hook.conf)" ]]
	said "container \"web\": the hook could not be put into \"$bundle/config.json\": it is larger than 64 MiB; it does not start (on-refused=refuse, see /etc/audit-contid/oci-hook.conf)"
	[ "$(stat -c '%i %y %s' "$bundle/config.json")" = "$before" ]
	passed state web
	passed delete web
}

@test "the site may say otherwise, for all and not for a namespace; without the module it starts" {
	larger
	starts 'it is larger than 64 MiB'
	: >/dev/audit_contid
	mkdir -p /etc/audit-contid
	echo 'on-refused.shop = warn' >/etc/audit-contid/oci-hook.conf
	run "$runtime" create --bundle "$bundle" web
	[ "$status" -eq 1 ]
	: >"$dir/journal"
	echo 'on-refused = warn' >/etc/audit-contid/oci-hook.conf
	starts 'it is larger than 64 MiB'
	rm /dev/audit_contid
	echo 'on-missing = refuse' >/etc/audit-contid/oci-hook.conf
	run "$runtime" create --bundle "$bundle" web
	[ "$status" -eq 1 ]
	[[ $output == *"(on-missing=refuse, see "* ]]
}

@test "a want of memory is nothing else: the hook is added, or nothing starts" {
	local limit refused=0

	: >/dev/audit_contid
	bundle
	# One that takes much more memory than it has bytes. jq before 1.7 would round a number of 64 bits.
	perl -0pe 's/\}\s*\z/sprintf ",\"x\":{\"a\":\"%s\",\"b\":[%s]}}", "\\u0001" x 200000, join ",", 0 .. 99999/e' \
		"$bundle/config.json" >"$dir/large"
	cp "$dir/large" "$bundle/config.json"
	passed create --bundle "$bundle" web
	cp "$bundle/config.json" "$dir/hooked"
	for ((limit = 12000; limit < 24000; limit += 700)); do
		cp "$dir/large" "$bundle/config.json"
		rm -f "$dir/called"
		status=0
		output=$(ulimit -v "$limit" && "$runtime" create --bundle "$bundle" web 2>&1) || status=$?
		echo "$limit: $status: $output"
		if [ -e "$dir/called" ]; then
			cmp "$bundle/config.json" "$dir/hooked"
		else
			cmp "$bundle/config.json" "$dir/large"
		fi
		[[ $output != *'there is not enough memory to change it; it does not start (on-refused=refuse, '* ]] ||
			refused=$((refused + 1))
	done
	[ "$refused" -gt 0 ]
	[ -e "$dir/called" ]
	[ "$(grep -cF 'it starts without' "$dir/journal")" -eq 0 ]
}

@test "a config.json that another owns, a symbolic link, a directory, a pipe" {
	bundle
	chown 65534 "$bundle/config.json"
	starts 'another user owns it'
	mv "$bundle/config.json" "$bundle/real.json"
	ln -s real.json "$bundle/config.json"
	starts 'it is a symbolic link'
	rm "$bundle/config.json"
	mkdir "$bundle/config.json"
	starts 'it is no file'
	rmdir "$bundle/config.json"
	mkfifo "$bundle/config.json"
	starts 'it is no file'
}

@test "a bundle that cannot be written" {
	bundle
	mount --bind "$bundle" "$bundle"
	mount -o remount,ro,bind "$bundle"
	starts 'Read-only file system' || { umount "$bundle"; false; }
	umount "$bundle"
}

@test "a container's name cannot end the line in the journal" {
	bundle
	: >"$bundle/config.json"
	starts 'it is empty' $'a"\n<0>b' 'a\\x22\\x0a<0>b'
}

@test "if the hook's program is not there, it is not put into a bundle" {
	bundle
	mv "$hook" "$hook.away"
	starts 'audit-contid-oci-hook does not lie beside this program'
}

# --- which runtime it becomes

@test "by default the first of runc and crun in PATH, and not itself" {
	fake "$dir/path/crun"
	mkdir "$dir/first"
	ln -s "$runtime" "$dir/first/runc"
	PATH=$dir/first:$PATH passed state web
	mv "$dir/path/runc" "$dir/away"
	rm "$dir/path/crun" "$dir/called"
	PATH=$dir/first:$dir/path run "$runtime" state web
	[ "$status" -ne 0 ]
	[ ! -e "$dir/called" ]
}

@test "the configuration names it, by a path or a name" {
	fake "$dir/other/a runtime"
	configure "# a comment" "runtime = \"$dir/other/a runtime\" # behind"
	run "$runtime" state web
	[ "$status" -eq 7 ]
	called "$dir/other/a runtime" state web
	fake "$dir/path/crun"
	configure 'runtime=crun'
	run "$runtime" state web
	[ "$status" -eq 7 ]
	called "$dir/path/crun" state web
	said
}

@test "a runtime that the configuration names and that is none is not replaced by another" {
	configure "runtime = $dir/absent"
	refused "the runtime that $config names is no program, or this one"
	configure "runtime = $runtime"
	refused "the runtime that $config names is no program, or this one"
	configure "runtime = $dir"
	refused "the runtime that $config names is no program, or this one"
	configure 'runtime = absent'
	refused "the runtime that $config names is in no directory of PATH"
}

@test "what makes no sense in the configuration is named when a container is made" {
	configure 'runtme = x'
	passed state web
	said
	bundle
	passed create --bundle "$bundle" web
	said "$config: line 1, \"runtme = x\", has no key that is known: it sets nothing"
	configure 'runtime = bin/runc'
	passed create --bundle "$bundle" web
	said "$config: line 1, \"runtime = bin/runc\", has no value that is known: the default holds"
}

@test "a journal that is not there stops nothing" {
	bundle
	kill -9 "$syslogd"
	rm /dev/log
	: >"$bundle/config.json"
	passed create --bundle "$bundle" web
}
