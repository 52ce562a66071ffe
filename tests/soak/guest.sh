#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh: runs in a test machine for MINUTES, in rounds of these PARTS:
#
#   processes  made in every way, in containers and on the host, under a small
#              pid_max, SIGKILL, kills of cgroups and for memory, beside stress-ng and
#              registrations that race; each checks what it carries (oracle), and another program
#              compares that with its cgroup (overseer)
#   many       processes, as fast as they can be made, each of which checks itself
#   crossfire  all calls at the same process at the same moment
#   releases   of containers, which are restored, while processes leave them
#   records    of contained and host processes, while auditd is stopped, killed and
#              started again, its queue is small, rules come and go; each that is in
#              the log carries the right contid or none
#   modules    the module is loaded and unloaded while processes and records are made

# shellcheck source=tests/soak/processes.bash
. "$PROJECT/tests/soak/processes.bash"
# shellcheck source=tests/soak/many.bash
. "$PROJECT/tests/soak/many.bash"
# shellcheck source=tests/soak/crossfire.bash
. "$PROJECT/tests/soak/crossfire.bash"
# shellcheck source=tests/soak/releases.bash
. "$PROJECT/tests/soak/releases.bash"
# shellcheck source=tests/soak/records.bash
. "$PROJECT/tests/soak/records.bash"
# shellcheck source=tests/soak/modules.bash
. "$PROJECT/tests/soak/modules.bash"
# shellcheck source=tests/soak/debug.bash
. "$PROJECT/tests/soak/debug.bash"

cd "$(mktemp -d)" || exit 1
round=0
begin_debug
deadline=$((SECONDS + MINUTES * 60))
while [[ $SECONDS -lt $deadline && ! -e failed ]]; do
	round=$((round + 1))
	for part in $PARTS; do
		"part_$part" "$round"
	done
	echo "round $round, $((SECONDS / 60)) min: $(sums)"
done

end_debug
echo "--- $(uname -r), $((SECONDS / 60)) minutes, $round rounds"
sums | tr ' ' '\n' | awk -F= '{ printf "%-24s %d\n", $1, $2 }'
if [[ -e failed ]]; then
	sort failed | uniq -c | head -n 20
	exit 1
fi
