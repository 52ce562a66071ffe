# SPDX-License-Identifier: GPL-2.0
#
# Reads what guest-suites printed; writes lines "passed N", "not-ok N",
# "skipped N", "name KERNEL TEST" of each failed test, "failed TEXT" for each
# thing that went wrong beside the tests, "suite TEXT" to be read by people,
# "good SUITE PASSED SKIPPED SECONDS" of each suite with nothing wrong,
# "slow MILLISECONDS KERNEL SUITE: TEST" of each test.

function finish_suite(ended, status,    got, wrong) {
	if (suite == "")
		return
	got = ok + bad + skip
	wrong = bad
	if (!ended) {
		print "failed " kernel ": the machine did not reach the end of " suite
		wrong++
	} else if (plan == -1) {
		print "failed " kernel ": " suite " printed no plan"
		wrong++
	}
	if (plan > got) {
		print "failed " kernel ": " suite " has " plan " tests, but only " got " reported"
		wrong++
	} else if (ended && status != 0 && bad == 0) {
		print "failed " kernel ": bats ended with " status " for " suite why
		wrong++
	}
	print "suite [" kernel "] " suite ": " ok " passed, " bad " failed, " skip " skipped" \
		(seconds == "" ? "" : " (" seconds " s" cost ")")
	if (!wrong)
		print "good " suite " " ok " " skip " " seconds
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
	seconds = cost = why = ""
	next
}
/^# left running: / { why = why "; " substr($0, 3, 100) " ..." substr($0, index($0, " (BATS_TEST_NAME=")) }
/^# cost of / {
	# "# cost of SUITE: N processes, N s busy"
	cost = ", " $5 " processes, " $7 " s busy"
	next
}
/^# end of / {
	# "# end of SUITE: status N, N s"
	status = $6 + 0
	seconds = $7
	finish_suite(1, status)
	next
}
/^1\.\.[0-9]+/ { plan = substr($0, 4) + 0; next }
/^(not )?ok / {
	if (match($0, / in [0-9]+ms/)) {
		test = substr($0, 1, RSTART - 1)
		sub(/^(not )?ok [0-9]+ /, "", test)
		print "slow " substr($0, RSTART + 4, RLENGTH - 6) " " kernel " " suite ": " test
	}
}
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
