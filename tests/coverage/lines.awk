# SPDX-License-Identifier: GPL-2.0
#
# Reads objdump -dlw of the module, and then for each machine what guest-suites said
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
	# the bytes are in pairs, up to the next tab
	split($0, column, "\t")
	length_of[section, at] = split(column[2], byte, " ")
	first[section, at] = byte[1]
	patched[section, at] = column[2] ~ /^(e8|e9|eb|90|66 90|0f 1f) /
	if (at > size[section])
		size[section] = at
	next
}

dump { next }

/^# at / {
	base[$3, substr($4, 3)] = 1
	next
}

# same: is what was executed there the instruction that the module has? Calls, jumps
# and what stands for them may be patched when it is loaded, or while it runs.
function same(at, len, byte) {
	return patched[at] || length_of[at] == hex(len) && first[at] == byte
}

/^[0-9a-f]+ [0-9a-f]+ [0-9a-f]+$/ {
	low = hex($1)
	for (key in base) {
		split(key, part, SUBSEP)
		offset = low - hex(substr(part[2], 9))
		if (offset < 0 || offset > size[part[1]])
			continue
		if ((part[1], offset) in start && same(part[1] SUBSEP offset, $2, $3))
			has[start[part[1], offset]] = 1
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
	printf "%d of %d lines, %.1f %%\n", done, all, done / all * 100
}
