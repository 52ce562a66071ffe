#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The point, in two minutes: a real container, and the audit events it caused.
# Nobody types a registration: podman runs the hook.
set -eu

say() { printf '\n== %s\n' "$*"; }

log=/var/log/audit/audit.log
dir=$(mktemp -d)
root=$dir/root
mkdir -p "$root"/{bin,dev,etc,proc,run,sys,tmp}
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
ln -s busybox "$root/bin/mkdir"
# a machine that was booted for this alone: no systemd, no images
printf '[storage]\ndriver = "vfs"\nrunroot = "%s/run"\ngraphroot = "%s/graph"\n' \
	"$dir" "$dir" >"$dir/storage.conf"
export CONTAINERS_STORAGE_CONF=$dir/storage.conf
podman() { command podman --cgroup-manager cgroupfs --events-backend none "$@"; }

say "The hook is put where podman looks: make install-hook"
make -s -C "$PROJECT" install-hook
ls /usr/share/containers/oci/hooks.d/*

say "An audit rule for mkdir"
auditctl -a always,exit -F arch=b64 -S mkdir,mkdirat -k demo >/dev/null

say "podman run: an unmodified busybox makes a directory, and waits"
podman run --detach --name demo --network none --rootfs "$root" \
	sh -c 'mkdir /tmp/by-the-container; echo made >/tmp/ready; busybox sleep 1000'
timeout 60 sh -c "until [ -s $root/tmp/ready ]; do :; done"

say "podman exec: a process from the host enters the container and makes another"
podman exec demo mkdir /tmp/by-exec

say "The host makes one, too"
mkdir "$dir/by-the-host"

say "contidctl list: the container's ID is the first half of podman's"
podman ps --no-trunc --format '{{.ID}}  {{.Names}}'
contidctl list
id=$(contidctl list | sed -n '2s/ .*//p')
auditctl -D >/dev/null
podman rm --force --time 0 demo >/dev/null
auditctl -m the-end
timeout 60 sh -c "until grep -qa the-end $log; do :; done"

say "ausearch: the container's events end with its contid, the host's does not"
ausearch -if "$log" -i -k demo -c mkdir | grep -a '^type=SYSCALL'

say "ausearch: the container's begin (op=register), the entry (op=adopt) and the end (op=drop)"
ausearch -if "$log" -i -m KERNEL_OTHER | grep -a ocontid

say "contidctl report: the container's life in the log"
contidctl report | grep -A 12 "$id"
rm -rf "$dir"
