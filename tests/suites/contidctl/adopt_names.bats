#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl adopt: whose choice is a container's name? An ID that is another
# container's must not be had by calling a cgroup so.
# depends on: neither. It reads owners of cgroups, as all kernels show them.
#
# Each test is a subshell of its own, and so are its variables:
# shellcheck disable=SC2030,SC2031

# shellcheck source=tests/lib/running.bash
. "$BATS_TEST_DIRNAME/../../lib/running.bash"

mine=user.slice/user-1000.slice/user@1000.service

# one test has it loaded with another limit
teardown_file() {
	# a look that a watch has begun ends by itself
	until_true modprobe -r audit_contid
	modprobe audit_contid
}

# as UID COMMAND...: of an ordinary user
as() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }

# delegated CGROUP UID: it is that user's, as systemd and runtimes do it
delegated() {
	mkdir -p "$cgroups/$1"
	chown "$2:$2" "$cgroups/$1" "$cgroups/$1"/cgroup.{procs,subtree_control,threads}
}

# container_of UID CGROUP: made by that user in what is delegated; its first process is
# in $init
container_of() {
	as "$1" mkdir -p "$cgroups/$2"
	process "$2" setpriv --reuid "$1" --regid "$1" --clear-groups \
		unshare -Urmpf --kill-child sleep infinity
	until_true "pgrep -P $pid -x sleep"
	init=$(pgrep -P "$pid" -x sleep)
}

# owned OWNER RUNTIME:NAME: the ID of a container that OWNER has named
owned() { id_of_name ":$1:$2"; }

# is PID CONTID
is() {
	echo "process $1 carries $(label "$1"), and should carry $2"
	[ "$(label "$1")" = "$2" ]
}

@test "a user's unit that is called as root's container has another ID, and that one can start" {
	local scope
	scope=$mine/app.slice/libpod-$(digits 01).scope
	delegated "$mine" 1000
	as 1000 mkdir -p "$cgroups/$scope"
	process "$scope" setpriv --reuid 1000 --regid 1000 --clear-groups sleep infinity

	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$pid" "$(owned 1000 "podman:$(digits 01)")"
	[[ $output == *"registered (name by user 1000)"*"No container of root's"* ]]
	# the victim, which had stopped or is yet to come
	registered "$(id_of 01)"
	is "$pid" "$(id_of 01)"
}

@test "a container of root's that runs beside a user's of the same name has its own ID" {
	local theirs
	delegated "$mine" 1000
	container_of 1000 "$mine/app.slice/docker-$(digits 01).scope"
	theirs=$init
	container "system.slice/docker-$(digits 01).scope"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$init" "$(id_of 01)"
	is "$theirs" "$(owned 1000 "docker:$(digits 01)")"
}

@test "rootless podman, LXC and nspawn of a user have IDs of that user's" {
	declare -A expected
	local path name

	delegated "$mine" 1000
	while read -r path name; do
		container_of 1000 "$mine/$path"
		expected[$init]=$name
	done <<-END
		user.slice/libpod-$(digits 01).scope/container podman:$(digits 01)
		app.slice/podman.service/libpod-payload-$(digits 02) podman:$(digits 02)
		app.slice/lxc.payload.web lxc:web
		lxc/web2 lxc:web2
		machine.slice/systemd-nspawn@box.service/payload nspawn:box
	END
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	for one in "${!expected[@]}"; do
		is "$one" "$(owned 1000 "${expected[$one]}")"
	done
	[ "$(containers)" -eq 5 ]
}

@test "two users who choose the same name have two IDs, and the same ones the next time" {
	local both=()

	for uid in 1000 1001; do
		delegated "user.slice/user-$uid.slice/user@$uid.service" "$uid"
		container_of "$uid" "user.slice/user-$uid.slice/user@$uid.service/lxc.payload.web"
		both+=("$init")
	done
	contidctl adopt --json >"$dir/json"
	is "${both[0]}" "$(owned 1000 lxc:web)"
	is "${both[1]}" "$(owned 1001 lxc:web)"
	[ "$(jq -r '[.containers[].named_by] | sort | join(", ")' "$dir/json")" = "user 1000, user 1001" ]
	run contidctl adopt
	[ "$status" -eq 0 ]
	[ "$(grep -c ' 0  kept (name by user' <<<"$output")" -eq 2 ]
}

@test "a container whose cgroup is delegated to its own root keeps its name, those it makes do not" {
	local outer inner
	mkdir -p "$cgroups/lxc.payload.web"
	delegated lxc.payload.web 100000
	container lxc.payload.web
	outer=$init
	container_of 100000 "lxc.payload.web/machine.slice/libpod-$(digits 02).scope/container"
	inner=$init
	container_of 100000 lxc.payload.web/lxc.payload.other
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$outer" "$(id_of_name lxc:web)"
	[[ $(label "$inner") == "$(owned "$(id_of_name lxc:web)" "podman:$(digits 02)")"* ]]
	[[ $(label "$init") == "$(owned "$(id_of_name lxc:web)" lxc:other)"* ]]
	registered "$(id_of 02)"
	registered "$(id_of_name lxc:other)"
}

@test "a user's empty cgroup that is called as root's container gives nobody an ID of what is in that" {
	delegated "$mine" 1000
	container_of 1000 "$mine/app.slice/lxc.payload.web/lxc.payload.other"
	run contidctl adopt
	echo "$output"
	is "$init" "$(owned "$(owned 1000 lxc:web)" lxc:other)"
}

@test "a name from a container without a user namespace is not believed, unless that amounts to root of the host" {
	local weak strong outer
	weak=docker/$(digits 01) strong=docker/$(digits 02)
	cat >"$dir/outer" <<-'END'
		echo 0 >"$1/cgroup.procs"
		unshare -mpf --kill-child bash -c 'echo 0 >"$1/cgroup.procs"; exec sleep infinity' - "$2" &
		wait
	END
	mkdir -p "$cgroups/$weak"/{init,"docker-$(digits 03).scope"} \
		"$cgroups/$strong"/{init,"docker-$(digits 04).scope"}
	background setpriv --bounding-set -sys_module unshare -mpf --kill-child bash "$dir/outer" \
		"$cgroups/$weak/init" "$cgroups/$weak/docker-$(digits 03).scope"
	background unshare -mpf --kill-child bash "$dir/outer" \
		"$cgroups/$strong/init" "$cgroups/$strong/docker-$(digits 04).scope"
	until_true "grep -q . $cgroups/$weak/docker-*/cgroup.procs"
	until_true "grep -q . $cgroups/$strong/docker-*/cgroup.procs"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$(who "$weak/docker-$(digits 03).scope" | head -n 1)" \
		"$(owned "$(id_of 01)" "docker:$(digits 03)"),^$(id_of 01)"
	is "$(who "$strong/docker-$(digits 04).scope" | head -n 1)" "$(id_of 04),^$(id_of 02)"
	[[ $output == *"(name by container $(id_of 01))"* ]]
	registered "$(id_of 03)"
}

@test "a container that writes the host's cgroup tree takes no ID, as long as it is in one itself" {
	# by its descent
	cat >"$dir/escape" <<-'END'
		mkdir -p "$1"
		unshare -mpf bash -c 'echo 0 >"$0/cgroup.procs"; exec sleep infinity' "$1" &
		wait
	END
	process "docker/$(digits 01)" setpriv --bounding-set -sys_module \
		unshare -mpf --kill-child bash "$dir/escape" "$cgroups/docker/$(digits 02)"
	until_true "grep -q . $cgroups/docker/$(digits 02)/cgroup.procs"
	run contidctl adopt
	echo "$output"
	is "$(who "docker/$(digits 02)" | head -n 1)" \
		"$(owned "$(id_of 01)" "docker:$(digits 02)"),^$(id_of 01)"
	# by what it carries, once it is in a container that no cgroup tells of
	# shellcheck disable=SC2016
	background contidctl run "$(id_of 55)" -- setpriv --bounding-set -sys_module \
		bash -c 'mkdir -p "$0"; echo 0 >"$0/cgroup.procs"; exec sleep infinity' \
		"$cgroups/docker/$(digits 03)"
	until_true "grep -q . $cgroups/docker/$(digits 03)/cgroup.procs"
	run contidctl adopt
	echo "$output"
	[[ $(contidctl list) != *"$(id_of 03)"* ]]
}

@test "a container amounts to what its first process does, not to another one that has the number" {
	local path first inner

	path=docker/$(digits 03)
	mkdir -p "$cgroups/$path"
	# shellcheck disable=SC2016
	background contidctl run "$(id_of 55)" -- setpriv --bounding-set -sys_module \
		bash -c 'sleep infinity & echo $! >"$0/cgroup.procs"' "$cgroups/$path"
	until_true "grep -q . $cgroups/$path/cgroup.procs"
	inner=$(who "$path")
	pids+=("$inner")
	first=$(contidctl list --json | jq '.[].first_pid')
	until_true "! [ -e /proc/$first ]"
	"$bin/spawn" "number=$first" 1 sleep infinity 3>&- &
	pids+=("$first")
	until_true runs sleep "$first"
	run contidctl adopt
	echo "$output"
	[[ $(label "$inner") == "$(owned "$(id_of 55)" "docker:$(digits 03)"),^$(id_of 55)" ]]
}

@test "a cgroup that others than root may write names nobody" {
	mkdir -p "$cgroups/docker" "$cgroups/libpod_parent/libpod-$(digits 02)"
	chmod o+w "$cgroups/docker"
	chmod g+w "$cgroups/libpod_parent/cgroup.procs"
	container_of 1000 "docker/$(digits 01)"
	container_of 1000 "libpod_parent/libpod-$(digits 02)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(containers)" -eq 2 ]
	[[ $(contidctl list) == *"$(owned 0 "docker:$(digits 01)")"* ]]
	[[ $(contidctl list) == *"$(owned 0 "podman:$(digits 02)")"* ]]
}

@test "in cgroup v1 the container's own directory has to be root's, too" {
	local path
	mkdir -p "$dir/v1"
	mount -t cgroup -o none,name=systemd systemd "$dir/v1"
	path=$dir/v1/docker/$(digits 01)
	mkdir -p "$path"
	chown 1000 "$path/cgroup.procs"
	background unshare -Urmpf sleep infinity
	until_true "pgrep -P $pid -x sleep"
	first=$(pgrep -P "$pid")
	echo "$first" >"$path/cgroup.procs"
	run contidctl adopt
	carried=$(label "$first")
	kill -9 "$first"
	until_true "rmdir $path"
	rmdir "$dir/v1/docker"
	umount "$dir/v1"
	echo "$output"
	[ "$carried" = "$(owned 1000 "docker:$(digits 01)")" ]
}

# --- a cgroup of a user's, with a process in a mount namespace of root's

# in_roots CGROUP: a process of user 1000 there, which lives in the namespace of $roots, as
# one of a service with PrivateTmp does
in_roots() {
	process "$1" nsenter -m -t "$roots" setpriv --reuid 1000 --regid 1000 --clear-groups \
		sleep infinity
	until_true runs sleep "$pid"
}

# roots: such a namespace, in which a process of root's lives
roots() {
	background unshare -m sleep infinity
	roots=$pid
	until_true runs sleep "$roots"
}

@test "a user's cgroup does not take processes of root's along that share a mount namespace with it" {
	local scope guest container

	scope=$mine/app.slice/libpod-$(digits 01).scope
	delegated "$mine" 1000
	roots
	as 1000 mkdir -p "$cgroups/$scope"
	in_roots "$scope"
	guest=$pid
	container_of 1000 "$mine/app.slice/libpod-$(digits 02).scope"
	container=$init
	for dry in --dry-run ''; do
		# shellcheck disable=SC2086 # none, or one
		run contidctl adopt $dry
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"mount namespace that root has made"* ]]
	done
	is "$roots" -1
	is "$guest" -1
	is "$container" "$(owned 1000 "podman:$(digits 02)")"
	[ "$(containers)" -eq 1 ]
	background nsenter -m -t "$roots" sleep infinity
	until_true runs sleep "$pid"
	is "$pid" -1
}

@test "nor by a first process that has a namespace of its own, and a child or neighbour in root's" {
	local scope=$mine/app.slice/lxc.payload.web child first

	delegated "$mine" 1000
	roots
	as 1000 mkdir -p "$cgroups/$scope"
	# the child is there before its parent makes namespaces, and outside of the cgroup
	process "$scope" nsenter -m -t "$roots" setpriv --reuid 1000 --regid 1000 --clear-groups \
		bash -c 'sleep infinity & exec unshare -Urm sleep infinity'
	until_true runs sleep "$pid"
	child=$(pgrep -P "$pid")
	pids+=("$child")
	echo "$child" >"$cgroups/cgroup.procs"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 1 ]
	is "$roots" -1
	is "$pid" -1
	is "$child" -1
	[ "$(containers)" -eq 0 ]

	# one that is there already, and gets such a neighbour
	container_of 1000 "$mine/app.slice/lxc.payload.db"
	first=$init
	contidctl adopt || true
	is "$first" "$(owned 1000 lxc:db)"
	in_roots "$mine/app.slice/lxc.payload.db"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"was not joined"* ]]
	is "$first" "$(owned 1000 lxc:db)"
	is "$roots" -1
	is "$pid" -1
}

# --- files and cgroups that hide

@test "a container is not hidden by cgroups that are called as those of monitors" {
	container "docker/$(digits 01)/lxc.monitor.x"
	run contidctl adopt
	echo "$output"
	is "$init" "$(id_of 01)"
	[[ $output != *"Left outside"* ]]
}

@test "a file that is called conmon keeps no process out that is in a mount namespace of its own" {
	cp "$(command -v sleep)" "$dir/conmon"
	container "docker/$(digits 01)"
	process "docker/$(digits 01)" nsenter -m -p -t "$init" unshare -m "$dir/conmon" infinity
	until_true "pgrep -fx '$dir/conmon infinity'"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$(pgrep -fx "$dir/conmon infinity")" "$(id_of 01)"
}

@test "nor does one that is called crun, in a container without a PID namespace that has a sandbox" {
	local first

	cp "$(command -v sleep)" "$dir/crun"
	process "docker/$(digits 01)" unshare -m \
		bash -c 'unshare -pf --kill-child sleep infinity & sleep infinity; true'
	first=$pid
	until_true "pgrep -P \$(pgrep -P $first -x unshare) -x sleep"
	process "docker/$(digits 01)" unshare -m "$dir/crun" infinity
	until_true "pgrep -fx '$dir/crun infinity'"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$first" "$(id_of 01)"
	is "$pid" "$(id_of 01)"
}

# --- what LXC calls its cgroups

# monitored CGROUP PAYLOAD TITLE [COMMAND...]: a container of LXC's: its monitor, which has
# that command line, and its first process, in $init
monitored() {
	mkdir -p "$dir/bin" "$cgroups/$1" "$cgroups/$2"
	[ -e "$dir/bin/lxc-start" ] || cp "$(command -v perl)" "$dir/bin/lxc-start"
	# shellcheck disable=SC2016 # they are perl's
	background "${@:4}" "$dir/bin/lxc-start" -e '
		open my $procs, ">", "$ARGV[0]/cgroup.procs"; syswrite $procs, "0\n";
		exec "unshare", "-m", "bash", "-c", "echo 0 >\"\$0/cgroup.procs\"; exec sleep infinity",
			$ARGV[1] unless fork;
		$0 = $ARGV[2]; wait' "$cgroups/$1" "$cgroups/$2" "$3"
	until_true "grep -q . $cgroups/$2/cgroup.procs"
	init=$(head -n 1 "$cgroups/$2/cgroup.procs")
	until_true "grep -qx sleep /proc/$init/comm"
	until_true "grep -q . $cgroups/$1/cgroup.procs"
}

@test "LXC: a container that starts while its last cgroup is there has the same ID again" {
	monitored lxc.monitor.web lxc.payload.web-1 '[lxc monitor] /var/lib/lxc web'
	contidctl adopt
	is "$init" "$(id_of_name lxc:web)"
	# in the foreground its command line says less, and its cgroup says it
	monitored lxc.monitor.db lxc.payload.db-12 'lxc-start -F db'
	first=$init
	monitored lxc.monitor.front lxc.payload.front-1 'lxc-start --foreground'
	contidctl adopt
	is "$first" "$(id_of_name lxc:db)"
	is "$init" "$(id_of_name lxc:front)"
}

@test "LXC: a container that is called web-1 keeps its name" {
	local first

	monitored lxc.monitor.web-1 lxc.payload.web-1 '[lxc monitor] /var/lib/lxc web-1'
	first=$init
	# and LXC has put a suffix behind both cgroups of this one
	monitored lxc.monitor.db-1-1 lxc.payload.db-1-1 '[lxc monitor] /var/lib/lxc db-1'
	contidctl adopt
	is "$first" "$(id_of_name lxc:web-1)"
	is "$init" "$(id_of_name lxc:db-1)"
}

@test "LXC: the command line of a process that is not root's monitor is not believed" {
	monitored lxc.monitor.web-1 lxc.payload.web-1 '[lxc monitor] /var/lib/lxc web' \
		setpriv --bounding-set -sys_module
	contidctl adopt
	is "$init" "$(id_of_name lxc:web-1)"
}

# --- one rule for what is an ID and what is a name

@test "a container that is called by a UUID has that for its ID" {
	container lxc.payload.0123abcd-0123-4123-8123-0123456789ab
	contidctl adopt
	is "$init" 0123abcd-0123-4123-8123-0123456789ab
}

# --- what is left of the last run

@test "a container starts again under its ID while a debugging session of its last run lives" {
	local session

	container "docker/$(digits 01)"
	contidctl adopt
	background nsenter -m -t "$init" sleep infinity
	session=$pid
	until_true "[ \$(readlink /proc/$session/ns/mnt) = \$(readlink /proc/$init/ns/mnt) ]"
	is "$session" "$(id_of 01)"
	kill_cgroup "$cgroups/docker"
	until_true "! [ -e /proc/$init ]"
	container "docker/$(digits 01)"
	run contidctl adopt
	echo "$output"
	[ "$status" -eq 0 ]
	is "$init" "$(id_of 01)"
	[[ $output == *"process $session (sleep), entered"* ]]
}

# --- users who use up what is root's

@test "a user who moves processes into a cgroup without end does not hold an adoption up" {
	local scope=$mine/app.slice/lxc.payload.web storm

	delegated "$mine" 1000
	container_of 1000 "$scope"
	as 1000 mkdir -p "$cgroups/$mine/app.slice/shell"
	# shellcheck disable=SC2016 # expanded by the inner shell
	process "$mine/app.slice/shell" setpriv --reuid 1000 --regid 1000 --clear-groups bash -c \
		'procs=cgroup.proc; while :; do (echo "$BASHPID" >"$0/${procs}s" && exec sleep 0.05); done' \
		"$cgroups/$scope"
	storm=$pid
	container "docker/$(digits 01)"
	run contidctl adopt
	kill -KILL "$storm"
	echo "$output"
	[[ $output != *"end faster than they can be joined"* ]]
	is "$init" "$(id_of 01)"
}

# refusals COUNT: so many are in what the watch has printed
refusals() { [ "$(grep -c ^refused watched)" -eq "$1" ]; }

# looked NAME: a look begins with a container's process 1, and ends with a line for one that is new
looked() {
	container_of 1000 "$mine/app.slice/lxc.payload.$1"
	until_true grep -q "^registered .* $1 " watched
}

@test "adopt --watch tells once of each container that is refused, and does not ask for its ID again" {
	cd "$BATS_TEST_TMPDIR"
	delegated "$mine" 1000
	log_mark
	contidctl adopt --watch 3>&- >watched 2>&1 &
	pids+=($!)
	until_true grep -q watches watched
	container_of 1000 "$mine/app.slice/one/lxc.payload.web"
	until_true grep -q '^registered .* web ' watched
	# the same name of the same user, and so the same ID
	container_of 1000 "$mine/app.slice/two/lxc.payload.web"
	two=$pid
	until_true grep -q '^refused .* web pid .*Name not unique' watched
	looked first
	looked second
	refusals 1
	# as many are refused as before, but another one
	kill -KILL "$two"
	container_of 1000 "$mine/app.slice/three/lxc.payload.web"
	until_true refusals 2
	looked third
	refusals 2
	[ "$(log | grep -c 'op=register .*res=0')" -eq 0 ]
}

@test "users' names get a quarter of max_containers, and root's the rest" {
	modprobe -r audit_contid
	modprobe audit_contid max_containers=6
	delegated "$mine" 1000
	for name in web db cache; do
		container_of 1000 "$mine/app.slice/lxc.payload.$name"
	done
	for nn in 01 02 03 04; do
		container "docker/$(digits "$nn")"
	done
	for _ in first second; do
		run contidctl adopt
		echo "$output"
		[ "$status" -eq 1 ]
		[ "$(grep -c "a quarter of the module's parameter max_containers is for" <<<"$output")" -eq 1 ]
		[ "$(containers)" -eq 6 ]
	done
	is "$init" "$(id_of 04)"
}

@test "a watch finds root's container soon, though so many namespaces begin that it has no record" {
	local begin

	contidctl adopt --watch >"$dir/watch" 2>&1 3>&- &
	pids+=("$!")
	until_true grep -q watches "$dir/watch"
	"$bin/spawn" pid_namespace 150 /bin/true
	[ "$(contidctl stats --json | jq .unlabelled_passed)" -gt 0 ]
	container "docker/$(digits 01)"
	begin=$SECONDS
	until_true grep -q "^registered $(id_of 01) docker" "$dir/watch"
	# the look that is due after half a minute is not it
	[ $((SECONDS - begin)) -lt 20 ]
	is "$init" "$(id_of 01)"
}
