#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl setup: which files of engines it changes and how, and that it gives them back.
# depends on: neither. It changes files below a directory.
# vm: none
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/setup.bash
. "$BATS_TEST_DIRNAME/../../lib/setup.bash"

setup() { setup_setup; }

# --- all engines

@test "each engine of a machine is set up, a second time changes nothing, and undo gives back every byte" {
	all_engines
	before=$(tree)
	setup_does
	[[ $output == *"Docker: set up by /etc/docker/daemon.json "* ]]
	after=$(tree)
	[ "$after" != "$before" ]
	setup_does
	[ "$(tree)" = "$after" ]
	[ "$(grep -c ': is set up$' <<<"$output")" -eq 6 ]
	setup_does --undo
	[ "$(tree)" = "$before" ]
	setup_does --undo
	[ -z "$output" ]
	[ "$(tree)" = "$before" ]
}

@test "a dry run prints the difference, and changes nothing" {
	all_engines
	before=$(tree)
	setup_does --dry-run
	[ "$(tree)" = "$before" ]
	grep -x -- '--- /etc/docker/daemon.json' <<<"$output"
	grep -xF -- '+    "default-runtime": "audit-contid"' <<<"$output"
	grep -xF -- "+lxc.hook.start-host = $hook --lxc" <<<"$output"
	! grep -q '^-[^-]' <<<"$output" || [ "$(grep -c '^-[^-]' <<<"$output")" -eq 1 ]
	setup_does
	setup_does --undo --dry-run
	grep -xF -- '-    "default-runtime": "audit-contid"' <<<"$output"
	setup_does --undo
	[ "$(tree)" = "$before" ]
}

@test "status says what is set up, what is not, and ends with 1 until all is" {
	all_engines
	setup_refuses --status
	grep -xE 'Docker +not set up' <<<"$output"
	setup_does docker
	setup_refuses --status
	grep -xE 'Docker +set up' <<<"$output"
	grep -xE 'LXC +not set up' <<<"$output"
	setup_does
	rm "$root/etc/systemd/system/docker.service.d/audit-contid.conf"
	setup_refuses --status
	grep -xE 'Docker +set up in part' <<<"$output"
	setup_does
	setup_does --status
	grep -E '^systemd-nspawn +cannot be set up: ' <<<"$output"
	rm "$root/usr/bin/lxc-start"
	setup_does --status
	grep -xE 'LXC +not on this machine' <<<"$output"
}

@test "an engine that is not there is nothing to do, unless it is named" {
	setup_does
	[ -z "$output" ]
	setup_refuses docker
	[[ $output == 'contidctl: setup: Docker: it is not on this machine' ]]
	run contidctl setup --root "$root" dcoker
	[ "$status" -eq 2 ]
	[[ $output == "contidctl: setup: there is no engine 'dcoker'"* ]]
	run contidctl setup --status --undo
	[ "$status" -eq 2 ]
}

@test "nothing is set up while our programs are not there" {
	all_engines
	rm "$root$runtime"
	before=$(tree)
	setup_refuses docker containerd
	[ "$(grep -c "$runtime is not there: type" <<<"$output")" -eq 2 ]
	rm "$root$hook"
	before=$(tree)
	setup_refuses podman lxc
	[ "$(tree)" = "$before" ]
	[ "$(grep -c "$hook is not there: type" <<<"$output")" -eq 2 ]
}

# --- Docker

# registered: Docker would call our runtime
registered() {
	jq -e --arg path "$runtime" '.["default-runtime"] == "audit-contid" and
		.runtimes["audit-contid"].path == $path' "$json"
}

@test "Docker: a daemon.json that is absent, empty, blank or an empty object" {
	local text

	engine docker
	before=$(tree)
	setup_does docker
	registered
	setup_does --undo docker
	[ "$(tree)" = "$before" ]
	for text in '' $' \n\t' '{}' $'{\n}\n'; do
		daemon_json "$text"
		before=$(tree)
		setup_does docker
		registered
		setup_does --undo
		[ "$(tree)" = "$before" ]
	done
}

@test "Docker: the smallest change of a file is lines behind its last" {
	daemon_json $'{\n\t"log-driver": "journald",\n\t"bip":   "10.0.0.1/24",\n\t"x": [1, 2.50]\n}\n'
	cp "$json" "$dir/before"
	setup_does docker
	registered
	[ "$(diff "$dir/before" "$json" | grep -c '^[<>]')" -eq 4 ]
	grep -x $'\t"default-runtime": "audit-contid"' "$json"
	[ "$(jq -S 'del(.runtimes, .["default-runtime"])' "$json")" = "$(jq -S . "$dir/before")" ]
}

@test "Docker: other runtimes stay, and \"runc\" is no choice of the site's" {
	daemon_json '{ "default-runtime": "runc", "runtimes": { "nvidia": { "path": "/usr/bin/nvidia-container-runtime", "runtimeArgs": [] } }, "n": 18446744073709551615 }'
	before=$(tree)
	setup_does docker
	registered
	[ "$(jq -r .runtimes.nvidia.path "$json")" = /usr/bin/nvidia-container-runtime ]
	grep -F 18446744073709551615 "$json"
	setup_does --undo
	[ "$(tree)" = "$before" ]
}

@test "Docker: another default runtime, by the site, is refused with what to type" {
	refused '{ "default-runtime": "crun" }' '*"crun"*"default-runtime": "runc"*runtime.conf*'
	refused '{ "runtimes": { "audit-contid": { "path": "/x" } } }' '*has another runtime*'
	refused '{ "default-runtime": [] }' '*'
}

@test "Docker: a daemon.json that Docker itself cannot read" {
	refused '{ "a": 1 } // b' '*it is not JSON: Docker does not start with it*'
	refused $'{\n /* c */ "a": 1 }' '*it is not JSON*'
	refused '{ "a": 1, }' '*it is not JSON*'
	refused '{ "a": 1' '*it is cut off*'
	refused '[]' '*it is no JSON object*'
	refused '{ "runtimes": [] }' '*runtimes is no object*'
	refused '{ "a": 1, "a": 2 }' '*two members with one name*'
}

@test "Docker: a daemon.json that others own or write, and one that is no file" {
	daemon_json '{}'
	chown 65534 "$json"
	setup_refuses docker
	[[ $output == *'another user owns it: make it'* ]]
	chown 0 "$json"
	chmod 664 "$json"
	setup_refuses docker
	[[ $output == *'others may write it'* ]]
	mv "$json" "$root/real"
	ln -s ../../real "$json"
	setup_refuses docker
	[[ $output == *'it is a symbolic link'* ]]
	rm "$json"
	mkdir "$json"
	setup_refuses docker
	[[ $output == *'it is no file'* ]]
}

@test "Docker: the file keeps its mode and owner, and undo gives them back" {
	daemon_json '{}'
	chown 0:3 "$json"
	chmod 640 "$json"
	setup_does docker
	[ "$(stat -c '%a %u %g' "$json")" = '640 0 3' ]
	setup_does --undo docker
	[ "$(stat -c '%a %u %g' "$json")" = '640 0 3' ]
	[ "$(<"$json")" = '{}' ]
}

@test "Docker: options of dockerd that may not stand beside the file's" {
	engine docker
	echo 'ExecStart=/usr/bin/dockerd --default-runtime=crun' >>"$root/usr/lib/systemd/system/docker.service"
	setup_refuses docker
	[[ $output == *'/usr/lib/systemd/system/docker.service has --default-runtime'* ]]
	engine docker
	mkdir -p "$root/etc/default"
	echo 'DOCKER_OPTS="--config-file /x"' >"$root/etc/default/docker"
	setup_refuses docker
	[[ $output == *'/etc/default/docker has --config-file'* ]]
	sed -i 's/^/# /' "$root/etc/default/docker"
	setup_does docker
}

@test "Docker: what docker build runs is covered by a drop-in, or said" {
	engine docker
	setup_does docker
	grep -xF "Environment=DOCKER_BUILDKIT_RUNC_COMMAND=$runtime" \
		"$root/etc/systemd/system/docker.service.d/audit-contid.conf"
	[[ $output == *'systemctl restart docker'* ]]
	setup_does --undo
	rm "$root/usr/lib/systemd/system/docker.service"
	setup_does docker
	[[ $output == *'DOCKER_BUILDKIT_RUNC_COMMAND='* ]]
	setup_does --undo
}

@test "Docker: undo names containers that need our runtime" {
	engine docker
	setup_does docker
	mkdir -p "$root"/var/lib/docker/containers/{1,2}
	echo '{"Runtime":"audit-contid"}' >"$root/var/lib/docker/containers/1/hostconfig.json"
	echo '{"Runtime":"runc"}' >"$root/var/lib/docker/containers/2/hostconfig.json"
	setup_does --undo docker
	[[ $output == *'1 containers were made with the runtime "audit-contid"'* ]]
	[ ! -e "$json" ]
}

# --- the others

@test "containerd: a drop-in for its PATH, whatever version its configuration has" {
	local text

	for text in 'version = 2' 'version = 3' $'[plugins."io.containerd.grpc.v1.cri"]\nBinaryName = ""'; do
		engine containerd
		mkdir -p "$root/etc/containerd"
		printf '%s\n' "$text" >"$root/etc/containerd/config.toml"
		before=$(tree)
		setup_does containerd
		grep -xF "Environment=PATH=${runtime%/*}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
			"$root/etc/systemd/system/containerd.service.d/audit-contid.conf"
		[[ $output == *'systemctl restart containerd'* ]]
		[[ $output != *config.toml* ]]
		setup_does --undo
		[ "$(tree)" = "$before" ]
	done
}

@test "containerd: a BinaryName of the site's is said to be a limit" {
	engine containerd
	mkdir -p "$root/etc/containerd"
	printf 'x\n  BinaryName = ""\n  BinaryName = "/opt/kata"\n' >"$root/etc/containerd/config.toml"
	setup_does containerd
	[[ $output == *'/etc/containerd/config.toml starts by BinaryName = "/opt/kata" is registered if'* ]]
}

@test "containerd: a unit that is not there, or has a PATH of its own" {
	engine containerd
	rm "$root/usr/lib/systemd/system/containerd.service"
	setup_refuses containerd
	[[ $output == *"start containerd with ${runtime%/*}/bin in front of its PATH" ]]
	engine containerd
	mkdir -p "$root/etc/systemd/system/containerd.service.d"
	printf '[Service]\nEnvironment=PATH=/opt\n' \
		>"$root/etc/systemd/system/containerd.service.d/site.conf"
	setup_refuses containerd
	[[ $output == *"site.conf has Environment=PATH=/opt: put ${runtime%/*}/bin in front"* ]]
}

@test "podman, CRI-O: the file is that of make install-hook" {
	make -s -C "$PROJECT/src/oci-hook" install-hook DESTDIR="$dir/made" >/dev/null
	engine podman
	engine crio
	setup_does
	diff -r "$dir/made/usr/share/containers" "$root/usr/share/containers"
	setup_does --undo
	# a package's own is not ours to undo
	mkdir -p "$root/usr/share"
	cp -r "$dir/made/usr/share/containers" "$root/usr/share/"
	before=$(tree)
	setup_does podman
	[ "$output" = 'podman: is set up' ]
	setup_does --undo podman
	[ "$output" = 'podman: nothing of contidctl setup to undo' ]
	[ "$(tree)" = "$before" ]
}

@test "podman, CRI-O: a hooks_dir that leaves the directory out" {
	engine podman
	engine crio
	mkdir -p "$root/etc/containers" "$root/etc/crio/crio.conf.d"
	printf '# hooks_dir = []\nhooks_dir = [\n "/opt/hooks" ]\n' >"$root/etc/containers/containers.conf"
	echo 'hooks_dir = ["/usr/share/containers/oci/hooks.d"]' >"$root/etc/crio/crio.conf.d/10-x.conf"
	setup_refuses podman
	[[ $output == *'/etc/containers/containers.conf has hooks_dir without /usr/share/containers/oci/hooks.d: add'* ]]
	setup_does crio
}

@test "LXC and Incus: one file in the directory that both read" {
	engine incus
	mkdir -p "$root/usr/share/lxc/config/common.conf.d"
	before=$(tree)
	setup_does
	grep -xF "lxc.hook.start-host = $hook --lxc" \
		"$root/usr/share/lxc/config/common.conf.d/50-audit-contid.conf"
	setup_does --undo
	[ "$(tree)" = "$before" ]
	rmdir "$root/usr/share/lxc/config/common.conf.d"
	setup_refuses
	[[ $output == *'write lxc.hook.start-host ='* ]]
}

@test "nspawn: the reason why not, and what to type" {
	engine systemd-nspawn
	setup_does
	[[ $output == 'systemd-nspawn: '*'`contidctl run -- systemd-nspawn'* ]]
	setup_refuses nspawn
}

# --- files that were changed since

@test "the plugin of NRI is set up by its name alone, and undone" {
	engine containerd
	program "${hook%/*}/audit-contid-nri"
	setup_refuses nri
	[[ $output == *'there is no unit audit-contid-nri.service'* ]]
	: >"$root/usr/lib/systemd/system/audit-contid-nri.service"
	before=$(tree)
	setup_does
	[[ $output != *NRI* ]]
	setup_does --undo
	setup_does nri
	grep -qx 'Wants=audit-contid-nri.service' \
		"$root/etc/systemd/system/containerd.service.d/audit-contid-nri.conf"
	[ ! -e "$root/etc/systemd/system/crio.service.d" ]
	setup_does nri
	[ "$output" = 'NRI: is set up' ]
	setup_does --undo
	[ "$(tree)" = "$before" ]
}

@test "undo of a file that two engines share is said of the one that is there" {
	engine podman
	setup_does
	setup_does --undo
	[ "$output" = 'podman: undone' ]
	engine incus
	mkdir -p "$root/usr/share/lxc/config/common.conf.d"
	setup_does
	setup_does --undo
	[[ $output == *'Incus: undone'* && $output != *LXC* ]]
	# none is there any more
	setup_does
	rm -r "${root:?}/usr/bin"
	setup_does --undo
	[[ $output == *undone* ]]
}

@test "undo of a daemon.json that was changed since takes out our part alone" {
	daemon_json $'{\n  "bip": "10.0.0.1/24"\n}\n'
	setup_does docker
	jq '.debug = true' "$json" >"$dir/new"
	cat "$dir/new" >"$json"
	setup_does --undo docker
	[[ $output == *'daemon.json was changed since: only our part is taken out'* ]]
	[ "$(jq -c . "$json")" = '{"bip":"10.0.0.1/24","debug":true}' ]
	[ ! -e "$root/var/lib/audit-contid" ]
}

@test "so it does if a member has no value any more, or one of another type" {
	local text

	for text in '{"default-runtime":null}' '{"runtimes":null}' '{"runtimes":{"audit-contid":null}}' \
		'{"default-runtime":7}' '{"runtimes":[]}'; do
		daemon_json '{}'
		setup_does docker
		printf '%s' "$text" >"$json"
		setup_does --undo docker
		[ "$(<"$json")" = "$text" ]
	done
	daemon_json '{ "default-runtime": null, "runtimes": null }'
	before=$(tree)
	setup_does docker
	registered
	setup_does --undo docker
	[ "$(tree)" = "$before" ]
}

@test "a second setup after such a change keeps what undo gives back" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	setup_does docker
	jq '.debug = true | del(.["default-runtime"])' "$json" >"$dir/new"
	cat "$dir/new" >"$json"
	setup_does docker
	registered
	setup_does --undo docker
	[ "$(jq -c . "$json")" = '{"bip":"10.0.0.1/24","debug":true}' ]
}

@test "undo of a daemon.json that was made invalid since is refused, with the original's place" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	setup_does docker
	echo x >>"$json"
	setup_refuses --undo docker
	[[ $output == *'it is not JSON: mend it by hand; /var/lib/audit-contid/setup/%etc%docker%daemon.json.before'* ]]
	[ "$(<"$root/var/lib/audit-contid/setup/%etc%docker%daemon.json.before")" = '{ "bip": "10.0.0.1/24" }' ]
	rm "$json"
	setup_does --undo docker
	[[ $output == *'daemon.json was removed since, and stays so'* ]]
	[ ! -e "$root/var/lib/audit-contid" ]
}

@test "undo of our own file that was changed since is refused" {
	engine containerd
	drop_in=$root/etc/systemd/system/containerd.service.d/audit-contid.conf
	setup_does containerd
	echo '# mine' >>"$drop_in"
	setup_refuses --undo containerd
	[[ $output == *'it was changed since: mend it by hand'* ]]
	grep -x '# mine' "$drop_in"
	rm "$drop_in"
	setup_does --undo containerd
	[ ! -e "$root/var/lib/audit-contid" ]
}

@test "our own file that was changed since stays ours after a second setup: undo gives back what was before" {
	local file=$root/usr/share/containers/oci/hooks.d/audit-contid.json text

	engine podman
	for text in '' '{ "version": "1.0.0", "hook": { "path": "/x" } }'; do
		[ -z "$text" ] || mkdir -p "${file%/*}"
		[ -z "$text" ] || printf '%s' "$text" >"$file"
		before=$(tree)
		setup_does podman
		after=$(tree)
		sed -i 's/30/60/' "$file"
		[ "$(tree)" != "$after" ]
		setup_does podman
		[ "$(tree)" = "$after" ]
		setup_does --undo
		[ "$(tree)" = "$before" ]
	done
}

@test "a directory of ours in which the site has put something stays" {
	engine containerd
	setup_does containerd
	touch "$root/etc/systemd/system/containerd.service.d/site.conf"
	setup_does --undo
	[ "$(find "$root/etc/systemd/system" -type f)" = "$root/etc/systemd/system/containerd.service.d/site.conf" ]
	[ ! -e "$root/var/lib/audit-contid" ]
}

# --- interruptions

@test "if a second file cannot be written, the first is given back" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	mkdir -p "$root/etc/systemd/system"
	touch "$root/etc/systemd/system/docker.service.d"
	before=$(tree)
	setup_refuses docker
	[[ $output == *'/etc/systemd/system/docker.service.d/audit-contid.conf: Not a directory'* ]]
	[[ $output == *'Docker: nothing was changed'* ]]
	[ "$(tree)" = "$before" ]
}

# failing CALLS CONDITION [PATH]: setup docker, with these system calls failing then
failing() {
	run strace -f -o "$dir/trace" ${3:+-P "$3"} -e trace="$1" -e inject="$1:error=EIO$2" \
		contidctl setup --root "$root" docker
	echo "$output"
}

@test "if the first cannot be given back then, that is said, and undo does it later" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	before=$(tree)
	# the third is that of daemon.json
	failing rename :when=4+
	[ "$status" -eq 1 ]
	[[ $output == *"/etc/docker/daemon.json could not be given back: Input/output error: type \`contidctl setup --undo docker\`"* ]]
	[[ $output == *'Docker: it is set up in part'* ]]
	setup_does --undo docker
	[ "$(tree)" = "$before" ]
}

@test "a file that is in its place stays undoable, if its directory cannot be written to the disk" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	before=$(tree)
	failing fsync '' "$root/etc/docker"
	[ "$status" -eq 0 ]
	[[ $output == *"daemon.json: it may be lost with the power: its directory could not be written to the disk (Input/output error)"* ]]
	jq -e '.runtimes["audit-contid"]' "$json"
	setup_does --undo docker
	[ "$(tree)" = "$before" ]
}

# interrupted ARGUMENT...: setup, killed before each of its steps in turn; calls check
interrupted() {
	local step state

	gcc -shared -fPIC -o "$dir/kill.so" "$tests/fixtures/kill_at_step.c" -ldl
	cp -a "$root" "$dir/start"
	for ((step = 1; ; step++)); do
		rm -rf "$root"
		cp -a "$dir/start" "$root"
		state=0
		STEP=$step LD_PRELOAD=$dir/kill.so contidctl setup --root "$root" "$@" \
			>/dev/null 2>&1 || state=$?
		[ "$state" -eq 137 ] || break
		check || { echo "killed before step $step"; return 1; }
	done
	echo "$step steps"
	[ "$state" -eq 0 ]
	[ "$step" -gt 10 ]
}

@test "killed at any step, setup can be undone, and done again" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	before=$(tree)
	check() {
		jq -e .bip "$json" >/dev/null || return 1
		cp -a "$root" "$dir/killed"
		setup_does --undo docker || return 1
		[ "$(tree)" = "$before" ] || return 1
		rm -rf "$root"
		mv "$dir/killed" "$root"
		setup_does docker || return 1
		registered || return 1
		setup_does --undo docker || return 1
		[ "$(tree)" = "$before" ]
	}
	interrupted docker
}

@test "killed at any step, undo can be gone on with" {
	daemon_json '{ "bip": "10.0.0.1/24" }'
	before=$(tree)
	setup_does docker
	check() {
		setup_does --undo docker || return 1
		[ "$(tree)" = "$before" ]
	}
	interrupted --undo docker
}

# --- the machine itself

@test "the journal has the engines of this machine that are not set up" {
	mkdir -p /usr/local/bin
	printf '#!/bin/sh\n' >/usr/local/bin/podman
	chmod 755 /usr/local/bin/podman
	syslog_begin "$dir/journal"
	run contidctl setup --status podman
	rm -f /usr/local/bin/podman
	[ "$status" -eq 1 ]
	until_true grep -q 'contidctl\[.*: podman is on this machine and does not register its containers' "$dir/journal"
	syslog_end
}

# machine: this one has Docker, which runs if $dir/runs is there. At a reload it reads its file,
# and says in $dir/kept what it keeps, as dockerd does: a member that is not there stays.
machine() {
	mkdir -p "$dir/path" /run/systemd/system /etc/docker /usr/lib/systemd/system
	printf '#!/bin/sh\n' >/usr/local/bin/dockerd
	printf '[Service]\nExecStart=/usr/local/bin/dockerd\n' >/usr/lib/systemd/system/docker.service
	cat >"$dir/path/systemctl" <<-END
		#!/bin/sh
		case \$1 in
		is-active) [ -e "$dir/runs" ] ;;
		reload)
			cat /etc/docker/daemon.json >"$dir/read" 2>/dev/null || echo '{}' >"$dir/read"
			cat "$dir/read" >>"$dir/all"
			jq -c -s '.[0] + (.[1] | with_entries(select(.key == "runtimes" or
				.key == "default-runtime")))' "$dir/kept" "$dir/read" >"$dir/new"
			mv "$dir/new" "$dir/kept"
			;;
		esac
	END
	chmod 755 /usr/local/bin/dockerd "$dir/path/systemctl"
	echo '{ "default-runtime": "runc" }' >"$dir/kept"
	PATH=$dir/path:$PATH
}

machine_end() {
	rm -rf /run/systemd/system /etc/docker /usr/local/bin/dockerd /var/lib/audit-contid \
		/usr/lib/systemd/system/docker.service /etc/systemd/system/docker.service.d
}

# forgotten FILE-OR-EMPTY JSON: dockerd runs with such a file; after undo that is as it was, and
# dockerd keeps this
forgotten() {
	machine
	: >"$dir/runs"
	[ -z "$1" ] || printf '%s' "$1" >/etc/docker/daemon.json
	contidctl setup docker
	[ "$(jq -r '.["default-runtime"]' "$dir/kept")" = audit-contid ]
	# a setup that was changed since is undone in part
	[ $# -eq 2 ] || "$3"
	run contidctl setup --undo docker
	echo "$output"
	cp /etc/docker/daemon.json "$dir/after" 2>/dev/null || : >"$dir/after"
	machine_end
	[ "$status" -eq 0 ]
	[[ $output == *'systemctl restart docker'* ]]
	cat "$dir/all"
	[ "$(jq -cS . "$dir/kept")" = "$2" ]
}

@test "a dockerd that runs forgets our runtime at undo, and its file is as it was" {
	forgotten '{ "bip": "10.0.0.1/24" }' '{"default-runtime":"runc","runtimes":{}}'
	[ "$(<"$dir/after")" = '{ "bip": "10.0.0.1/24" }' ]
	forgotten '' '{"default-runtime":"runc","runtimes":{}}'
	[ ! -s "$dir/after" ]
	forgotten '{ "runtimes": { "x": { "path": "/x" } } }' \
		'{"default-runtime":"runc","runtimes":{"x":{"path":"/x"}}}'
	[ "$(<"$dir/after")" = '{ "runtimes": { "x": { "path": "/x" } } }' ]
}

changed() {
	jq '. + { "bip": "10.0.0.9/24" }' /etc/docker/daemon.json >"$dir/changed"
	cat "$dir/changed" >/etc/docker/daemon.json
}

@test "so it does if its file was changed since" {
	forgotten '{ "ipv6": true }' '{"default-runtime":"runc","runtimes":{}}' changed
	[ "$(jq -cS . "$dir/after")" = '{"bip":"10.0.0.9/24","ipv6":true}' ]
}

@test "a dockerd that does not run, or does not take the reload" {
	machine
	echo '{}' >/etc/docker/daemon.json
	contidctl setup docker
	run contidctl setup --undo docker
	echo "$output"
	[ "$status" -eq 0 ]
	[ ! -e "$dir/all" ]
	[[ $output != *restart* ]]
	contidctl setup docker
	: >"$dir/runs"
	sed -i 's/reload)/reload) exit 1/' "$dir/path/systemctl"
	run contidctl setup --undo docker
	echo "$output"
	after=$(</etc/docker/daemon.json)
	machine_end
	[ "$status" -eq 1 ]
	[ "$after" = '{}' ]
	# shellcheck disable=SC2016
	[[ $output == *'it may go on with our runtime: type `systemctl restart docker.service`: it could not be reloaded'* ]]
}
