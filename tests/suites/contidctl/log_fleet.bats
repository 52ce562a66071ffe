#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Logs of many machines and containers: what is read does not stay in memory.
# tests/bench/readers does the same with a hundred machines of a hundred thousand containers.
# depends on: neither. The tools decide it, and no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

# fleet NODES CONTAINERS EVENTS: a log of so many machines, with so many containers each, one
# after the other, which do so much each
fleet() {
	awk -v nodes="$1" -v containers="$2" -v events="$3" 'BEGIN {
		for (c = 0; c < containers; c++)
			for (step = 0; step < events + 2; step++)
				for (node = 1; node <= nodes; node++) {
					id = sprintf("%08x-0123-4123-8123-%012d", c, node)
					printf "node=node%d type=%s msg=audit(%d.%03d:%d): ", node,
						step && step <= events ? "SYSCALL" : "KERNEL_OTHER", 1790000000 + c,
						step % 1000, c * (events + 2) + step
					if (!step)
						printf "op=register opid=%d ocontid=%s old-ocontid=-1 pid=9 auid=1000 res=1 vm=\"web-%d\"\n", c % 30000 + 9, id, c
					else if (step <= events)
						printf "arch=c000003e syscall=83 success=yes exit=0 pid=%d auid=1000 contid=%s\n", c % 30000 + 9, id
					else
						printf "op=drop opid=%d ocontid=%s pid=9 auid=1000 res=1 vm=\"web-%d\"\n", c % 30000 + 9, id, c
				}
	}'
}

# names KIB COMMAND...: how many names it prints, with no more memory than that: if it has not
# enough to know them it prints none, and goes on
names() {
	(
		ulimit -v "$1"
		"${@:2}" | grep -c 'ocontname="web-[0-9]*"'
	)
}

# ten thousand containers at the begin of what is read, and four times as many
@test "events: memory does not grow with the containers of a log" {
	fleet 4 10000 0 >one
	fleet 4 40000 0 >four
	[ "$(names 40000 contidctl events --all --input one)" -eq 80000 ]
	[ "$(names 40000 contidctl events --all --input four)" -eq 320000 ]
	# nor by the name of one, which is looked for in all of it first
	[ "$(names 80000 contidctl events --input four web-39999)" -eq 8 ]
}

# lives COUNT: a log of one ID that so many containers have had, one after the other
lives() { fleet 1 "$1" 0 | sed 's/ocontid=[0-9a-f]*-/ocontid=00000001-/'; }

# took FILE: the milliseconds of the processor that it takes to read, the least of three times
took() {
	local TIMEFORMAT=%3U

	for _ in 1 2 3; do
		{ time contidctl events --all --input "$1" >/dev/null; } 2>&1
	done | tr -d . | sort -n | head -1
}

@test "an ID that lives again and again takes no longer with each life" {
	local few many

	lives 10000 >few
	lives 40000 >many
	contidctl events --all --input many | tail -1 | grep 'ocontname="web-39999"'
	few=$(took few)
	many=$(took many)
	echo "# ms: $few, then $many" >&3
	[ "$((10#$many))" -lt $((8 * 10#$few)) ]
}

@test "a container has its name to its end, and a little longer, whatever was forgotten" {
	fleet 1 9000 2 >log
	[ "$(contidctl events --all --input log | grep -c 'name="web-[0-9]*"$')" -eq 18000 ]
	# a record of a container that comes late
	{
		fleet 1 9000 0
		line SYSCALL 1 'arch=c000003e syscall=83 success=yes exit=0 pid=7 contid=00002327-0123-4123-8123-000000000001' |
			sed 's/audit(1795600000/audit(1790009001/; s/^/node=node1 /'
	} >log
	contidctl events --all --input log -S mkdir | grep 'contname="web-8999"$'
}

@test "--node: report, events and tree hold what one machine has, however many others there are" {
	fleet 1 2000 1 >one
	fleet 40 2000 1 >forty
	for log in one forty; do
		(
			ulimit -v 40000
			contidctl report --node node1 --format json --input $log >report.$log
			contidctl events --node node1 --all --input $log >events.$log
			contidctl tree --node node1 --input $log 00000007-0123-4123-8123-000000000001 >tree.$log
		)
	done
	holds '.containers | length == 2000 and all(.[]; .events == 3 or .events == 2 or .events == 1) and
		.[1999].name == "web-1999"' <report.one
	cmp report.one report.forty
	cmp events.one events.forty
	cmp tree.one tree.forty
}

@test "an ID that several machines have has the name and the image of each" {
	# of two machines, each of which has made an ID of a name
	for node in alpha beta; do
		{
			line KERNEL_OTHER 1 "op=register opid=9 ocontid=$A old-ocontid=-1 pid=8 auid=1000 res=1 vm=\"of-$node\""
			line VIRT_CONTROL 2 "pid=8 uid=0 msg='virt=container op=start uuid=$A image=\"image-$node\" res=success'"
			line SYSCALL 3 "arch=c000003e syscall=83 success=yes exit=0 pid=9 contid=$A"
		} | sed "s/^/node=$node /"
	done >log
	contidctl report --input log --format json |
		holds '.containers | map([.node, .name, .container.image]) ==
			[["alpha", "of-alpha", "image-alpha"], ["beta", "of-beta", "image-beta"]]'
	contidctl report --period 2026-11 --input log --format json |
		holds '.containers | map([.node, .name, .image]) ==
			[["alpha", "of-alpha", "image-alpha"], ["beta", "of-beta", "image-beta"]]'
	contidctl tree --input log --json "$A" |
		holds '.processes | map([.node, .container.label, .container.image]) ==
			[["alpha", "of-alpha", "image-alpha"], ["beta", "of-beta", "image-beta"]]'
	contidctl events --input log --all -m SYSCALL --format json |
		jq -es 'map([.node, .container.label, .container.image]) ==
			[["alpha", "of-alpha", "image-alpha"], ["beta", "of-beta", "image-beta"]]'
}
