#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# collector.sh: a machine to which others send their records. Nothing runs in containers here.

# shellcheck source=tests/fleet/common.bash
. "$PROJECT/tests/fleet/common.bash"

declare -A id_of=([alpha]=$ALPHA_ID [beta]=$BETA_ID)
log=/var/log/audit/audit.log
begin
address alpha 1
address beta 1
setting /etc/audit/auditd.conf tcp_listen_port 60

# hear NODE PORT: what the machine sends, once
hear() { timeout 500 socat -u "TCP-LISTEN:$2,bind=${network_of[$1]}.1,reuseaddr" -; }

# they have recorded something by then
hear alpha 7001
hear beta 7001
start_auditd

wrong=0
# is WHAT GOT EXPECTED
is() {
	if [[ $2 == "$3" ]]; then
		echo "ok $1"
	else
		printf 'not ok %s: expected\n%s\ngot\n%s\n' "$1" "$3" "$2"
		wrong=1
	fi
}

# none WHAT COMMAND...: it finds nothing, and says so by its exit status
none() {
	local status=0 out

	out=$("${@:2}" 2>/dev/null) || status=$?
	is "$1" "$status: $out" "1: "
}

nodes() { sed -n 's/^node=\([^ ]*\) .*/\1/p' | sort -u | xargs; }
made() { grep -oE 'name="?/tmp/(of|only|shared)-[a-z]+' | sed 's,.*/,,' | sort -u | xargs; }

for node in alpha beta; do
	comes $log "the end of $node"
done
cd /tmp

for node in alpha beta; do
	id=${id_of[$node]}
	[[ $node == alpha ]] && other=beta || other=alpha

	contidctl events --node $node --format raw web >out
	is "events --node $node web: of that machine alone" "$(nodes <out)" $node
	is "events --node $node web: of its container" "$(made <out)" "of-$node"
	is "events --node $node ID: the same" "$(contidctl events --node $node --format raw "$id")" "$(<out)"
	is "events --node $node --all: of all its containers" \
		"$(contidctl events --node $node --all --format raw | made)" "of-$node only-$node shared-$node"
	contidctl events --node $node --format raw "$SHARED_ID" >out
	is "events --node $node of an ID that both have: of that machine alone" \
		"$(nodes <out) $(made <out)" "$node shared-$node"
	is "events --node $node --format json: node, ID and label of what it did" \
		"$(contidctl events --node $node -k fleet --format json web |
			jq -rs 'map([.node, .contid, .container.label] | join(" ")) | unique | join(", ")')" \
		"$node $id web"

	is "report --node $node: its containers, by their names" \
		"$(contidctl report --node $node --format json |
			jq -r '.containers | map([.node, .name] | join(" ")) | join(", ")')" \
		"$node web, $node shared-$node, $node only-$node"
	is "report --node $node: web's ID" \
		"$(contidctl report --node $node --format json | jq -r '.containers[0].contid')" "$id"

	contidctl tree --node $node --json web >out
	is "tree --node $node web: its processes" \
		"$(jq -r '.processes | map([.node, .exe] | join(" ")) | unique | join(", ")' out)" \
		"$node /usr/bin/dash, $node /usr/bin/mkdir"
	is "tree --node $node web: the ID" "$(jq -r '.contids | join(" ")' out)" "$id"

	none "events --node $other: not of $node's ID" contidctl events --node "$other" "$id"
	none "tree --node $other: not of $node's ID" contidctl tree --node "$other" "$id"
	none "events --node $other: not of a name that $node alone has" \
		contidctl events --node "$other" "only-$node"
done

contidctl events --format raw web >out 2>said
is "events web: of both machines" "$(nodes <out)" "alpha beta"
is "events web: of both containers" "$(made <out)" "of-alpha of-beta"
is "events web: says whom that means" \
	"$(grep -oE -e "$ALPHA_ID" -e "$BETA_ID" said | sort -u)" "$(printf '%s\n' "$ALPHA_ID" "$BETA_ID" | sort)"
is "report: each machine's containers" \
	"$(contidctl report --format json | jq -r '.containers | map([.node, .name, .contid] | join(" "))[]' |
		grep ' web ' | sort)" \
	"$(printf '%s\n' "alpha web $ALPHA_ID" "beta web $BETA_ID")"
is "report: an ID that both have, with the name that each gave it" \
	"$(contidctl report --format json |
		jq -r --arg id "$SHARED_ID" '.containers | map(select(.contid == $id) | .node, .name) | join(" ")')" \
	"alpha shared-alpha beta shared-beta"
is "report: none of the collector" \
	"$(contidctl report --format json | jq -r '.containers | map(.node) | unique | join(" ")')" "alpha beta"
is "tree --json web: each machine's processes" \
	"$(contidctl tree --json web 2>/dev/null | jq -r '.processes | map(.node) | unique | join(" ")')" "alpha beta"
none "events --node gamma: no such machine" contidctl events --node gamma web
none "events --node collector: no container" contidctl events --node collector --all

# To ask for it ends the wait of the machine.
for node in alpha beta; do
	hear $node 7000 >sent
	is "each record of $node's that names a container came as it was" \
		"$(grep "^node=$node " $log | grep -F contid= | cmp - sent && wc -l <sent)" "$(grep -c . sent)"
done
[[ $wrong -eq 0 ]]
