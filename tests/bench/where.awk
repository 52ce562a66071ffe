# SPDX-License-Identifier: GPL-2.0
#
# Reads what the machine said ("symbol ADDRESS NAME" and "own CONDITION ADDRESS NAME" in the order
# of the addresses, "counted REGION LINE CONDITION ITERATIONS ...") and then the counter's file;
# prints which functions execute what the probes do, for each line and condition:
# instructions in each round of the line, how many of these are locked, and the function.

# last LIST NR ADDRESS: the index of the last one of a list that does not begin behind it
function last(list, nr, address,    low, high, middle) {
	low = 0
	high = nr
	while (low < high) {
		middle = int((low + high + 1) / 2)
		if (start[list, middle] <= address)
			low = middle
		else
			high = middle - 1
	}
	return low
}

# below ADDRESS CONDITION: the function there
function below(address, condition,    i) {
	i = last("kernel", count["kernel"], address)
	if (i > 0 && i < count["kernel"])
		return name["kernel", i]
	i = last(condition, count[condition], address)
	return i > 0 && i < count[condition] ? name[condition, i] " [module]" : "elsewhere"
}

function add(list, address, what) {
	start[list, ++count[list]] = address
	name[list, count[list]] = what
}

# an address is never a number
$1 == "symbol" { add("kernel", "x" $2, $3) }

$1 == "own" { add($2, "x" $3, $4) }

$1 == "counted" {
	line[$2] = $3
	condition[$2] = $4
	iterations[$2] = $5
}

FILENAME != ARGV[1] && $1 in line && $2 ~ /^@/ {
	what = below("x" substr($2, 2), condition[$1])
	took[$1, what] += $3 / iterations[$1]
	locked[$1, what] += $4 / iterations[$1]
}

END {
	for (key in took) {
		split(key, part, SUBSEP)
		if (took[key] > 0.05)
			printf "%s %s %.1f %.1f %s\n", line[part[1]], condition[part[1]], took[key],
				locked[key], part[2]
	}
}
