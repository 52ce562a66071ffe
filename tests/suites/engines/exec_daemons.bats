#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Two daemons execute in their containers at once, by audit-contid-runtime: each exec is on
# record with the user of its own request, whatever the containers do meanwhile.
# depends on: neither. What the program sends is in runtime_exec, a true daemon in docker.

# shellcheck source=tests/lib/engines.bash
. "$BATS_TEST_DIRNAME/../../lib/engines.bash"

runtime=/usr/local/libexec/audit-contid/audit-contid-runtime
config=/etc/audit-contid
variable=SPO_EXEC_REQUEST_UID

setup() {
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p "$config"
	echo 'runtime = crun' >"$config/runtime.conf"
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	for name in one two; do
		crun --root "$PWD/run-$name" delete --force "$name" || true
	done
	rm -rf "$config"
	wait_for no_containers
}

# container NAME: what its maker has chosen, and what runs in there, is called like a request
container() {
	bundle "$PWD/$1" sh -c "while :; do $variable=inside true; sleep 1; done"
	configure "$PWD/$1" '.process.env += args' "$variable=forged"
	quiet "$runtime" --root "$PWD/run-$1" run --detach --bundle "$PWD/$1" "$1"
}

# execute NAME NUMBER COMMAND...: as a daemon does it; without a number nobody has asked
execute() {
	local name=$1 number=$2 env
	shift 2

	env=("PATH=/bin" "$variable=forged")
	[ -z "$number" ] || env+=("$variable=$name$number")
	# as a daemon: who reads the one before does not find this one in it
	rm -f "process-$name" "pid-$name"
	jq -n '{ cwd: "/", user: { uid: 0, gid: 0 },
		env: $ARGS.positional[:'"${#env[@]}"'], args: $ARGS.positional['"${#env[@]}"':] }' \
		--args -- "${env[@]}" "$@" >"process-$name"
	quiet "$runtime" --root "$PWD/run-$name" exec --process "process-$name" --detach \
		--pid-file "pid-$name" "$name"
}

# daemon NAME: fifty, and two of which nobody has asked for one
daemon() {
	local i

	for i in {1..50}; do
		execute "$1" "$i" /bin/true "$i"
	done
	execute "$1" "" /bin/true nobody
	execute "$1" "" /bin/sh -c "$variable=inside /bin/true"
}

# wanted NAME: as pairs has them
wanted() {
	local i

	for i in {1..50}; do
		echo "/bin/true $i $1$i"
	done
	printf '%s\n' '/bin/true nobody ' "/bin/sh -c '$variable=inside /bin/true' "
}

# bats test_tags=thorough
@test "100 of 100 execs of two daemons carry the user of their request, and no forged one" {
	local name daemons=()

	for name in one two; do
		container "$name"
	done
	for name in one two; do
		daemon "$name" 3>&- &
		daemons+=("$!")
	done
	wait "${daemons[0]}"
	wait "${daemons[1]}"
	until_true on_record 104
	log >written
	for name in one two; do
		id=$(contidctl get "$(crun --root "$PWD/run-$name" state "$name" | jq .pid)")
		diff <(pairs "$id") <(wanted "$name" | sort)
	done
	[ "$(grep -ac ' request-user="\?\(forged\|inside\)' written || true)" -eq 0 ]
	[ "$(grep -ac ' op=exec .* request-user=' written)" -eq 100 ]
}
