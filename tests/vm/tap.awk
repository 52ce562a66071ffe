# SPDX-License-Identifier: GPL-2.0
#
# Reads what guest-suites printed; writes lines "passed N", "not-ok N",
# "skipped N", "name KERNEL TEST" of each failed test, "failed TEXT" for each
# thing that went wrong beside the tests, "suite TEXT" to be read by people.

function finish_suite(ended, status,    got) {
	if (suite == "")
		return
	got = ok + bad + skip
	if (!ended)
		print "failed " kernel ": the machine did not reach the end of " suite
	else if (plan == -1)
		print "failed " kernel ": " suite " printed no plan"
	if (plan > got)
		print "failed " kernel ": " suite " has " plan " tests, but only " got " reported"
	else if (ended && status != 0 && bad == 0)
		print "failed " kernel ": bats ended with " status " for " suite
	print "suite [" kernel "] " suite ": " ok " passed, " bad " failed, " skip " skipped" seconds
	passed += ok; failed += bad; skipped += skip
	suite = ""
}

BEGIN { plan = -1 }

/^# suite / {
	finish_suite(0, 0)
	suite = $3
	seen[suite] = 1
	plan = -1
	ok = bad = skip = 0
	seconds = ""
	next
}
/^# end of / {
	# "# end of SUITE: status N, N s"
	status = $6 + 0
	seconds = " (" $7 " s)"
	finish_suite(1, status)
	next
}
/^1\.\.[0-9]+/ { plan = substr($0, 4) + 0; next }
/^ok / { if ($0 ~ / # skip/) skip++; else ok++; next }
/^not ok / {
	bad++
	print "name " kernel " " suite ": " substr($0, 8)
	next
}

END {
	finish_suite(0, 0)
	gsub(/\\/, "", expected)
	gsub(/'/, "", expected)
	n = split(expected, list, " ")
	for (i = 1; i <= n; i++)
		if (!(list[i] in seen))
			print "failed " kernel ": " list[i] " did not run"
	print "passed " passed + 0
	print "not-ok " failed + 0
	print "skipped " skipped + 0
}
