#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# audit-contid-oci-hook, called by crun and runc for containers that they start.
# depends on: userland. The hook is called by the release's crun and runc; what it
# registers is a process like any other.

# shellcheck source=tests/lib/oci_hook.bash
. "$BATS_TEST_DIRNAME/../../lib/oci_hook.bash"

setup() { hook_setup; }
teardown() { hook_teardown; }

# ran: has the container's command been executed?
ran() { [ -d "$bundle/rootfs/ran" ]; }

# refused RUNTIME NAME: the runtime fails, and the command was not executed
refused() {
	run in_foreground "$1" "$2"
	echo "$output"
	[ "$status" -ne 0 ]
	[ ! -d "$bundle/rootfs/ran" ]
	"$1" delete --force "$2" || true
}

first_execve() {
	local runtime=$1 id

	bundle "$runtime" busybox mkdir /ran
	id=$(contid_of "$runtime" first)
	log_mark
	auditctl -a always,exit -F arch=b64 -S execve,execveat,mkdir -k hook >/dev/null
	in_foreground "$runtime" first
	ran
	records >"$dir/log"
	grep -aE "op=register opid=[0-9]+ ocontid=$id .* res=1" "$dir/log"
	# its own, and none of the runtime's
	[ "$(grep -acE '^type=SYSCALL.* syscall=(59|322) .*exe="/bin/busybox"' "$dir/log")" -eq 1 ]
	grep -aE '^type=SYSCALL.* syscall=(59|322) .*exe="/bin/busybox"' "$dir/log" |
		grep -aE " contid=$id\$"
	[ "$(grep -aE '^type=SYSCALL.* syscall=83 .*comm="busybox"' "$dir/log" |
		grep -acE " contid=$id\$")" -eq 1 ]
	[ "$(grep -aE '^type=SYSCALL.*comm="(crun|runc)' "$dir/log" | grep -ac 'syscall=59 .* contid=')" -eq 0 ]
	[ -z "$(journal)" ]
}

# bats test_tags=everywhere
@test "crun: the very first execve carries the container ID" {
	first_execve crun
}

# bats test_tags=everywhere
@test "runc: the very first execve carries the container ID" {
	first_execve runc
}

# A bundle that has no hook, and a program that stands in for the runtime
through_our_runtime() {
	local id

	bundle "$1" busybox mkdir /ran
	change 'del(.hooks)'
	mkdir -p "${config%/*}"
	echo "runtime = $1" >"${config%/*}/runtime.conf"
	id=$(contid_of oci through)
	log_mark
	auditctl -a always,exit -F arch=b64 -S execve,execveat,mkdir -k hook >/dev/null
	started+=("$1:through")
	"${hook%/*}/audit-contid-runtime" run --bundle "$bundle" through </dev/null 3>&-
	ran
	records >"$dir/log"
	grep -aE '^type=SYSCALL.* syscall=(59|322) .*exe="/bin/busybox"' "$dir/log" |
		grep -aE " contid=$id\$"
	grep -aE '^type=SYSCALL.* syscall=83 .*comm="busybox"' "$dir/log" | grep -aE " contid=$id\$"
	[ -z "$(journal)" ]
}

# bats test_tags=everywhere
@test "crun: through audit-contid-runtime the first execve carries the container ID" {
	through_our_runtime crun
}

@test "runc: through audit-contid-runtime the first execve carries the container ID" {
	through_our_runtime runc
}

entered() {
	local runtime=$1 id

	bundle "$runtime" busybox sleep 1000
	id=$(contid_of "$runtime" entered)
	in_background "$runtime" entered
	[ "$(contidctl get "$pid")" = "$id" ]
	log_mark
	auditctl -a always,exit -F arch=b64 -S mkdir -k hook >/dev/null
	for i in 1 2 3; do
		"$runtime" exec entered busybox mkdir "/entered$i" </dev/null
	done
	[ "$(records | grep -a '^type=SYSCALL.*comm="busybox"' | grep -acE " contid=$id\$")" -eq 3 ]
}

# bats test_tags=everywhere
@test "crun exec into a container that the hook has registered is in it" {
	entered crun
}

@test "runc exec into a container that the hook has registered is in it" {
	entered runc
}

@test "a container that starts again has the same ID again" {
	for runtime in crun runc; do
		bundle "$runtime" busybox true
		log_mark
		for i in 1 2; do
			in_foreground "$runtime" again
			"$runtime" delete --force again || true
		done
		records >"$dir/log"
		[ "$(grep -ac "op=register .*ocontid=$(contid_of "$runtime" again) .*res=1" \
			"$dir/log")" -eq 2 ]
		[ "$(grep -ac "op=drop .*ocontid=$(contid_of "$runtime" again) " \
			"$dir/log")" -eq 2 ]
	done
}

@test "of an ID of 64 digits the first 32 are the container ID" {
	bundle crun busybox sleep 1000
	in_background crun 0123abcd0123412381230123456789abdeadbeefdeadbeefdeadbeefdeadbeef
	[ "$(contidctl get "$pid")" = "$A" ]
}

in_use() {
	local runtime=$1 id

	id=$(contid_of "$runtime" in-use)
	sleeper
	contidctl register "$pid" "$id"
	bundle "$runtime" busybox mkdir /ran
	refused "$runtime" in-use
	journal_is "$error" "container \"in-use\": *$id already \(process $pid \(sleep), registered):*\(Name not unique on network); it does not start \(on-refused=refuse, see $config)"
	no_journal
	configure on-refused=warn
	in_foreground "$runtime" in-use
	ran
	journal_is "$warning" "container \"in-use\": *\(Name not unique *; it starts without a container ID of its own \(on-refused=warn, see $config)"
	"$runtime" delete --force in-use || true
	# and as soon as the other has ended
	rm -r "$config" "$bundle/rootfs/ran"
	no_journal
	kill -9 "$pid"
	wait_for no_containers
	in_foreground "$runtime" in-use
	ran
	[ -z "$(journal)" ]
}

@test "crun: with its ID in use a container does not start, and the journal says why" {
	in_use crun
}

@test "runc: with its ID in use a container does not start, and the journal says why" {
	in_use runc
}

session() {
	local runtime=$1 id session

	id=$(contid_of "$runtime" again)
	bundle "$runtime" busybox sleep 1000
	in_background "$runtime" again
	nsenter -m -t "$pid" /bin/busybox sleep 1000 >/dev/null 2>&1 3>&- &
	session=$!
	pids+=("$session")
	wait_for grep -qx busybox "/proc/$session/comm"
	[ "$(contidctl get "$session")" = "$id" ]
	"$runtime" delete --force again
	wait_for test ! -e "/proc/$pid"
	[ "$(contidctl get "$session")" = "$id" ]

	in_background "$runtime" again
	[ "$(contidctl get "$pid")" = "$id" ]
	journal_is "$warning" "container \"again\": it joins what is left of its last run, which was entered: process $session \(busybox), entered; it starts"
}

@test "crun: a debugging session that outlives a container does not keep it from starting again" {
	session crun
}

@test "runc: a debugging session that outlives a container does not keep it from starting again" {
	session runc
}

@test "crun writes the line if annotations ask for the hook's output as well" {
	sleeper
	contidctl register "$pid" "$(contid_of crun annotated)"
	bundle crun busybox mkdir /ran
	# shellcheck disable=SC2016 # expanded by jq
	change '.annotations["run.oci.hooks.stderr"] = $file' --arg file "$dir/stderr"
	refused crun annotated
	journal_is "$error" 'container "annotated": *\(Name not unique on network); *'
	grep -E '^audit-contid-oci-hook: container "annotated": .*Name not unique' "$dir/stderr"
}

not_loaded() {
	local runtime=$1

	modprobe -r audit_contid
	bundle "$runtime" busybox mkdir /ran
	in_foreground "$runtime" unlabelled
	ran
	journal_is "$warning" "container \"unlabelled\": the module is not loaded: try \`modprobe audit_contid\`*\(No such file or directory); it starts without *\(on-missing=warn, see $config)"
	"$runtime" delete --force unlabelled || true
	rmdir "$bundle/rootfs/ran"
	no_journal
	configure on-missing=refuse
	refused "$runtime" unlabelled
	journal_is "$error" "container \"unlabelled\": *\(No such file *; it does not start \(on-missing=refuse, see $config)"
}

@test "crun: without the module a container starts, with a warning, or not at all if the site says so" {
	not_loaded crun
}

@test "runc: without the module a container starts, with a warning, or not at all if the site says so" {
	not_loaded runc
}

@test "a runtime in a container has its containers nested in that" {
	bundle crun busybox mkdir /ran
	log_mark
	auditctl -a always,exit -F arch=b64 -S mkdir -k hook >/dev/null
	started+=(crun:nested)
	contidctl run "$A" -- crun run --bundle "$bundle" nested </dev/null 3>&-
	ran
	records | grep -a '^type=SYSCALL.*comm="busybox"' |
		grep -aE " contid=$(contid_of crun nested),\^$A\$"
}

@test "a hook that is installed twice does not keep a container from starting" {
	bundle crun busybox mkdir /ran
	change '.hooks.createRuntime += .hooks.createRuntime'
	in_foreground crun twice
	ran
	journal_is "$warning" 'container "twice": *\(File exists); *a second such hook*; it starts'
}

# bats test_tags=everywhere
@test "a rootless container starts, with a notice" {
	bundle crun busybox mkdir /ran
	(cd "$bundle" && jq .hooks config.json >hooks && rm config.json && crun spec --rootless)
	# shellcheck disable=SC2016
	change '.hooks = $hooks[0] | .process.terminal = false | .root.readonly = false |
		.process.args = ["busybox", "mkdir", "/ran"]' --slurpfile hooks "$bundle/hooks"
	chown -R 65534:65534 "$bundle"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$dir"
	mkdir "$dir/run"
	chown 65534 "$dir/run"
	setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_RUNTIME_DIR="$dir/run" \
		crun --cgroup-manager=disabled run --bundle "$bundle" rootless </dev/null 3>&-
	ran
	journal_is "$notice" "container \"rootless\": *needs CAP_AUDIT_CONTROL*\(Operation not permitted)*; it starts *\(rootless=notice, see $config)"
}

@test "make install-hook puts the description where podman and CRI-O look, and uninstall-hook takes it away" {
	json=/usr/share/containers/oci/hooks.d/audit-contid.json
	make -C "$PROJECT" install-hook
	[ "$(jq -r .version "$json")" = 1.0.0 ]
	[ "$(jq -c .stages "$json")" = '["createRuntime","poststop"]' ]
	[ "$(jq -c .when "$json")" = '{"always":true}' ]
	[ "$(jq -r .hook.path "$json")" = "$hook" ]
	[ -x "$hook" ]
	[ "$(stat -c %a "$json" "$config" | sort -u)" = 644 ]
	# the file says what holds without it
	sleeper
	printf '{"id": "a", "pid": %d}' "$pid" | "$hook"
	[ -z "$(journal)" ]
	# what the site has set stays
	configure on-missing=refuse
	make -C "$PROJECT" install-hook
	[ "$(cat "$config")" = on-missing=refuse ]
	make -C "$PROJECT" uninstall-hook
	[ ! -e "$json" ]
	[ ! -e "$hook" ]
	make -C "$PROJECT" install-tools
	[ -x "$hook" ]
	[ ! -e "$json" ]
}
