# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that ask containerd what kubelet asks of it: without a network, and with the
# plugin of NRI.

# shellcheck source=tests/lib/docker.bash
. "${BASH_SOURCE[0]%/*}/docker.bash"

# kubernetes DIR: start containerd as for Kubernetes. Its own runtime is runc, which setup
# puts our program in the place of; the runtime plain goes past that, so that NRI alone is left
kubernetes() {
	if [[ $(containerd --version) == *" 1."* ]]; then
		configured_v1
	else
		configured_v2
	fi >"$1/containerd.toml"
	containerd_start "$1" --config "$1/containerd.toml"
}

# containerd_end: its shims, and what they have started, stay
containerd_end() {
	pkill -x containerd
	until_true "! pgrep -x containerd"
}

configured_v1() {
	cat <<-'END'
		version = 2
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "docker.io/library/box:latest"
		  disable_apparmor = true
		  [plugins."io.containerd.grpc.v1.cri".containerd]
		    snapshotter = "native"
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.plain]
		    runtime_type = "io.containerd.runc.v2"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.plain.options]
		      BinaryName = "/usr/sbin/runc"
		[plugins."io.containerd.nri.v1.nri"]
		  disable = false
	END
}

# it has NRI switched on by itself
configured_v2() {
	cat <<-'END'
		version = 3
		[plugins.'io.containerd.cri.v1.images']
		  snapshotter = "native"
		  [plugins.'io.containerd.cri.v1.images'.pinned_images]
		    sandbox = "docker.io/library/box:latest"
		[plugins.'io.containerd.cri.v1.runtime']
		  disable_apparmor = true
		  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
		  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.plain]
		    runtime_type = "io.containerd.runc.v2"
		    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.plain.options]
		      BinaryName = "/usr/sbin/runc"
	END
}

# cri CALL ARGUMENT...: see there
cri() { perl "$tests/fixtures/cri.pl" "$@" 3>&- </dev/null; }

# cri_image ROOT COMMAND...: an image for Kubernetes, for pauses too
cri_image() {
	local root=$1 dir=$BATS_FILE_TMPDIR/image digest options
	shift

	mkdir "$dir"
	tar -C "$root" -cf "$dir/layer" .
	digest=$(sha256sum <"$dir/layer")
	# shellcheck disable=SC2016 # expanded by jq
	jq -n --arg digest "sha256:${digest%% *}" '{ architecture: "amd64", os: "linux",
		config: { Cmd: $ARGS.positional, Env: ["PATH=/bin"] },
		rootfs: { type: "layers", diff_ids: [$digest] } }' --args "$@" >"$dir/config"
	echo '[{"Config":"config","Layers":["layer"],"RepoTags":["docker.io/library/box:latest"]}]' \
		>"$dir/manifest.json"
	tar -C "$dir" -cf "$dir.tar" manifest.json config layer
	options=()
	[[ $(containerd --version) == *" 1."* ]] || options=(--local)
	ctr -n k8s.io images import "${options[@]}" --snapshotter native "$dir.tar" 3>&- >/dev/null
}

# has_nri: containerd has it since 1.7
has_nri() { [[ $(containerd --version) != *" 1."[0-6].* ]]; }

# nri_start DIR [OPTION...], nri_end: the plugin, and the runtime knows it
nri_start() {
	local before

	before=$(synchronized "$1")
	daemon "$1/nri.log" "$programs/audit-contid-nri" "${@:2}"
	until_true "[ \$(synchronized '$1') -gt $before ]"
}

synchronized() { grep -c 'Synchronizing NRI (plugin)' "$1/containerd.log" || true; }

nri_end() {
	pkill -x audit-contid-nr || true
	until_true "! pgrep -x audit-contid-nr"
}

# by_nri: one more container in $pod, of which NRI's plugin alone is told; its ID in $one
by_nri() {
	tries=$((tries + 1)) number=$((number + 1))
	# shellcheck disable=SC2154 # the suite's
	one=$(cri create "$pod" web-0 "nginx-$number" /bin/sleep 1000) && cri start "$one" &&
		ran=$((ran + 1))
}

# task_of ID: its process
task_of() { ctr -n k8s.io task ls 3>&- | awk -v id="$1" '$1 == id { print $2 }'; }

# gets_its_label ID: its process carries its ID at last
gets_its_label() {
	local pid

	pid=$(task_of "$1")
	until_true "[ \"\$(label $pid)\" = $(contid_of "$1") ]"
}
