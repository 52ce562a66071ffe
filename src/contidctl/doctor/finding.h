/* SPDX-License-Identifier: GPL-2.0 */
/* What a check has found, and what is to be done. */
#ifndef CONTIDCTL_FINDING_H
#define CONTIDCTL_FINDING_H

#define FINDING_TEXT 512

/*
 * UNKNOWN: it cannot be known before something else holds, which has a verdict of its
 * own.
 */
enum verdict { VERDICT_UNKNOWN, VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

/**
 * struct finding - the answer of a check
 * @verdict: does it hold?
 * @found: what was found
 * @todo: what to type or to change, "" if nothing
 */
struct finding {
	enum verdict verdict;
	char found[FINDING_TEXT];
	char todo[FINDING_TEXT];
};

void finding_set(struct finding *finding, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void finding_todo(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
