#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# node.sh: a machine of a fleet, whose records go to the collector as docs/analysis.md says.

# shellcheck source=tests/fleet/common.bash
. "$PROJECT/tests/fleet/common.bash"

id=${NAME^^}_ID
id=${!id}
collector=${network_of[$NAME]}.1
# ask PORT: send standard input to the collector, as soon as it wants that
ask() { socat -u - "TCP:$collector:$1,retry=500,interval=1"; }

begin
address "$NAME" 2

remote=/etc/audit/audisp-remote.conf
setting $remote remote_server "$collector"
setting $remote mode forward
setting $remote network_failure_action syslog
setting /etc/audit/plugins.d/au-remote.conf active yes
mkdir -p /var/spool/audit
start_auditd

auditctl -a always,exit -F arch=b64 -S execve,mkdir,exit_group -k fleet >/dev/null
# shellcheck disable=SC2016 # expanded by the container's shell
contidctl run --label web "$id" -- sh -c 'mkdir "/tmp/of-$1"; exit 0' sh "$NAME"
# one that both machines have, under other names
contidctl run --label "shared-$NAME" "$SHARED_ID" -- mkdir "/tmp/shared-$NAME"

# Only now is there a collector: what was recorded so far was kept for it.
ask 7001 </dev/null
contidctl run --label "only-$NAME" -- mkdir "/tmp/only-$NAME"
auditctl -D >/dev/null
auditctl -m "the end of $NAME"
comes /var/log/audit/audit.log "the end of $NAME"

# What it has written itself is what has to come there; then it stays until all has.
grep -F contid= /var/log/audit/audit.log | ask 7000
echo "$(grep -cF contid= /var/log/audit/audit.log) records with an ID, the collector has seen all"
