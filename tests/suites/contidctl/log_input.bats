#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What people take for an audit log, and logs that lack something: nothing looks
# like success.
# depends on: userland. It reads logs by the release's libraries; no kernel takes part.
# vm: none

# shellcheck source=tests/lib/logs.bash
. "$BATS_TEST_DIRNAME/../../lib/logs.bash"

teardown() {
	rm -f /usr/local/bin/contidctl-of-all
}

# says WHAT COMMAND...: it ends with 1, prints nothing on stdout, and says this
says() {
	local what=$1

	shift
	run -1 --separate-stderr "$@"
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"$what"* ]]
}

@test "a compressed log is read, from a file, a pipe, and to find a beginning" {
	fixture labels >log
	contidctl events --input log --format raw "$A" >plain
	gzip -k log
	xz -k log
	zstd -q log
	for file in log.gz log.xz log.zst; do
		contidctl events --input $file --format raw "$A" | cmp - plain
		contidctl events --input - --format raw "$A" <$file | cmp - plain
		cat $file | contidctl events --input - --format raw "${A:0:8}" | cmp - plain
		diff <(contidctl report --input $file) <(contidctl report --input log)
	done
}

@test "several compressed parts in one file are one log" {
	fixture labels >log
	head -n 10 log >first
	tail -n +11 log >second
	for program in gzip xz 'zstd -q'; do
		{
			$program -c <first
			$program -c <second
		} >both
		contidctl events --input both --format raw "$A" | cmp - <(of labels --format raw "$A")
	done
}

@test "a compressed log that is cut or damaged ends with 1, after what could be read" {
	for i in $(seq 3000); do
		line USER "$((i % 1000))" "contid=$A pid=$i msg='x $RANDOM$RANDOM'"
	done >log
	gzip -k log
	xz -k log
	zstd -q log
	for file in log.gz log.xz log.zst; do
		head -c "$(($(stat -c %s $file) - 20))" $file >"cut"
		run -1 --separate-stderr contidctl events --input "cut" --format raw "$A"
		[[ $stderr == *"cut: it is compressed, and damaged or cut"* ]]
		{
			head -c 40 $file
			head -c 40 /dev/zero
			tail -c +81 $file
		} >damaged
		run -1 --separate-stderr contidctl report --input damaged
		[[ $stderr == *"damaged or cut"* ]]
	done
}

@test "a form that is not read is refused, and the program that reads it is named" {
	fixture labels >log
	bzip2 -k log || printf 'BZh91AY&SY' >log.bz2
	says "log.bz2 is compressed by bzip2 and was not read: \`bzcat FILE" contidctl events --input log.bz2 "$A"
	says "standard input is compressed by bzip2" contidctl report --input - <log.bz2
}

@test "noise, syslog's lines, the journal's and ausearch's own are no audit log" {
	head -c 100000 /dev/urandom >noise
	fixture labels | sed 's/^/Nov 25 10:00:00 host audit[1]: /' >syslog
	fixture labels | sed -E 's/^type=([A-Z_]+) msg=audit\([^)]*\):/audit: \1/' >journal
	fixture labels | sed -E 's/msg=audit\([0-9.]+:/msg=audit(11\/25\/2026 10:00:00.010:/' >readable
	for file in noise syslog journal readable; do
		says "this is no audit log" contidctl events --input $file "$A"
		says "this is no audit log" contidctl report --input $file
	done
}

@test "lines that are no records are counted, by report as well" {
	fixture labels >log
	echo one >>log
	echo two >>log
	for command in "events $A" report; do
		# shellcheck disable=SC2086 # several words
		run -0 --separate-stderr contidctl $command --input log
		[[ $stderr == *"2 lines are no audit records, and were passed over"* ]]
	done
}

@test "a carriage return before a line's end is passed over" {
	fixture labels | sed 's/$/\r/' >log
	run -0 --separate-stderr contidctl events --input log --format json "$A"
	[ -z "$stderr" ]
	diff <(echo "$output") <(of labels --format json "$A")
	diff <(contidctl report --input log) <(contidctl report --input <(fixture labels))
}

@test "the output of ausearch, raw or as it comes, is read" {
	fixture labels >raw
	{
		echo ----
		echo 'time->Wed Nov 25 10:00:00 2026'
		cat raw
	} >default
	contidctl events --input default --format raw "$A" | cmp - <(of labels --format raw "$A")
}

@test "a line of more than a MiB is counted, and its neighbours are read" {
	{
		line USER 1 "contid=$A pid=1 msg='before'"
		line SYSCALL 2 "a=$(head -c 3000000 /dev/zero | tr '\0' x) contid=$A"
		line USER 3 "contid=$A pid=1 msg='behind'"
	} >log
	for command in "events $A" report; do
		# shellcheck disable=SC2086 # several words
		run -0 --separate-stderr contidctl $command --input log
		[[ $stderr == *"1 line is longer than 1 MiB, which no audit record is, and was passed over"* ]]
	done
	[ "$(found_in log "$A")" = "1 3" ]
	sed -n 2p log >alone
	says "this is no audit log" contidctl report --input alone
}

@test "no event ends with 1, and so does a log without a container" {
	says "no such event" contidctl events --input <(fixture labels) ffffffff-0123-4123-8123-0123456789ab
	line SYSCALL 1 "arch=c000003e success=yes" >log
	run -1 --separate-stderr contidctl report --format json --input log
	[ "$stderr" = "contidctl: no record names a container" ]
	jq -e '.containers == [] and .refused == 0' <<<"$output"
	says "no such event" contidctl events --input /dev/null "$A"
}

@test "both halves of a message that syslog has cut in two are read as halves" {
	whole="contid=$A pid=1 uid=0 auid=1000 ses=2 subj=x msg='op=x acct=\"a\" text=one contid=$B${GS}UID=\"alice\" two res=success'"
	for at in 60 70 100 110 130 150 170; do
		{
			line USER 1 "${whole:0:at}"
			echo "${whole:at}"
		} >first
		tac first >second
		for log in first second; do
			for format in raw text csv json; do
				run -0 --separate-stderr contidctl events --input $log --format $format "$A"
				[[ $stderr == *"1 line is no audit record, and was passed over"* ]]
			done
			jq -e --arg a "$A" '.contid == $a and .records[0].fields.uid != "alice"' <<<"$output"
			[ -z "$(found_in $log "$B")" ]
		done
	done
}

# in_etc CONFIG COMMAND...: with this auditd.conf, as somebody who may not read it
in_etc() {
	local config=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount bash -euc '
		config=$1
		shift
		mkdir -p /etc/audit /var/log/audit
		mount -t tmpfs tmpfs /etc/audit
		mount -t tmpfs tmpfs /var/log/audit
		chmod 755 /etc/audit /var/log/audit
		cp "$config" /etc/audit/auditd.conf
		chmod "${MODE:-600}" /etc/audit/auditd.conf
		cp log/* /var/log/audit/ 2>/dev/null || true
		exec "$@"' bash "$config" "$@"
}

@test "an auditd.conf that cannot be read is said, with the log that is searched instead" {
	mkdir log
	fixture labels >log/audit.log
	chmod 644 log/audit.log
	echo "log_file = /srv/audit/audit.log" >config
	# where everybody may execute it
	install -m 755 "$(command -v contidctl)" /usr/local/bin/contidctl-of-all
	nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups /usr/local/bin/contidctl-of-all)
	for command in "events --format raw $A" report; do
		# shellcheck disable=SC2086 # several words
		run -0 --separate-stderr in_etc config "${nobody[@]}" $command
		[[ $stderr == "contidctl: /etc/audit/auditd.conf cannot be read: /var/log/audit/audit.log is searched, "*"Permission denied"* ]]
	done
	rm log/audit.log
	run -1 --separate-stderr in_etc config "${nobody[@]}" report
	[[ $stderr == *"auditd.conf cannot be read"*"/var/log/audit/audit.log: No such file"* ]]
}

@test "rotated logs that are compressed are read in the order of time, each once" {
	mkdir log
	fixture labels >all
	echo "log_file = /var/log/audit/audit.log" >config
	sed -n 1,8p all | xz >log/audit.log-20261101.xz
	sed -n 9,16p all | gzip >log/audit.log.9.gz
	sed -n 17,24p all >log/audit.log.1
	# it was compressed, and is still there
	gzip -c log/audit.log.1 >log/audit.log.1.gz
	sed '1,24d' all >log/audit.log
	run -0 --separate-stderr in_etc config contidctl events --format raw "$A"
	[ -z "$stderr" ]
	diff <(echo "$output") <(of labels --format raw "$A")
}

@test "other files beside the log are named, and auditd's own are read" {
	mkdir log
	fixture labels | head -n 10 >log/audit.log.1
	fixture labels | tail -n +11 >log/audit.log
	echo "log_file = /var/log/audit/audit.log" >config
	run -0 --separate-stderr in_etc config contidctl events --format raw "$A"
	[ -z "$stderr" ]
	diff <(echo "$output") <(of labels --format raw "$A")
	echo x | bzip2 >log/audit.log.2.bz2 || echo x >log/audit.log.2.bz2
	run -0 --separate-stderr in_etc config contidctl report
	[[ $stderr == "contidctl: /var/log/audit/audit.log.2.bz2 was not read"* ]]
	cp log/audit.log log/audit.log-20261124
	run -0 --separate-stderr in_etc config contidctl events "$A"
	[[ $stderr == *" and others beside it were not read"* ]]
}

@test "an archive that is damaged is said, and hides none of the logs behind it" {
	mkdir log
	echo "log_file = /var/log/audit/audit.log" >config
	fixture labels | tail -n +11 >log/audit.log
	contidctl events --input log/audit.log --format raw "$A" >newer
	for bytes in 15 60; do
		fixture labels | head -n 10 | gzip | head -c "$bytes" >log/audit.log.1.gz
		run -1 --separate-stderr in_etc config contidctl events --format raw "$A"
		[[ $stderr == "contidctl: /var/log/audit/audit.log.1.gz: it is compressed, and damaged or cut"* ]]
		diff <(tail -n "$(wc -l <newer)" <<<"$output") newer
	done
	# one that begins as it should
	for i in $(seq 3000); do
		line USER 1 "contid=$A pid=$i msg='x $RANDOM$RANDOM'"
	done | sed 's/1795600000/1795500000/' | gzip | head -c 20000 >log/audit.log.1.gz
	run -1 --separate-stderr in_etc config contidctl events --format raw "$A"
	[[ $stderr == *"damaged or cut"* ]]
	diff <(tail -n "$(wc -l <newer)" <<<"$output") newer
	echo nothing | gzip >log/audit.log.1.gz
	run -0 --separate-stderr in_etc config contidctl events --format raw "$A"
	[[ $stderr == *"audit.log.1.gz was not read: there is no audit record at its beginning"* ]]
}

@test "beside an archive that is damaged each command prints what the others say, and ends with 1" {
	mkdir log
	echo "log_file = /var/log/audit/audit.log" >config
	fixture labels >log/audit.log
	fixture labels | gzip | head -c 15 >log/audit.log.1.gz
	for command in "events --format json $A" "report" "report --format json" \
		"report --period 2026-11 --format json" "tree $A" "tree --json $A" \
		"sessions --json $A"; do
		# shellcheck disable=SC2086 # its words
		contidctl $command --input log/audit.log 2>/dev/null | sed '/"printed"/d' >whole
		[ -s whole ]
		# shellcheck disable=SC2086
		run -1 --separate-stderr in_etc config contidctl $command
		# the page says when it was printed, and of which machine
		diff <(sed '/"printed"/d; /"machine"/d' <<<"$output") <(sed '/"machine"/d' whole)
		[[ $stderr == "contidctl: /var/log/audit/audit.log.1.gz: it is compressed, and damaged or cut"* ]]
	done
	run -1 --separate-stderr in_etc config contidctl check --profile pci
	[[ $output == *" passed, "* && $stderr == *"damaged or cut"* ]]
}

@test "of an archive that is cut, report counts what comes before, and all of the next log" {
	awk -v id="$A" 'BEGIN { for (i = 0; i < 8000; i++)
		printf "type=USER msg=audit(%d.%03d:%d): contid=%s pid=%d msg=\x27%d\x27\n",
			1795500000 + i / 10, i % 10, i, id, 100 + i % 7, i * 7919 % 10007 }' >older
	gzip -c older | head -c 40000 >cut.gz
	fixture labels >newer
	contidctl report --format json --input newer >alone
	run -1 --separate-stderr contidctl report --format json --input cut.gz --input newer
	jq -es --arg id "$A" '
		map(.containers | map(select(.contid == $id)) | map(.events) | add) as [$both, $newer] |
		$both > $newer + 1000 and $both < $newer + 8000' <(echo "$output") alone
	[[ $stderr == "contidctl: cut.gz: it is compressed, and damaged or cut"* ]]
}
