# SPDX-License-Identifier: GPL-2.0
#
# Reads objdump -dl of the module, and then for each machine what guest-suites said
# ("# at SECTION ADDRESS") and what the recorder wrote. Prints for each file how many
# of its lines that have instructions were executed, and writes those that were not to
# the file missed, as FILE:LINE TEXT. The last line is "N of N lines, N.N %".

function hex(text,    n, i) {
	n = 0
	text = tolower(text)
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

FNR == 1 {
	dump = FILENAME == ARGV[1]
	if (FILENAME ~ /tap$/)
		delete base
}

dump && /^Disassembly of section / {
	section = $NF
	sub(/:$/, "", section)
	next
}

dump && /^\/.*:[0-9]+/ {
	where = ""
	if (match($1, /src\/module\/[a-z]+\.[ch]:[0-9]+$/)) {
		where = substr($1, RSTART, RLENGTH)
		if (!(where in has))
			has[where] = 0
	}
	next
}

dump && /^ *[0-9a-f]+:\t/ {
	at = $1
	sub(/:$/, "", at)
	at = hex(at)
	start[section, at] = where
	if (at > size[section])
		size[section] = at
	next
}

dump { next }

/^# at / {
	base[$3, substr($4, 3)] = 1
	next
}

/^ffffffff[0-9a-f]+$/ {
	# the low half is enough, and exact in awk's numbers
	low = hex(substr($1, 9))
	for (key in base) {
		split(key, part, SUBSEP)
		offset = low - hex(substr(part[2], 9))
		if (offset < 0 || offset > size[part[1]])
			continue
		if ((part[1], offset) in start) {
			good++
			has[start[part[1], offset]] = 1
		} else {
			astray++
		}
	}
}

END {
	for (where in has) {
		if (where == "")
			continue
		split(where, part, ":")
		lines[part[1]]++
		executed[part[1]] += has[where]
		all++
		done += has[where]
		if (!has[where])
			print part[1] ":" part[2] | "sort -t: -k1,1 -k2,2n >" missed
	}
	close("sort -t: -k1,1 -k2,2n >" missed)
	for (name in lines)
		printf "%4d of %4d  %s\n", executed[name], lines[name], name | "sort -k4"
	close("sort -k4")
	# what the kernel patches when it loads a module has other instructions
	if (astray > good / 5)
		printf "%d of %d addresses are no instruction's: another build?\n", astray, astray + good
	printf "%d of %d lines, %.1f %%\n", done, all, done / all * 100
}
