// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "examination.h"
#include "json.h"
#include "printable.h"

static const struct check *const subjects[] = {
	module_checks, audit_checks, auditd_checks, log_checks, engine_checks, container_checks,
};

#define SUBJECTS (sizeof(subjects) / sizeof(*subjects))

static const char *const verdicts[] = {
	[VERDICT_UNKNOWN] = "-",
	[VERDICT_OK] = "ok",
	[VERDICT_WARN] = "WARN",
	[VERDICT_FAIL] = "FAIL",
};

/* Names of containers and files are in it, which others have chosen. */
static void print_printable(const char *before, const char *text)
{
	char *copy = printable(text);

	printf("%s%s", before, copy ?: "?");
	free(copy);
}

static void print_line(const struct check *check, const struct finding *finding)
{
	printf("%-4s  %-15s", verdicts[finding->verdict], check->name);
	print_printable("  ", finding->found);
	if (*finding->todo)
		print_printable(" -> ", finding->todo);
	putchar('\n');
}

static void add_printable(struct json_object *to, const char *name, const char *text)
{
	char *copy = printable(text);

	json_add(to, name, *text ? json_object_new_string(copy ?: "?") : NULL);
	free(copy);
}

static struct json_object *finding_json(const struct check *check, const struct finding *finding)
{
	struct json_object *out = json_object_new_object();

	json_add(out, "name", json_object_new_string(check->name));
	json_add(out, "verdict",
		 json_object_new_string(finding->verdict == VERDICT_UNKNOWN ?
						"unknown" :
						verdicts[finding->verdict]));
	add_printable(out, "found", finding->found);
	add_printable(out, "todo", finding->todo);
	return out;
}

/**
 * examine - look at everything, and print a line or an object for each
 * @json: objects
 *
 * Return: the worst verdict.
 */
enum verdict examine(bool json)
{
	struct json_object *array = json ? json_object_new_array() : NULL;
	enum verdict worst = VERDICT_OK;
	struct patient patient;

	patient_read(&patient);
	for (size_t i = 0; i < SUBJECTS; i++) {
		for (const struct check *check = subjects[i]; check->name; check++) {
			struct finding finding = {};

			check->look(&patient, &finding);
			if (finding.verdict > worst)
				worst = finding.verdict;
			if (json)
				json_object_array_add(array, finding_json(check, &finding));
			else
				print_line(check, &finding);
		}
	}
	if (json)
		json_print(array);
	patient_free(&patient);
	return worst;
}

static bool look_in(const struct check *checks, const struct patient *patient, const char *name,
		    struct finding *finding)
{
	for (const struct check *check = checks; check->name; check++) {
		if (strcmp(check->name, name))
			continue;
		check->look(patient, finding);
		return true;
	}
	return false;
}

/**
 * examination_look - look at one thing
 * @patient: the machine
 * @name: of the check: one of the doctor's, or of trail_checks
 * @finding: out
 *
 * Return: false if there is no such check.
 */
bool examination_look(const struct patient *patient, const char *name, struct finding *finding)
{
	*finding = (struct finding){};
	for (size_t i = 0; i < SUBJECTS; i++) {
		if (look_in(subjects[i], patient, name, finding))
			return true;
	}
	return look_in(trail_checks, patient, name, finding);
}
