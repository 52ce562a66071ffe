# SPDX-License-Identifier: GPL-2.0
#
# Read before starts.awk and work.awk.

# The words of a text, which are numbers, in their order: list[1] to list[n]. Returns n.
function sorted(text, list,    n, i, j, v) {
	n = split(text, list, " ")
	for (i = 2; i <= n; i++) {
		v = list[i]
		for (j = i - 1; j > 0 && list[j] + 0 > v + 0; j--)
			list[j + 1] = list[j]
		list[j + 1] = v
	}
	return n
}
