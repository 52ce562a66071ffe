# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the machines of a fleet share. NAME is that of this one.

set -euo pipefail
trap 'echo "line $LINENO: failed: $BASH_COMMAND"' ERR

# 192.168.70.N is alpha's cable, 192.168.71.N beta's; the collector's end is N=1.
declare -A network_of=([alpha]=192.168.70 [beta]=192.168.71)
declare -A cable_of=([alpha]=1 [beta]=2)

# interface MAC
interface() { basename "$(dirname "$(grep -lxF "$1" /sys/class/net/*/address)")"; }

# address NODE END: give this machine's end of the node's cable its address
address() {
	local interface

	interface=$(interface "52:54:00:00:0${cable_of[$1]}:0$2")
	ip address add "${network_of[$1]}.$2/24" dev "$interface"
	ip link set "$interface" up
}

# setting FILE NAME VALUE: in auditd's files, also if the line is a comment there
setting() {
	sed -i -E "s/^#*$2 *=.*/$2 = $3/" "$1"
	grep -qxF "$2 = $3" "$1"
}

begin() {
	echo "$NAME" >/proc/sys/kernel/hostname
	modprobe virtio_net
	setting /etc/audit/auditd.conf name_format hostname
}

start_auditd() {
	mkdir -p /run/audit /run/auditd
	sed -i 's/^active = .*/active = no/' /etc/audit/plugins.d/laurel.conf
	auditd
	auditctl -b 8192 >/dev/null
}

# comes FILE WORDS: wait for a line of a log
comes() { timeout 500 grep -qm 1 -F -- "$2" < <(exec tail -n +1 -F "$1" 2>/dev/null); }
