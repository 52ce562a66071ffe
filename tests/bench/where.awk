# SPDX-License-Identifier: GPL-2.0
#
# Reads what the machine said ("symbol ADDRESS NAME" in the order of the addresses, "counted
# REGION LINE CONDITION ITERATIONS ...") and then the counter's file; prints which of the
# kernel's functions execute what the probes do, for each line and condition: instructions
# in each round of the line. What is no function of the kernel is the module's.

# below ADDRESS: the last function that does not begin behind it
function below(address,    low, high, middle) {
	if (address < start[1] || address > start[nr])
		return "the module"
	low = 1
	high = nr
	while (low < high) {
		middle = int((low + high + 1) / 2)
		if (start[middle] <= address)
			low = middle
		else
			high = middle - 1
	}
	return name[low]
}

# an address is never a number
$1 == "symbol" {
	start[++nr] = "x" $2
	name[nr] = $3
}

$1 == "counted" {
	line[$2] = $3
	condition[$2] = $4
	iterations[$2] = $5
}

FILENAME != ARGV[1] && $1 in line && $2 ~ /^@/ {
	took[$1, below("x" substr($2, 2))] += $3 / iterations[$1]
}

END {
	for (key in took) {
		split(key, part, SUBSEP)
		if (took[key] > 0.05)
			printf "%s %s %.1f %s\n", line[part[1]], condition[part[1]], took[key], part[2]
	}
}
