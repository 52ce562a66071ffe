#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# contidctl feed, as auditd's plugin. What it does with its input, feed has.
# depends on: userland. auditd starts plugins; no kernel takes part.

# shellcheck source=tests/lib/records.bash
. "$BATS_TEST_DIRNAME/../../lib/records.bash"

plugin=/etc/audit/plugins.d/audit-contid.conf
config=/etc/audit-contid/feed.conf
out=/var/log/audit-contid.json
key=feed

feeds() { pgrep -f 'contidctl feed$' >/dev/null; }

# feed_is yes|no: have auditd run it, or end it
feed_is() {
	sed -i "s/^active = .*/active = $1/" "$plugin"
	kill -HUP "$(cat /run/auditd.pid)"
	if [ "$1" = yes ]; then
		until_true feeds
	else
		until_true '! feeds'
	fi
}

# other suites leave no configuration behind
setup_file() {
	mkdir -p "${config%/*}"
	cp "$PROJECT/src/contidctl/feed.conf" "$config"
	rm -f "$out"
	feed_is yes 3>&-
}

teardown_file() {
	feed_is no
	rm -f "$config" "$out" "$out".1
}

teardown() {
	auditctl -D >/dev/null
}

# makes NAME: a container makes a directory, under a rule
makes() {
	rule -S mkdir
	contidctl run --label "$1" "$A" -- mkdir "$BATS_TEST_TMPDIR/$1"
	auditctl -D >/dev/null
}

# has NAME: an event of that has arrived
has() {
	[ -e "$out" ] && [ -n "$(jq "select(.container.name == \"$1\" and .type == \"SYSCALL\")" <"$out")" ]
}

@test "an event of a container is handed on while it happens, with the container's name" {
	makes web
	until_true has web
	[ "$(jq -r "select(.container.name == \"web\" and .type == \"SYSCALL\").contid" <"$out" |
		sort -u)" = "$A" ]
	[ "$(stat -c %a "$out")" = 600 ]
}

@test "auditd's reload has the configuration read again, and the file may be rotated" {
	mv "$out" "$out.1"
	makes later
	until_true has later
	sed -i 's/^format = .*/format = raw/' "$config"
	kill -HUP "$(cat /run/auditd.pid)"
	made=0
	next() {
		makes "again$((made += 1))"
		grep -q "^type=SYSCALL .*contid=$A" "$out"
	}
	until_true next
}
