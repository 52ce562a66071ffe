# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suite docker: Docker and containerd without systemd and without a network, set
# up by contidctl setup.

# shellcheck source=tests/lib/engines.bash
. "${BASH_SOURCE[0]%/*}/engines.bash"

programs=/usr/local/libexec/audit-contid

# daemon LOG COMMAND...: in the background, and no process of a test
daemon() {
	local log=$1
	shift

	env -u BATS_TEST_NAME setsid "$@" >"$log" 2>&1 3>&- </dev/null &
}

# the daemons have their PATH and their environment from the drop-ins of setup
# containerd_start DIR [OPTION...]
containerd_start() {
	PATH=$programs/bin:$PATH daemon "$1/containerd.log" containerd "${@:2}"
	until_true "[ -S /run/containerd/containerd.sock ]"
}

docker_start() {
	local environment

	environment=$(sed -n 's/^Environment=//p' /etc/systemd/system/docker.service.d/audit-contid.conf)
	daemon "$1/dockerd.log" env "$environment" dockerd --iptables=false --bridge=none --storage-driver=vfs \
		--exec-opt native.cgroupdriver=cgroupfs --containerd=/run/containerd/containerd.sock
	wait_for command docker version
}

docker_end() {
	pkill -x dockerd
	until_true "! pgrep -x dockerd"
	pkill -x containerd
	until_true "! pgrep -x containerd"
}

# docker COMMAND...: with nothing left for bats to wait for
docker() { command docker "$@" 3>&- </dev/null; }

# docker_run NAME COMMAND...: a container that goes on
docker_run() {
	docker run -d --name "$1" --network none box "${@:2}"
}
