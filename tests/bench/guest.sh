#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the machine: round by round, in each one condition after the other, no module
# first and at the end of all, and prints "result LINE CONDITION VALUE...", the
# values in instructions. A round's conditions are new processes, and the module is
# loaded anew: so what differs by where things came to lie is in the spread.
#
# QUICK=1: the first lines, few rounds. LINES="..." and CONDITIONS="..." choose;
# ROUNDS=7; CROWDS="100 10000" how many live processes there are, before LARGE=50000;
# CONTAINERS="10 1000 10000" how many containers are registered and listed; BESIDE="..."
# what else is measured; MODULE=1: the module that came along in the place of the one that
# is installed. Empty ones leave their part out.
#
# COUNTED=1: nothing of that, but what the probes execute in each line and condition,
# by the emulator's counter (see counter.c), as "counted REGION LINE CONDITION". WHERE=1: and
# "symbol ADDRESS NAME" for each function of the kernel, "own CONDITION ADDRESS NAME" for each of
# the module.

set -euo pipefail
extra=$PROJECT/tests/extra
measure=$extra/measure
quick=${QUICK:-}
rounds=${ROUNDS:-${quick:+3}}
rounds=${rounds:-7}
lines=${LINES:-loop vfork fork mkdir message getppid kill switch}
[[ -n $quick || -n ${LINES:-} ]] || lines+=" spawn exec thread setns shell audited_exec seccomp"
conditions=${CONDITIONS:-none floor host container nested}
# how measure is called, and how its answer is named
counting=()
word=result
part() { [[ -n $quick ]] || echo "$1"; }
crowds=${CROWDS-$(part "100 10000")}
large=${LARGE-$(part 50000)}
containers=${CONTAINERS-$(part "10 1000 10000")}
beside=${BESIDE-$(part "map exec programs")}

say() { printf '# %s s: %s\n' "$(cut -d' ' -f1 /proc/uptime)" "$*"; }

for noun in auditd module crowds beside programs counted; do
	# shellcheck source=/dev/null
	. "$PROJECT/tests/bench/$noun.sh"
done

# The functions that the module always probes here, by its own word. A signal is no probe, but
# a tracepoint.
symbols() {
	contidctl stats --json |
		jq -r '[.probes[] | select((.optional | not) and .purpose != "signal") | .symbol] | join(",")'
}

# the call that makes a directory here
mkdir_call='mkdir'
[[ $HOSTTYPE != aarch64 ]] || mkdir_call='mkdirat'

# measured LINE CONDITION DEPTH [REPETITIONS]: measure one line; of LINE@... what
# is before the @
measured() {
	local line=$1 condition=$2 depth=$3 what=${1%@*} lost values
	case $what in
	mkdir | message | seccomp | audited_exec)
		case $what in
		mkdir) auditctl -a always,exit -F arch=b64 -S "$mkdir_call" -k bench >/dev/null ;;
		audited_exec)
			auditctl -a always,exit -F arch=b64 -S execve -k bench >/dev/null
			what='exec'
			;;
		esac
		lost=$(audit_status lost)
		kill -STOP "$(audit_status pid)"
		# its socket is full from the first record on
		"$measure" -r 1 -n 500 message >/dev/null
		values=$("$measure" "${counting[@]}" -d "$depth" -r "${4:-1}" "$what")
		auditctl -D >/dev/null
		[[ $(audit_status lost) == "$lost" ]] || say "$line $condition: records were lost"
		auditd_catch_up
		;;
	*)
		values=$("$measure" "${counting[@]}" -d "$depth" -r "${4:-1}" "$what")
		;;
	esac
	echo "$word $line $condition $values"
}

all_lines() {
	local line
	for line in $lines; do
		[[ -z ${COUNTED:-} ]] || next_region
		measured "$line" "$@"
	done
}

in_condition() {
	case $1 in
	none) all_lines none 0 ;;
	floor)
		insmod "$extra/floor.ko" symbols="$symbols"
		all_lines floor 0
		rmmod floor
		;;
	host)
		# with a container that lives, beside
		module_load
		contidctl run -- sleep 1000000 &
		until pgrep -x sleep >/dev/null; do
			sleep 0.1
		done
		[[ -z ${WHERE:-} ]] || show_own host
		all_lines host 0
		kill %%
		wait %% || true
		module_unload
		;;
	container)
		module_load
		[[ -z ${WHERE:-} ]] || show_own container
		all_lines container 1
		module_unload
		;;
	nested)
		module_load
		[[ -z ${WHERE:-} ]] || show_own nested
		all_lines nested 3
		module_unload
		;;
	esac
}

echo 0 >/proc/sys/kernel/randomize_va_space
auditd_start
module_load
symbols=$(symbols)
module_unload
say "probes: $symbols"
# allocators settle
"$measure" vfork >/dev/null

if [[ -n ${COUNTED:-} ]]; then
	rounds=1
	show_sites
	[[ -z ${WHERE:-} ]] || show_functions
fi
for ((round = 1; round <= rounds; round++)); do
	say "round $round"
	for condition in $conditions; do
		in_condition "$condition"
	done
done
[[ -z ${COUNTED:-} ]] || exit 0
all_lines none 0
for what in $beside; do
	say "beside: $what"
	beside_"$what"
done
for count in $crowds; do
	say "crowd of $count"
	crowd_lines "$count"
done
for count in $containers; do
	say "$count containers"
	device_lines "$count"
done
[[ -z $large ]] || large_crowd "$large"
say "end"
