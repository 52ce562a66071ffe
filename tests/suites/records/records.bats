#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contid= in the records of contained processes, as the real auditd writes them.
# depends on: kernel

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

setup() {
	auditctl -D >/dev/null
	ulimit -c 0
	cp /bin/sh "$BATS_TEST_TMPDIR/shell"
	cd "$BATS_TEST_TMPDIR" || return
	log_mark
}

teardown() {
	auditctl -D >/dev/null
	[ -z "${on_disk:-}" ] || rm -r "$on_disk"
}

# --- system calls

@test "a system call under a rule: last in SYSCALL, before auditd's separator, not in CWD, PATH, PROCTITLE" {
	rule -S mkdir,mkdirat
	in_a mkdir made
	events 'name="made"' >event
	cat -v event
	placed "$A" <event
	for record in SYSCALL CWD PATH PROCTITLE; do
		type "$record" <event
	done
	# the log is ENRICHED: there is something behind the separator
	grep -aE "key=\"t\" contid=$A"$'\035'"ARCH=$HOSTTYPE SYSCALL=mkdir" event
}

@test "the whole nesting is in the one field" {
	rule -S mkdir,mkdirat
	in_a contidctl run "$B" -- sh -c 'mkdir made; auditctl -m "said within"'
	events 'name="made"' | placed "$B,^$A"
	events 'said within' | placed "$B,^$A"
}

@test "an execve: once, and not in EXECVE" {
	rule -S execve -F exe=/usr/bin/true
	in_a true one two
	events 'type=EXECVE.*a1="one"' >event
	placed "$A" <event
	[ "$(grep -ac "contid=$A" event)" -eq 1 ]
}

@test "an execve under setarch -R, which adds per=" {
	rule -S execve
	in_a setarch -R true
	events 'type=SYSCALL.* per=40000 .*' >event
	placed "$A" <event
}

@test "a 32-bit system call" {
	[ -x "$bin/int80_mkdir" ] || skip "no program of 32 bits is built for $HOSTTYPE"
	auditctl -a always,exit -F arch=b32 -S mkdir -k t
	in_a int80_mkdir made
	events 'type=SYSCALL.* arch=40000003 ' >event
	placed "$A" <event
	grep -a 'name="made"' event
}

@test "a system call that fails" {
	rule -S mkdir,mkdirat
	in_a mkdir no/such/place && false
	events 'type=SYSCALL.* success=no ' | placed "$A"
}

@test "the exit_group of a container's last process" {
	rule -S exit_group -F exe=/usr/bin/true
	in_a true
	events 'type=SYSCALL.* comm="true"' | placed "$A"
}

@test "an overlay mount with 30 lower directories: 33 records or more, the field in one" {
	lower=
	for i in {1..30}; do
		mkdir "$i"
		lower+=:$i
	done
	mkdir on
	rule -S mount
	in_a busybox mount -t overlay -o "lowerdir=${lower#:}" overlay on
	umount on
	events 'type=SYSCALL.* comm="busybox"' >event
	cat -v event
	[ "$(wc -l <event)" -ge 33 ]
	placed "$A" <event
	[ "$(grep -ac "contid=$A" event)" -eq 1 ]
}

@test "200 system calls from 8 threads at once" {
	rule -S mkdir,mkdirat
	in_a threads_mkdir 8 25 .
	events 'type=SYSCALL.* comm="threads_mkdir"' >event
	placed "$A" <event
	[ "$(type SYSCALL <event | wc -l)" -eq 200 ]
}

@test "an exec out of a thread that is not the leader, and the records after it" {
	rule -S execve,mkdir,mkdirat
	in_a thread_exec sh -c 'mkdir made'
	events 'type=EXECVE .*a2=6D6B646972206D616465' | placed "$A"
	events 'name="made"' | placed "$A"
}

@test "no auxiliary record of any kind" {
	local openat2=437 # by its number, as audit 3.0 has no name for it

	rule -F exe=/usr/bin/perl -S "pipe,pipe2,connect,kill,mmap,mq_open,mq_unlink,mq_getsetattr,mq_notify,msgctl,$openat2,capset,adjtimex,socketpair"
	# mq_open, mq_unlink, mq_getsetattr, msgget, msgctl, capget, capset, adjtimex, mmap
	local numbers=240,241,245,68,71,125,126,159,9
	[ "$HOSTTYPE" != aarch64 ] || numbers=180,181,185,186,187,90,91,171,222
	# shellcheck disable=SC2016 # of perl
	in_a perl -e '
		my ($mo, $mu, $ma, $mg, $mc, $cg, $cs, $aj, $mm) = split(",", $ARGV[0]);
		pipe(R, W); kill 0, getppid();
		socket(S, 1, 1, 0); connect(S, pack("Sa*", 1, "/none"));
		my ($q, $p, $how) = ("contid-test", "/etc/passwd", pack("QQQ", 0, 0, 0));
		my ($none, $stat) = ("\0" x 64, "\0" x 1024);
		my $fd = syscall($mo, $q, 0102, 0600, 0);
		syscall($ma, $fd, $none, $stat); syscall($mu, $q);
		my $id = syscall($mg, 0, 01600); syscall($mc, $id, 2, $stat);
		syscall($mc, $id, 1, $stat); syscall($mc, $id, 0, 0);
		my ($head, $caps) = (pack("LL", 0x20080522, 0), "\0" x 24);
		syscall($cg, $head, $caps); syscall($cs, $head, $caps);
		syscall(437, -100, $p, $how, 24);
		my $t = pack("Lx4q25", 1); syscall($aj, $t);
		open(F, "<", $p); syscall($mm, 0, 4096, 1, 2, fileno(F), 0);' "$numbers"
	events 'type=SYSCALL.* key="t"' >event
	placed "$A" <event
	sed 's/^type=\([^ ]*\).*/\1/' event | sort | uniq -c
	for record in FD_PAIR OBJ_PID SOCKADDR MQ_OPEN MQ_GETSETATTR IPC IPC_SET_PERM CAPSET \
		MMAP; do
		type "$record" <event
	done
	# some kernels make no such record
	! grep -q ' __audit_openat2_how$' /proc/kallsyms || type OPENAT2 <event
}

# --- io_uring

# uring WAY: the events of an open by io_uring in container A, with a rule for
# operations
uring() {
	audits_uring || skip "this kernel has no record of what io_uring does"
	uring_rule
	in_a uring_open "$1" /etc/passwd
	events type=URINGOP >event
	cat -v event
	placed "$A" <event
	[ "$(type URINGOP <event | grep -ac "uring_op=18 ")" -ge 1 ]
}

@test "io_uring: an operation done within the system call" {
	rule -S io_uring_enter
	uring inline
	# both are primary records of one event
	type SYSCALL <event
}

@test "io_uring: an operation done by a worker thread" {
	uring async
	[ "$(type SYSCALL <event | wc -l)" -eq 0 ]
}

@test "io_uring: an operation done by the thread that polls the queue" {
	uring sqpoll
	[ "$(type SYSCALL <event | wc -l)" -eq 0 ]
}

# --- user messages

# say TYPE: the event of a message from container A with the text of stdin
say() {
	in_a audit_say "$1"
	events "^type=$2 " >event
	cat -v event
	placed "$A" <event
	[ "$(wc -l <event)" -eq 1 ]
}

@test "a user message of each range" {
	for number in 1005 1100 1124 1199 2100 2999; do
		log_mark
		# 1124 is only taken from a process whose terminal is audited
		in_a audit_tty audit_say "$number" <<<"some text"
		# of the listener's own numbers there are no other records
		events "^type=[^ ]* msg=[^ ]* contid=$A pid=" >event
		placed "$A" <event
		[ "$(wc -l <event)" -eq 1 ]
	done
}

@test "a user message with a forged contid" {
	say 1107 USER_AVC <<<"x=1 contid=$B pid=1"
	grep -aF "msg='x=1 contid=$B pid=1" event
}

@test "a user message with what auditd takes for the end of the kernel's fields" {
	printf 'x=\035 contid=%s y' "$B" | say 1107 USER_AVC
	# whatever a reader drops behind it, ours comes before
	sed 's/\o35.*//' event | grep -aE "\): contid=$A pid="
}

@test "a user message with a newline and what looks like a record of its own" {
	printf "x'\ntype=USER msg=audit(1.000:1): contid=%s pid=1 msg='y" "$B" | say 1107 USER_AVC
	[ "$(log | grep -ac "^type=USER msg=audit(1.000:1)")" -eq 0 ]
}

@test "a user message with an unbalanced quote" {
	printf "x=\" y=' z=\\\\" | say 1107 USER_AVC
}

@test "a user message of bytes that are no text" {
	printf '\001\177\200\377\302 contid=' | say 1107 USER_AVC
}

@test "a user message of 8,500 bytes arrives whole" {
	perl -e 'print "x" x 8499, "y"' | say 1107 USER_AVC
	[ "$(grep -aoE "'x+y'" event | wc -c)" -eq 8503 ]
}

@test "a user message that is longer than audit takes" {
	perl -e 'print "x" x 12000' | say 1107 USER_AVC
}

@test "a user message of a terminal audited" {
	printf 'tty contid=%s' "$B" | in_a audit_tty audit_say 1124
	events "^type=USER_TTY " >event
	placed "$A" <event
}

@test "the records of what is typed at an audited terminal" {
	command -v script || skip "forky has script in a package of its own"
	in_a audit_tty script -qec 'head -n 1' /dev/null <<<typed
	events "^type=TTY .*data=" >event
	cat -v event
	placed "$A" <event
}

# --- events of the kernel's own

# killed: what seccomp kills, and a segmentation fault
killed() {
	local status=0

	in_a seccomp_kill || status=$?
	[ "$status" -eq $((128 + 31)) ]
	events '^type=SECCOMP ' >event
	placed "$A" <event
	events '^type=ANOM_ABEND .* sig=31 ' >event
	placed "$A" <event
	status=0
	# shellcheck disable=SC2016 # of the shell in the container
	in_a ./shell -c 'kill -SEGV $$' || status=$?
	[ "$status" -eq $((128 + 11)) ]
	events '^type=ANOM_ABEND .* sig=11 ' >event
	placed "$A" <event
}

@test "SECCOMP and ANOM_ABEND without any rule" {
	killed
}

@test "SECCOMP and ANOM_ABEND if every system call is audited" {
	rule -S all -F "exe=$bin/seccomp_kill"
	rule -S all -F "exe=$PWD/shell"
	killed
}

# watched COMMAND...: in container A, while who opens a file in "watched" is recorded
watched() {
	mkdir -p watched
	echo content >watched/file
	fanotify_allow watched contidctl run "$A" -- "$@"
}

@test "FANOTIFY within a system call: it and the SYSCALL have the field" {
	rule -S openat -F "exe=$PWD/shell"
	watched ./shell -c ': <watched/file'
	events '^type=FANOTIFY ' >event
	placed "$A" <event
	type SYSCALL <event
}

@test "FANOTIFY of a core that is dumped, outside of any system call" {
	rule -S openat -F exe=/none
	sysctl -n kernel.core_pattern >pattern
	sysctl -q "kernel.core_pattern=$PWD/watched/core"
	ulimit -c unlimited
	# shellcheck disable=SC2016 # of the shell in the container
	watched ./shell -c 'kill -SEGV $$' || true
	sysctl -q "kernel.core_pattern=$(<pattern)"
	ulimit -c 0
	events '^type=FANOTIFY ' >event
	placed "$A" <event
	[ "$(type SYSCALL <event | wc -l)" -eq 0 ]
}

@test "FANOTIFY if a rule keeps the SYSCALL out" {
	rule -S openat -F exe=/none
	auditctl -A never,exit -F arch=b64 -S openat -F "exe=$PWD/shell"
	watched ./shell -c ': <watched/file'
	events '^type=FANOTIFY ' >event
	placed "$A" <event
	[ "$(type SYSCALL <event | wc -l)" -eq 0 ]
}

# accessed: likewise, and who reads what it holds; by a mapping and its page fault
accessed() {
	# a tmpfs tells nobody
	on_disk=$(mktemp -d /var/tmp/records.XXXXXX)
	echo content >"$on_disk/file"
	fanotify_allow -a "$on_disk" true && status=0 || status=$?
	[ "$status" -ne 3 ] || skip "this kernel tells nobody of an access before it is made"
	fanotify_allow -a "$on_disk" contidctl run "$A" -- "$bin/map_read" "$on_disk/file"
}

@test "FANOTIFY of a mapping that is read, if a rule keeps the SYSCALL out" {
	rule -S openat -F exe=/none
	auditctl -A never,exit -F arch=b64 -S mmap -F "exe=$bin/map_read"
	accessed
	events '^type=FANOTIFY ' >event
	placed "$A" <event
	[ "$(type SYSCALL <event | wc -l)" -eq 0 ]
}

@test "LOGIN without any rule and with one" {
	in_a sh -c 'echo 1000 >/proc/self/loginuid'
	events '^type=LOGIN .* auid=1000 ' >event
	placed "$A" <event
	# it comes alone, or with a SYSCALL, and then both carry it
	type SYSCALL <event || [ "$(wc -l <event)" -eq 1 ]
	log_mark
	rule -S write -F "exe=$PWD/shell"
	in_a ./shell -c 'echo 1001 >/proc/self/loginuid'
	events '^type=LOGIN .* auid=1001 ' >event
	placed "$A" <event
	type SYSCALL <event
}

@test "CONFIG_CHANGE by auditctl in a container" {
	in_a auditctl -a always,exit -F arch=b64 -S chroot -k by-the-container
	in_a auditctl -d always,exit -F arch=b64 -S chroot -k by-the-container
	in_a auditctl -r 0
	for op in add_rule remove_rule; do
		events "^type=CONFIG_CHANGE .* op=$op key=\"by-the-container\"" | placed "$A"
	done
	events '^type=CONFIG_CHANGE .*op=set audit_rate_limit=0' | placed "$A"
}

@test "ANOM_PROMISCUOUS and NETFILTER_CFG" {
	in_a sh -c 'ip link set lo promisc on; ip link set lo promisc off
		iptables -N contid-test; iptables -X contid-test'
	events '^type=ANOM_PROMISCUOUS ' >event
	placed "$A" <event
	[ "$(type ANOM_PROMISCUOUS <event | wc -l)" -eq 2 ]
	events '^type=NETFILTER_CFG ' | placed "$A"
}

@test "a denial by AppArmor" {
	grep -qw apparmor /sys/kernel/security/lsm || skip "this machine has no AppArmor"
	echo 'profile contid-test { file, audit deny /**/secret rw, }' >profile
	echo secret >secret
	apparmor_parser -r profile
	run in_a aa-exec -p contid-test cat secret
	apparmor_parser -R profile
	[ "$status" -ne 0 ]
	events '^type=AVC .*apparmor="DENIED".*name="[^"]*/secret"' >event
	placed "$A" <event
}

@test "operations that a container's process asks for" {
	in_a contidctl run "$B" -- true
	events "op=register .*ocontid=${B}[, ]" | placed "$A"
	events "op=drop .*ocontid=${B}[, ]" | placed "$B,^$A"
}

# --- others

@test "no record of a host process, beside a busy container" {
	rule -S mkdir,mkdirat
	mkfifo gate
	in_a sh -c 'read -r _ <gate; threads_mkdir 2 100 .' 3>&- &
	echo go >gate
	for i in {1..50}; do
		mkdir "host-$i"
	done
	auditctl -m "said by the host"
	wait $!
	[ "$(events 'name="host-[0-9]*"' | type SYSCALL | wc -l)" -eq 50 ]
	[ "$(events 'name="host-[0-9]*"|said by the host' | grep -ac 'contid=')" -eq 0 ]
	events 'comm="threads_mkdir"' | placed "$A"
}
