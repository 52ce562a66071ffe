#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What the programs that register a container call it: by annotations, by the engine's own
# files, and in the message to audit.
# depends on: neither. The module and audit are a library that takes everything.
# vm: none
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"
# shellcheck source=tests/lib/pretended.bash
. "$BATS_TEST_DIRNAME/../../lib/pretended.bash"

storage=/var/lib/containers/storage/overlay-containers
docker=/var/lib/docker/containers
# of 64 digits, and as the module and audit have it
ID=$(printf '%032d%032d' 7 8)
HEX=${ID:0:32}
UUID=00000000-0000-0000-0000-000000000007

setup() {
	hook_dir
	syslog_begin "$dir/journal"
	# at poststop the hook looks whether it is there
	: >/dev/audit_contid
	export LOG=$dir/taken NOPIDFD=1
	: >"$LOG"
}

teardown() {
	syslog_end
	rm -rf /dev/audit_contid "$storage" "${docker:?}/$ID" "$docker/other" \
		/etc/audit-contid /etc/containers/storage.conf /etc/docker/daemon.json /srv/moved
}

hook_dir() {
	dir=$BATS_TEST_TMPDIR
	rm -rf /etc/audit-contid
}

# hooked STATE-REST [ID]: the hook's end for a container that this shell is
hooked() {
	: >"$LOG"
	run env LD_PRELOAD="$registering" "$hook" \
		<<<"{\"id\":\"${2:-$ID}\",\"pid\":$$,\"bundle\":\"/x\"$1}"
	echo "$status: $output" "$(<"$LOG")"
	[ "$status" -eq 0 ]
}

# taken LABEL: the container was registered with it
taken() { [ "$(head -n 1 "$LOG")" = "register $$ $HEX $1" ]; }

# said REST: the one message, of the container's begin
said() {
	[ "$(tail -n +2 "$LOG")" = "2500 virt=container op=start reason=registered $1 res=1" ]
}

# podman_has NAMES [METADATA] [DIRECTORY]: its storage, of two containers
podman_has() {
	local to=${3:-$storage/containers.json}

	mkdir -p "${to%/*}"
	jq -nc --arg id "$ID" --argjson names "$1" --arg metadata "${2:-}" \
		'[{ id: ("f" * 64), names: ["other"] },
		  { id: $id, names: $names, image: ("5" * 64), metadata: $metadata }]' >"$to"
}

# docker_has NAME [CONFIG]
docker_has() {
	mkdir -p "$docker/$ID"
	jq -nc --arg id "$ID" --arg name "$1" --argjson config "${2:-null}" \
		'{ ID: $id, Name: $name, Image: "sha256:55", Config: $config }' \
		>"$docker/$ID/config.v2.json"
}

@test "podman's name, image and digest come from its storage" {
	podman_has '["web"]' '{"image-name":"docker.io/library/nginx:1","name":"web"}'
	hooked
	taken web
	said "vm=\"web\" uuid=$UUID vm-pid=$$ engine=\"podman\" image=\"docker.io/library/nginx:1\" image-digest=\"$(printf '5%.0s' {1..64})\" runtime-id=\"$ID\""
}

@test "podman's containers that are not to outlive a restart have a file of their own" {
	podman_has '["web"]' '' /run/containers/storage/overlay-containers/volatile-containers.json
	hooked
	rm -r /run/containers
	taken web
}

@test "a storage that the site has moved is found by podman's configuration" {
	mkdir -p /etc/containers
	podman_has '["moved"]' '' "/srv/moved/big/disk/vfs-containers/containers.json"
	podman_has '["gone"]' '' "/srv/moved/run/vfs-containers/volatile-containers.json"
	printf '# graphroot = "/x"\n[storage.options]\ngraphroot = "/y"\n[storage]\n%s\n' \
		'driver = "vfs"' '  graphroot = "/srv/moved/big/disk/" # a disk' >/etc/containers/storage.conf
	hooked
	taken moved
	printf "[storage]\nrunroot='/srv/moved/run'\ngraphroot=7\n" >/etc/containers/storage.conf
	hooked
	taken gone
	# one that others may write says nothing, and neither does what is no plain path
	chmod 666 /etc/containers/storage.conf
	hooked
	taken ''
	chmod 644 /etc/containers/storage.conf
	for path in /srv/moved/*/disk /srv/moved/big/dis%s "" / "$(printf '/x%.0s' {1..600})" srv '/srv/moved/big/disk'; do
		printf '[storage]\ngraphroot = "%s"\n' "$path" >/etc/containers/storage.conf
		hooked
		[ "$path" = /srv/moved/big/disk ] || taken ''
	done
	taken moved
}

@test "Docker's data-root that the site has moved is found by its configuration" {
	mkdir -p /etc/docker
	docker=/srv/moved/docker/containers docker_has /far
	printf '{"data-root": "/srv/moved/docker"}' >/etc/docker/daemon.json
	hooked
	taken far
	for text in '' '{' '[]' '{"data-root": 7}' '{"data-root": "/srv/\u0000"}' '{"data-root": "/srv/moved/d*"}'; do
		printf '%s' "$text" >/etc/docker/daemon.json
		hooked
		taken ''
	done
}

@test "Docker's name and image come from the container's own file" {
	docker_has /db '{"Image":"postgres:16"}'
	hooked
	taken db
	said "vm=\"db\" uuid=$UUID vm-pid=$$ engine=\"docker\" image=\"postgres:16\" image-digest=\"sha256:55\" runtime-id=\"$ID\""
}

@test "of Kubernetes there are pod, namespace, UID and image, and the label is made of them" {
	cri=io.kubernetes.cri
	hooked ",\"annotations\":{\"$cri.sandbox-namespace\":\"shop\",\"$cri.sandbox-name\":\"web-0\",
		\"$cri.sandbox-uid\":\"77\",\"$cri.container-name\":\"nginx\",\"$cri.image-name\":\"nginx:1\"}"
	taken shop/web-0/nginx
	said "vm=\"shop/web-0/nginx\" uuid=$UUID vm-pid=$$ engine=\"containerd\" image=\"nginx:1\" pod=\"web-0\" namespace=\"shop\" pod-uid=\"77\" runtime-id=\"$ID\""
	k8s=io.kubernetes
	podman_has '["k8s_redis"]'
	hooked ",\"annotations\":{\"$k8s.pod.namespace\":\"shop\",\"$k8s.pod.name\":\"web-1\",
		\"$k8s.container.name\":\"redis\",\"$k8s.cri-o.ImageRef\":\"9\"}"
	taken shop/web-1/redis
	said "vm=\"shop/web-1/redis\" uuid=$UUID vm-pid=$$ engine=\"cri-o\" image-digest=\"9\" pod=\"web-1\" namespace=\"shop\" runtime-id=\"$ID\""
}

@test "what is not known is left out" {
	hooked
	taken ''
	said "uuid=$UUID vm-pid=$$ runtime-id=\"$ID\""
}

@test "names are hostile: they are encoded, cut, and never end the message" {
	docker_has $'/a\nb" uuid=1'
	hooked
	[[ $(<"$LOG") == *" vm=610A622220757569643D31 uuid=$UUID "* ]]
	[ "$(grep -c '^2500 ' "$LOG")" -eq 1 ]
	docker_has /$'\035'
	hooked
	[[ $(<"$LOG") == *" vm=1D uuid=$UUID "* ]]
	docker_has "/$(printf 'n%.0s' {1..400})" "{\"Image\":\"$(printf 'i%.0s' {1..9000})\"}"
	hooked
	[[ $(<"$LOG") == *" vm=\"$(printf 'n%.0s' {1..255})\" uuid="* ]]
	[[ $(<"$LOG") == *" image=\"$(printf 'i%.0s' {1..255})\" "* ]]
}

@test "files of engines that make no sense name nothing" {
	for text in '' '{' '[]' '7' '{"ID":7,"Name":"/x"}' '{"ID":"../x","Name":"/x"}' \
		"{\"ID\":\"$ID\",\"Name\":\"x\"}" "{\"ID\":\"$ID\",\"Name\":\"/\"}" \
		"{\"ID\":\"$ID\",\"Name\":\"/a\\u0000b\"}" "{\"ID\":\"$ID\",\"Name\":[\"/x\"]}"; do
		mkdir -p "$docker/$ID"
		printf '%s' "$text" >"$docker/$ID/config.v2.json"
		hooked
		taken ''
	done
	rm -r "${docker:?}/$ID"
	for names in '"web"' '[7]' '[]' 'null' '["a\u0000b"]' '[""]'; do
		podman_has "$names" '{'
		hooked
		taken ''
	done
	printf '[%s' "$(printf '[%.0s' {1..5000})" >"$storage/containers.json"
	hooked
	taken ''
	[ -z "$(journal)" ]
}

@test "a file that others than root may have written names nothing, and the journal says so" {
	docker_has /web
	chmod 666 "$docker/$ID/config.v2.json"
	hooked
	taken ''
	journal_is "$warning" "container \"$ID\": $docker/$ID/config.v2.json: others than root may have written it: it was passed over; it starts"
}

@test "an ID that is no such ID is looked for nowhere" {
	mkdir -p "$docker/other"
	echo "{\"ID\":\"$ID\",\"Name\":\"/web\"}" >"$docker/other/config.v2.json"
	HEX=$(contid_of oci '*') && HEX=${HEX//-/}
	hooked '' '*'
	taken '*'
}

@test "audit is off, or does not answer: the container starts all the same, and soon" {
	NOAUDIT=1 hooked
	taken ''
	[ "$(wc -l <"$LOG")" -eq 1 ]
	begin=$SECONDS
	HANG=1 hooked
	taken ''
	[ $((SECONDS - begin)) -lt 10 ]
	pkill -9 -P 1 -f "^$hook" || true
}

@test "a runtime that waits for the end of the hook's output is not held up by audit" {
	begin=$SECONDS
	# shellcheck disable=SC2030,SC2031 # for these programs alone
	HANG=1 LD_PRELOAD=$registering "$hook" <<<"{\"id\":\"$ID\",\"pid\":$$}" 2>&1 | cat
	[ $((SECONDS - begin)) -lt 10 ]
	pkill -9 -P 1 -f "^$hook" || true
}

@test "a registration that is refused is no begin" {
	run env ERRNO=12 LD_PRELOAD="$registering" "$hook" <<<"{\"id\":\"$ID\",\"pid\":$$}"
	[ "$status" -eq 1 ]
	[ ! -s "$LOG" ]
}

# in_space NAMESPACE STATUS RULE: a container that the module refuses, in that namespace
in_space() {
	no_journal
	run env ERRNO=28 LD_PRELOAD="$registering" "$hook" <<<"{\"id\":\"$ID\",\"pid\":$$,
		\"annotations\":{\"io.kubernetes.pod.namespace\":\"$1\",\"io.kubernetes.pod.name\":\"p\"}}"
	echo "$output"
	[ "$status" -eq "$2" ]
	journal_is "$([ "$2" -eq 0 ] && echo "$warning" || echo "$error")" "*\\($3, see $config)"
}

@test "a namespace of Kubernetes may be an exception, before or behind the rule, and no other is" {
	configure 'on-refused.kube-system = warn' 'on-refused = refuse' 'on-refused.shop="REFUSE"'
	in_space kube-system 0 on-refused.kube-system=warn
	in_space shop 1 on-refused.shop=refuse
	in_space kube-systemd 1 on-refused=refuse
	in_space kube 1 on-refused=refuse
	configure 'on-refused = warn' 'on-refused.shop = refuse'
	in_space kube-system 0 on-refused=warn
	in_space shop 1 on-refused.shop=refuse
	# without Kubernetes there is no exception
	run env ERRNO=28 LD_PRELOAD="$registering" "$hook" <<<"{\"id\":\"shop\",\"pid\":$$}"
	[ "$status" -eq 0 ]
}

@test "CRI-O copies a pod's annotations: those of containerd in there name nothing, and are no exception" {
	cri=io.kubernetes.cri k8s=io.kubernetes
	annotations="\"$cri.sandbox-namespace\":\"kube-system\",\"$cri.sandbox-name\":\"dns\",
		\"$cri.sandbox-uid\":\"1\",\"$cri.container-name\":\"x\",\"$cri.image-name\":\"y\",
		\"$k8s.pod.namespace\":\"shop\",\"$k8s.pod.name\":\"web-1\",\"$k8s.pod.uid\":\"77\",
		\"$k8s.container.name\":\"redis\""
	hooked ",\"annotations\":{$annotations}"
	taken shop/web-1/redis
	said "vm=\"shop/web-1/redis\" uuid=$UUID vm-pid=$$ engine=\"cri-o\" pod=\"web-1\" namespace=\"shop\" pod-uid=\"77\" runtime-id=\"$ID\""
	configure 'on-refused.kube-system = warn'
	run env ERRNO=28 LD_PRELOAD="$registering" "$hook" \
		<<<"{\"id\":\"$ID\",\"pid\":$$,\"annotations\":{$annotations}}"
	[ "$status" -eq 1 ]
	[[ $(journal) == *'(on-refused=refuse, see '* ]]
}

@test "an exception that makes no sense is none, and the journal names it" {
	configure 'on-refused.kube-system = perhaps' 'on-refused. = warn' 'on-broken.x = warn'
	run env ERRNO=28 LD_PRELOAD="$registering" "$hook" <<<"{\"id\":\"$ID\",\"pid\":$$,
		\"annotations\":{\"io.kubernetes.pod.namespace\":\"kube-system\",\"io.kubernetes.pod.name\":\"p\"}}"
	[ "$status" -eq 1 ]
	mapfile -t lines < <(journal)
	[[ ${lines[0]} == *'line 1, "on-refused.kube-system = perhaps", has no value that is known: it is no exception' ]]
	[[ ${lines[1]} == *'line 2, "on-refused. = warn", has no key that is known: it sets nothing' ]]
	[[ ${lines[2]} == *'line 3, '*'has no key'* ]]
	[[ ${lines[3]} == *'(on-refused=refuse, see '* ]]
}

@test "at poststop audit hears of the end, and nothing else happens" {
	docker_has /db
	: >"$LOG"
	# shellcheck disable=SC2030,SC2031
	LD_PRELOAD=$registering "$hook" <<<"{\"id\":\"$ID\",\"status\":\"stopped\"}"
	[ "$(<"$LOG")" = "2500 virt=container op=stop reason=stopped vm=\"db\" uuid=$UUID engine=\"docker\" image-digest=\"sha256:55\" runtime-id=\"$ID\" res=1" ]
	: >"$LOG"
	LD_PRELOAD=$registering "$hook" <<<"{\"id\":\"$ID\",\"pid\":0,\"status\":\"stopped\"}"
	[ "$(wc -l <"$LOG")" -eq 1 ]
	# it was not registered
	rm /dev/audit_contid
	: >"$LOG"
	LD_PRELOAD=$registering "$hook" <<<"{\"id\":\"$ID\",\"status\":\"stopped\"}"
	[ ! -s "$LOG" ]
	[ -z "$(journal)" ]
}

@test "LXC's container has its name, and its engine" {
	# shellcheck disable=SC2031
	LXC_NAME=box LXC_PID=$$ LD_PRELOAD=$registering "$hook" --lxc
	id=$(contid_of lxc box)
	[ "$(<"$LOG")" = "register $$ ${id//-/} box
2500 virt=container op=start reason=registered vm=\"box\" uuid=$id vm-pid=$$ engine=\"lxc\" runtime-id=\"box\" res=1" ]
}

@test "contidctl register and run say it too, and not of a container that is joined" {
	# shellcheck disable=SC2031
	export LD_PRELOAD=$registering
	contidctl register --label 'my web' $$ "$A"
	contidctl run --label job "$B" -- true
	contidctl register --join $$ "$A"
	[ "$(grep -c ^2500 "$LOG")" -eq 2 ]
	grep -qx "2500 virt=container op=start reason=registered vm=6D7920776562 uuid=$A vm-pid=$$ res=1" "$LOG"
	grep -q "^2500 virt=container op=start reason=registered vm=\"job\" uuid=$B vm-pid=[0-9]* res=1" "$LOG"
}
