# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the suites that start containers as engines do: a root with busybox, a
# container of crun or runc, podman without a network, and the counting of
# one-shot processes.

# shellcheck source=tests/lib/records.bash
. "${BASH_SOURCE[0]%/*}/records.bash"
# shellcheck source=tests/lib/podman.bash
. "${BASH_SOURCE[0]%/*}/podman.bash"

key=engine

# gone CONTID...: wait for the end of these containers
gone() {
	local contid

	for contid; do
		until_true "! contidctl list | grep -q ^$contid"
	done
}

# quiet COMMAND...: for one that leaves processes behind, as engines do
quiet() {
	"$@" </dev/null 3>&-
}

# rootfs DIR: a container's root, with busybox
rootfs() {
	local name

	mkdir -p "$1"/{bin,dev,etc,proc,root,run,sys,tmp,usr}
	cp "$(command -v busybox)" "$1/bin/busybox"
	for name in cat mkdir mount nsenter sh sleep true unshare; do
		ln -sf busybox "$1/bin/$name"
	done
}

# bundle DIR COMMAND...: what crun and runc take: a root, and what runs in there
bundle() {
	local dir=$1
	shift

	rootfs "$dir/rootfs"
	rm -f "$dir/config.json"
	(cd "$dir" && crun spec)
	configure "$dir" '.process.terminal = false | .process.args = args |
		.root.readonly = false' "$@"
}

# configure DIR FILTER [ARGUMENT...]: change a bundle's configuration; args is
# the list of arguments in there
configure() {
	local config=$1/config.json filter=$2 arguments
	shift 2

	arguments=$(printf '%s\n' "$@" | jq -Rnc '[inputs]')
	jq --argjson list "$arguments" "def args: \$list; $filter" <"$config" >"$config.new"
	mv "$config.new" "$config"
}

# created ENGINE ID CONTID DIR: a container, registered between create and start:
# $pid is its first process
created() {
	quiet "$1" create --bundle "$4" "$2" >/dev/null
	pid=$("$1" state "$2" | jq .pid)
	contidctl register "$pid" "$3" >/dev/null
	"$1" start "$2"
}

# hook CONTID: the path of an OCI hook that registers a container; under its own
# ID if CONTID is empty
hook() {
	local file=$BATS_FILE_TMPDIR/register${1:+-$1}

	cat >"$file" <<-END
		#!/bin/sh
		# the state is JSON, on one line or several
		while IFS= read -r line || [ -n "\$line" ]; do
			state=\$state\$line
		done
		pid=\${state#*\"pid\":}
		pid=\${pid%%[,\}]*}
		id=\${state#*\"id\":*\"}
		id=\${id%%\"*}
		PATH=/usr/local/sbin:/usr/sbin:/usr/bin
		exec contidctl register \$pid ${1:-\$id}
	END
	chmod 755 "$file"
	echo "$file"
}

# podman_begin: for setup_file: podman with a storage of this suite
podman_begin() {
	export CONTAINERS_STORAGE_CONF=$BATS_FILE_TMPDIR/storage.conf
	cat >"$CONTAINERS_STORAGE_CONF" <<-END
		[storage]
		driver = "vfs"
		runroot = "/run/containers/storage"
		graphroot = "$BATS_FILE_TMPDIR/storage"
	END
}

# podman_end: for teardown_file: when a container has ended, conmon tells podman to
# clean up after it, and that writes where bats is about to delete
podman_end() {
	until_true "! pgrep -ax 'podman|conmon'"
}

# podman COMMAND...: without systemd, and with nothing left for bats to wait for
podman() {
	command podman --cgroup-manager cgroupfs --events-backend none "$@" 3>&-
}

# podman_created NAME CONTID OPTION... -- COMMAND...: like created, for podman
podman_created() {
	local name=$1 contid=$2 options=()
	shift 2

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	on_bullseye || options+=(--pidfile "$BATS_TEST_TMPDIR/pid-$name")
	podman create --name "$name" "${options[@]}" "$@" >/dev/null
	podman init "$name" >/dev/null
	if on_bullseye; then
		pid=$(podman inspect --format '{{.State.Pid}}' "$name")
	else
		pid=$(<"$BATS_TEST_TMPDIR/pid-$name")
	fi
	contidctl register "$pid" "$contid" >/dev/null
	podman start "$name" >/dev/null
}

# contid_of ID: a runtime's ID of 64 digits, as it is printed
contid_of() {
	echo "${1:0:8}-${1:8:4}-${1:12:4}-${1:16:4}-${1:20:12}"
}

# tagged COUNT WHAT PATTERN CONTID: there are as many SYSCALL records with this
# pattern in the file "written", and all of them have the contid
tagged() {
	local all ours

	all=$(type SYSCALL <written | grep -acE "$3" || true)
	ours=$(type SYSCALL <written | grep -aE "$3" | grep -acE " contid=$4("$'\035'"|$)" || true)
	echo "# $2: $ours of $all events tagged" >&3
	[ "$all" -eq "$1" ]
	[ "$ours" -eq "$1" ]
}

# untagged PATTERN: there are SYSCALL records like this in the file "written", and none
# has a contid
untagged() {
	type SYSCALL <written | grep -aE "$1" >untagged
	[ "$(grep -ac ' contid=' untagged)" -eq 0 ]
}

# on_record COUNT: so many execs are in the log
on_record() { [ "$(log | grep -ac "op=exec ")" -eq "$1" ]; }

# pairs CONTID: of each message of an exec in there, the command and the request's user
pairs() {
	# shellcheck disable=SC2001 # of each two digits
	type VIRT_CONTROL <written | sed -nE "s/.* op=exec .*uuid=$1 (vm-pid=[0-9]+ )?runtime-pid=.* cmd=([0-9A-F]+) (request-user=\"([^\"]*)\")?.*res=success.*/\2 \4/p" |
		while read -r command user; do
			printf '%b %s\n' "$(sed 's/../\\x&/g' <<<"$command")" "$user"
		done | sort
}
