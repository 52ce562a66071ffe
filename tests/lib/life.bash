# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the suites about the life of containers share: what the log says about who
# did what since log_mark. The rules of a test have the key "life".

# shellcheck source=tests/lib/records.bash
. "${BASH_SOURCE[0]%/*}/records.bash"

key=life

end_rules() { auditctl -D >/dev/null; }

# probed: the functions that always have a probe. A signal comes by a tracepoint, and the probes
# of packets come with the modules that they are on.
probed() {
	contidctl stats --json |
		jq -r '.probes[] | select((.optional | not) and .purpose != "signal") | .symbol'
}

# written: the log without what the daemon adds to the records
written() { log | LC_ALL=C sed 's/\x1d.*//'; }

# syscalls: a line "CONTID COMM PID SYSCALL SERIAL" for each event of the rules,
# with "-" for a host process
syscalls() {
	written | LC_ALL=C awk '
		function value(name) {
			if (!match($0, " " name "=[^ ]+"))
				return "?"
			return substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2)
		}
		/^type=SYSCALL .* key="life"/ {
			comm = value("comm")
			gsub(/"/, "", comm)
			contid = "-"
			if (/ contid=[^ ]*$/) {
				contid = $0
				sub(/.* contid=/, "", contid)
			}
			serial = $0
			sub(/^[^:]*:/, "", serial)
			sub(/\).*/, "", serial)
			print contid, comm, value("pid"), value("syscall"), serial
		}'
}

# drops CONTID: how often its end was recorded
drops() { written | grep -cE "^type=KERNEL_OTHER .*: op=drop .* ocontid=$1[ ,]" || true; }

dropped() { [ "$(drops "$1")" -ge "$2" ]; }

# processes CONTID: as contidctl list counts them; nothing if it is not there
processes() { contidctl list | awk -v id="$1" '$1 == id { print $4 }'; }

is_zombie() { grep -q '^State:.Z' "/proc/$1/status"; }

is_gone() { [ ! -e "/proc/$1" ]; }
