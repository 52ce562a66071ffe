# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that use podman: that of Debian 11, 3.0, does not know all that they do.

# podman_rm NAME|--all: without a wait for what does not end at SIGTERM
podman_rm() {
	if on_bullseye; then
		podman kill "$1" || true
		podman rm --force "$1"
	else
		podman rm --force --time 0 "$1"
	fi
}

# podman_pod_rm NAME|--all: likewise
podman_pod_rm() {
	if on_bullseye; then
		podman pod kill "$1" || true
		podman pod rm --force "$1"
	else
		podman pod rm --force --time 0 "$1"
	fi
}
