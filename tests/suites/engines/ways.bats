#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Each way to start or to enter a container, by the engines' own programs as contidctl setup
# has set them up: it is tagged from its first instruction, or on record as one that nobody
# has registered. None is silent. docs/runtimes.md has the lines that this prints.
# depends on: neither. What a way asks of the kernel is in main_job, adopt, oneshot and
# unlabelled, on each kernel.
# vm: LAYER=engines

# shellcheck source=tests/lib/ways.bash
. "$BATS_TEST_DIRNAME/../../lib/ways.bash"
# shellcheck source=tests/lib/cri.bash
. "$BATS_TEST_DIRNAME/../../lib/cri.bash"
# shellcheck source=tests/lib/laurel.bash
. "$BATS_TEST_DIRNAME/../../lib/laurel.bash"

# LAUREL reads the events of all ways, and not of a part of them; bullseye has none
beside_laurel() { [ -z "${TAG:-}" ] && command -v laurel; }

setup_file() {
	dir=$BATS_FILE_TMPDIR
	# an ordinary user goes in there, too
	chmod 755 "$BATS_RUN_TMPDIR" "$dir"
	[ -s /etc/machine-id ] || uuidgen -r | tr -d - >/etc/machine-id
	contidctl setup docker containerd podman lxc
	box "$dir/root"
	kubernetes "$dir"
	cri_image "$dir/root" /bin/way pause stay
	docker_start "$dir"
	tar -C "$dir/root" -c . | command docker import - box 3>&- >/dev/null
	! beside_laurel || laurel_begin
}

teardown_file() {
	! beside_laurel || laurel_is no
	docker_end
	contidctl setup --undo docker containerd podman lxc
}

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_FILE_TMPDIR
	root=$dir/root
	pod=
}

teardown() {
	auditctl -D >/dev/null
	[ -z "$pod" ] || cri remove "$pod"
	nri_end
	# to ask takes an engine a second
	case $BATS_TEST_DESCRIPTION in
	docker*) docker ps -aq | xargs -r env docker rm -f >/dev/null ;;
	podman*)
		podman_pod_rm --all >/dev/null
		podman_rm --all >/dev/null
		;;
	ctr*)
		ctr task rm --force demo
		ctr container rm demo
		;;
	crun*) crun delete --force one 2>/dev/null || true ;;
	runc*) runc delete --force one 2>/dev/null || true ;;
	lxc*) lxc-stop -P "$PWD" -n box --kill || true ;;
	esac
	wait_for "! pgrep -x 'podman|conmon'"
	wait_for no_containers
}

@test "docker run, exec, restart" {
	begin
	first=$word
	docker_run web /bin/way "$word" stay
	came_out "docker run" 1 tagged web
	begin
	docker exec web /bin/way "$word"
	came_out "docker exec" 1 tagged web
	begin "$first"
	docker restart -t 0 web
	came_out "docker restart" 1 tagged web
}

# bats test_tags=thorough
@test "docker run --restart, after a crash" {
	begin
	docker run -d --restart on-failure:1 --name crash --network none box \
		/bin/sh -c "/bin/way $word; exit 3"
	[ "$(docker wait crash)" -eq 3 ]
	came_out "docker run --restart, after a crash" 2 tagged crash
}

# bats test_tags=thorough
@test "docker run in the host's PID and network namespaces" {
	begin
	docker run --rm --name hosts --network host --pid host box /bin/way "$word"
	came_out "docker run --pid host --network host" 1 tagged hosts
}

# bats test_tags=thorough
@test "docker build" {
	begin
	printf 'FROM box\nRUN ["/bin/way", "%s"]\n' "$word" >Dockerfile
	DOCKER_BUILDKIT=0 docker build --network none . >/dev/null
	came_out "docker build, the classic builder" 1 tagged
	! docker buildx version || {
		begin
		printf 'FROM box\nRUN ["/bin/way", "%s"]\n' "$word" >Dockerfile
		DOCKER_BUILDKIT=1 docker build --network none .
		came_out "docker build, BuildKit" 1 tagged
	}
}

# bats test_tags=thorough
@test "docker compose up" {
	docker compose version || skip "Docker has its plugin compose since trixie"
	begin
	cat >compose.yaml <<-END
		services:
		  web:
		    image: box
		    network_mode: none
		    command: [/bin/way, $word]
	END
	docker compose --project-name shop up
	came_out "docker compose up" 1 tagged shop-web-1
}

# bats test_tags=thorough
@test "ctr run, and a task in there" {
	begin
	ctr run --detach --rootfs "$root" demo /bin/way "$word" stay 3>&- </dev/null
	came_out "ctr run" 1 tagged demo
	begin
	ctr task exec --exec-id one demo /bin/way "$word" 3>&- </dev/null
	came_out "ctr task exec" 1 tagged demo
}

@test "a pod of Kubernetes, by the stand-in for runc" {
	in_pod runc tagged ""
	begin
	cri exec "$one" /bin/way "$word"
	came_out "CRI: exec" 1 tagged shop/web-0/nginx
}

@test "a pod of Kubernetes, by NRI" {
	has_nri || skip "bookworm's containerd has no NRI"
	nri_start "$dir"
	in_pod plain tagged ", by NRI alone"
	cri remove "$pod"
	pod=
	export HOST=1
	in_pod plain tagged ", in the host's PID namespace, by NRI alone"
}

# bats test_tags=thorough
@test "a pod of Kubernetes that nobody registers" {
	in_pod plain unlabelled ", if nobody registers it"
}

@test "podman run, exec" {
	begin
	podman run -d --name web --network none --rootfs "$root" /bin/way "$word" stay </dev/null
	came_out "podman run" 1 tagged web
	begin
	podman exec web /bin/way "$word" </dev/null
	came_out "podman exec" 1 tagged web
}

# bats test_tags=thorough
@test "podman: a container in a pod" {
	local network=(--network none)

	# bookworm's podman 4.3 allows a pod's own container no device, not even /dev/null,
	# and that of bullseye fetches an image for it
	[[ $(command podman --version) == *" 5."* ]] || network=(--infra=false)
	podman pod create --name shop "${network[@]}" >/dev/null
	begin
	podman run --pod shop --name web --rootfs "$root" /bin/way "$word" </dev/null
	came_out "podman run --pod" 1 tagged web
}

# bats test_tags=thorough
@test "podman build" {
	begin
	cp -a "$root" root
	printf 'FROM scratch\nCOPY root /\nRUN ["/bin/way", "%s"]\n' "$word" >Containerfile
	podman build --isolation oci --network none --layers=false -t built . </dev/null
	# podman 3 calls no hook when it builds
	if on_bullseye; then
		came_out "podman build" 1 unlabelled
	else
		came_out "podman build" 1 tagged
	fi
	podman rmi --force built
}

# bats test_tags=thorough
@test "an ordinary user's podman" {
	mkdir home
	cp -a "$root" home/root
	chown -R 65534:65534 home
	chmod 755 .
	begin
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$PATH" HOME="$PWD/home" \
		XDG_RUNTIME_DIR="$PWD/home" podman --cgroup-manager cgroupfs --events-backend none \
		--storage-driver vfs run --network none --cgroups disabled \
		--rootfs "$PWD/home/root" /bin/way "$word" </dev/null 3>&-
	came_out "podman run of an ordinary user" 1 unlabelled
}

# by_hand RUNTIME: with our hook in config.json
by_hand() {
	begin
	box rootfs
	bundle "$PWD" /bin/way "$word" stay
	configure "$PWD" '.hooks.createRuntime = [{path: args[0], args: ["hook", "--runtime", args[1]]}]' \
		"$programs/audit-contid-oci-hook" "$1"
	quiet "$1" create --bundle "$PWD" one >/dev/null
	"$1" start one
	came_out "$1 with the hook" 1 tagged one
	begin
	quiet "$1" exec one /bin/way "$word"
	came_out "$1 exec" 1 tagged one
}

@test "crun by hand, exec, and nsenter into it" {
	by_hand crun
	begin
	nsenter -a -t "$(crun state one | jq .pid)" /bin/way "$word"
	came_out "nsenter -a" 1 tagged one
}

# bats test_tags=thorough
@test "runc by hand, exec" {
	by_hand runc
}

@test "crun and runc without the hook" {
	for engine in crun runc; do
		begin
		box rootfs
		bundle "$PWD" /bin/way "$word"
		quiet "$engine" run --bundle "$PWD" one
		came_out "$engine without the hook" 1 unlabelled
	done
}

@test "lxc-start, lxc-attach" {
	begin
	mkdir box
	cat >box/config <<-END
		lxc.include = /usr/share/lxc/config/common.conf
		lxc.uts.name = box
		lxc.rootfs.path = dir:$root
		lxc.net.0.type = none
		lxc.init.cmd = /bin/way $word stay
		lxc.apparmor.profile = unconfined
		lxc.mount.auto =
		lxc.cgroup.devices.deny =
		lxc.cgroup2.devices.deny =
	END
	quiet lxc-start -P "$PWD" -n box
	came_out lxc-start 1 tagged box
	begin
	quiet lxc-attach -P "$PWD" -n box -- /bin/way "$word"
	came_out lxc-attach 1 tagged box
}

# nspawned [COMMAND...]: systemd-nspawn, started by it
nspawned() {
	quiet "$@" systemd-nspawn --register=no --keep-unit --quiet --pipe --directory="$root" \
		/bin/way "$word"
}

# bats test_tags=thorough
@test "systemd-nspawn" {
	begin
	nspawned contidctl run --label box --
	came_out "contidctl run -- systemd-nspawn" 1 tagged box
	begin
	nspawned
	came_out "systemd-nspawn by itself" 1 unlabelled
}

# bats test_tags=thorough
@test "contidctl run" {
	begin
	contidctl run --label job -- chroot "$root" /bin/way "$word"
	came_out "contidctl run" 1 tagged job
}

@test "unshare of an ordinary user" {
	begin
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user --mount --pid --fork --root="$root" /bin/way "$word"
	came_out "unshare --user --pid of an ordinary user" 1 unlabelled
}

# bats test_tags=thorough
@test "of at least 20 ways none is silent" {
	awk -F'|' '{ n[$2]++ } END { printf "# %d ways: %d tagged, %d on record as unlabelled, %d silent\n",
		NR, n["tagged"], n["unlabelled"], n["silent"] }' "$dir/table" >&3
	[ "$(wc -l <"$dir/table")" -ge 20 ]
	[ "$(grep -c '|silent|' "$dir/table" || true)" -eq 0 ]
}

# bats test_tags=thorough
@test "LAUREL has read the events of all ways, and looked up their containers in /proc" {
	beside_laurel || skip "Debian has it since bookworm"
	laurel_beside
}
