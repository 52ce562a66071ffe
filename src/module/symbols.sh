#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# symbols.sh HANDLERS HOOKS RELEASE LIST...: does the target kernel have the functions that
# the table in HANDLERS is about? Each LIST that is there and whole would do, the first is
# taken: System.map, or /proc/kallsyms. If a function is missing, whatever its name is
# now, this says what is lost without it, and ends with 1: DKMS's log then has that, and
# no module is installed that would be refused at the next boot. It does likewise if gcc has
# made something of a function that has none of the suffixes in HOOKS: nobody would probe
# that. What a list cannot say, whether a call still comes by, the module proves when it is
# loaded.
set -u
handlers=$1
hooks=$2
release=$3
shift 3

# Debian's System.map is a line that says where the true one is.
is_whole() {
	[ -r "$1" ] && [ "$(head -n 1000 "$1" | wc -l)" -eq 1000 ]
}

for list; do
	! is_whole "$list" || break
	list=
done
if [ -z "${list:-}" ]; then
	echo "audit_contid: no list of the symbols of $release is here: the module looks for" \
		"them when it is loaded"
	exit 0
fi

# A module's functions have the module's name in a fourth field.
awk -v release="$release" '
	FNR == 1 { file++ }
	file == 1 && /\.symbols = / { names = $0 }
	file == 1 && /\.lost = / {
		gsub(/^[^"]*"|".*$/, "")
		lost[++n] = $0
		gsub(/^[^{]*[{] *|[" ]|[}].*$/, "", names)
		wanted[n] = names
		count = split(names, parts, ",")
		for (i = 1; i <= count; i++) line[parts[i]] = n
	}
	file == 2 {
		while (match($0, /"\.[a-z]+\.[0-9][^"]*"/)) {
			probed[substr($0, RSTART + 1, RLENGTH - 2)] = 1
			suffixes++
			$0 = substr($0, RSTART + RLENGTH)
		}
	}
	file <= 2 || NF != 3 || $2 !~ /^[tTwW]$/ { next }
	{
		name = $3
		sub(/\..*/, "", name)
		if (!(name in line)) next
		# what gcc makes of a function; nobody calls its .cold part
		rest = substr($3, length(name) + 1)
		if (rest == "" || rest in probed) has[line[name]] = 1
		else left[line[name]] = left[line[name]] " " $3
		if (rest ~ /^(\.(part|isra|constprop)\.[0-9]+)+$/ && !(rest in probed))
			strange[line[name]] = strange[line[name]] " " $3
	}
	END {
		if (!n) { print "audit_contid: no table of functions was found"; exit 1 }
		if (!suffixes) { print "audit_contid: no table of suffixes was found"; exit 1 }
		for (i = 1; i <= n; i++) {
			gsub(/,/, " or ", wanted[i])
			if (i in strange)
				print "audit_contid: " release " has" strange[i] ", and the module" \
					" probes no such part or copy of " wanted[i] ": " lost[i] \
					". This kernel is not supported: please report it"
			else if (!(i in has))
				print "audit_contid: " release " has no function " wanted[i] \
					(i in left ? ", but" left[i] : "") ": " lost[i] \
					". This kernel is not supported: please report it"
			else continue
			status = 1
		}
		exit status
	}' "$handlers" "$hooks" "$list" >&2
