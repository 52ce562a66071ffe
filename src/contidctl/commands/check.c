// SPDX-License-Identifier: GPL-2.0
/* contidctl check */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "below.h"
#include "command.h"
#include "controls.h"
#include "examination.h"
#include "json.h"
#include "message.h"
#include "moment.h"
#include "preset.h"
#include "printable.h"
#include "reading.h"
#include "system_log.h"

enum { PROFILE, FORMAT, INPUT };

static const struct command_option options[] = {
	[PROFILE] = { "profile", 'p', "NAME", "srg-ctr, pci or nist", .needed = true },
	[FORMAT] = { "format", 'f', "FORMAT", "text (the default), or json: one object" },
	[INPUT] = { "input", 'i', "FILE", "read this and not the log; - is standard input", true },
	{},
};

/* as XCCDF calls them */
enum result { PASS, FAIL, NOT_APPLICABLE, RESULTS };

static const struct {
	const char *text;
	const char *json;
} results[RESULTS] = {
	[PASS] = { "PASS", "pass" },
	[FAIL] = { "FAIL", "fail" },
	[NOT_APPLICABLE] = { "N/A", "notapplicable" },
};

/**
 * struct checking - an audit on its way
 * @profile: the standard
 * @json: for programs
 * @patient: this machine
 * @reading: the log
 * @evidence: what that shows
 * @counts: of each result so far
 */
struct checking {
	const struct profile *profile;
	bool json;
	struct patient patient;
	struct reading reading;
	struct evidence evidence;
	uint64_t counts[RESULTS];
};

static bool preset_is_installed(const char *name)
{
	char *path = preset_path(name);
	bool is = path && below_has(path);

	free(path);
	return is;
}

/* Return: does the machine do what it must? */
static bool judge_machine(const struct checking *checking, const struct control *control,
			  struct finding *finding)
{
	for (int i = 0; i < CONTROL_CHECKS && control->checks[i]; i++) {
		if (!examination_look(&checking->patient, control->checks[i], finding))
			finding_set(finding, VERDICT_UNKNOWN, "there is no check %s",
				    control->checks[i]);
		if (finding->verdict != VERDICT_OK)
			return false;
	}
	if (!control->preset || preset_is_installed(control->preset))
		return true;
	finding_set(finding, VERDICT_FAIL,
		    "contidctl's rules '%s' are not installed; if rules of the site's own do this, "
		    "it is no finding",
		    control->preset);
	finding_todo(finding, "contidctl rules install %s", control->preset);
	return false;
}

static enum result judge_log(const struct checking *checking, const struct control *control,
			     struct finding *finding)
{
	const struct evidence *evidence = &checking->evidence;

	for (int i = 0; i < CONTROL_PROOFS && control->proofs[i]; i++) {
		enum proof proof = control->proofs[i];

		if (!evidence->events) {
			finding_set(finding, VERDICT_UNKNOWN,
				    "the log has no record of a container");
			finding_todo(finding, "start a container, and run this again");
			return NOT_APPLICABLE;
		}
		if (proof == PROOF_EVERY && evidence->unlabelled) {
			finding_set(finding, VERDICT_FAIL,
				    "%" PRIu64 " containers began without an ID: op=unlabelled",
				    evidence->unlabelled);
			finding_todo(finding, "contidctl setup; ausearch -m KERNEL_OTHER");
			return FAIL;
		}
		if (!evidence->samples[proof]) {
			finding_set(finding, VERDICT_FAIL, "no record of the log shows %s",
				    proof_words[proof]);
			finding_todo(finding, "contidctl rules list; do it in a container, and run "
					      "this again");
			return FAIL;
		}
	}
	return PASS;
}

static enum result judge(const struct checking *checking, const struct control *control,
			 struct finding *finding)
{
	struct finding machine = {};
	enum result result;

	*finding = (struct finding){};
	if (control->other) {
		finding_set(finding, VERDICT_UNKNOWN, "%s", control->other);
		return NOT_APPLICABLE;
	}
	result = judge_log(checking, control, finding);
	if (result == FAIL || judge_machine(checking, control, &machine))
		return result;
	*finding = machine;
	return FAIL;
}

static const char *sample_of(const struct checking *checking, const struct control *control)
{
	return control->proofs[0] && !control->other ?
		       checking->evidence.samples[control->proofs[0]] :
		       NULL;
}

static void print_line(const char *name, const char *text)
{
	char *shown = text && *text ? printable(text) : NULL;

	if (shown)
		printf("      %-8s %s\n", name, shown);
	free(shown);
}

static struct json_object *text_json(const char *text)
{
	char *shown = text && *text ? printable(text) : NULL;
	struct json_object *out = shown ? json_object_new_string(shown) : NULL;

	free(shown);
	return out;
}

/* Into the array @list, or for people if that is NULL. */
static void print_control(struct checking *checking, const struct control *control,
			  struct json_object *list)
{
	struct json_object *out = list ? json_object_new_object() : NULL;
	const char *sample = sample_of(checking, control);
	struct finding finding;
	enum result result = judge(checking, control, &finding);

	checking->counts[result]++;
	if (!list) {
		printf("%-4s  %s: %s\n", results[result].text, control->id, control->words);
		print_line("found", finding.verdict == VERDICT_OK ? "" : finding.found);
		print_line("to do", finding.todo);
		print_line("shown by", strcmp(control->command, "-") ? control->command : "");
		print_line("sample", sample);
		return;
	}
	json_add(out, "id", json_object_new_string(control->id));
	json_add(out, "title", json_object_new_string(control->words));
	json_add(out, "result", json_object_new_string(results[result].json));
	json_add(out, "found", text_json(finding.found));
	json_add(out, "todo", text_json(finding.todo));
	json_add(out, "command", text_json(strcmp(control->command, "-") ? control->command : ""));
	json_add(out, "sample", text_json(sample));
	json_object_array_add(list, out);
}

static void print_all(struct checking *checking)
{
	struct json_object *list = checking->json ? json_object_new_array() : NULL, *out;
	const struct utsname *kernel = &checking->patient.kernel;
	char when[MOMENT_TEXT];
	uint64_t now;

	moment_parse("now", false, &now);
	moment_format(now, when);
	if (!list)
		printf("%s: %s, %s\n\n", checking->profile->title, kernel->nodename, when);
	for (const struct control *control = checking->profile->controls; control->id; control++)
		print_control(checking, control, list);
	if (!list) {
		printf("\n%" PRIu64 " passed, %" PRIu64 " failed, %" PRIu64 " not applicable\n",
		       checking->counts[PASS], checking->counts[FAIL],
		       checking->counts[NOT_APPLICABLE]);
		return;
	}
	out = json_object_new_object();
	json_add(out, "profile", json_object_new_string(checking->profile->name));
	json_add(out, "title", json_object_new_string(checking->profile->title));
	json_add(out, "machine", json_object_new_string(kernel->nodename));
	json_add(out, "time", json_object_new_string(when));
	for (int result = 0; result < RESULTS; result++)
		json_add_number(out, results[result].json, checking->counts[result]);
	json_add(out, "controls", list);
	json_print(out);
}

/* Without a log of this machine the checks of that fail, and say why. */
static bool read_log(struct checking *checking)
{
	const struct assembly_user user = { evidence_wants, evidence_take, &checking->evidence };
	struct logs *logs = &checking->reading.logs;

	evidence_begin(&checking->evidence);
	if (!logs->count && !logs_add_system(logs))
		return true;
	if (!reading_do(&checking->reading, &user))
		return false;
	if (checking->evidence.failed)
		message("%s", strerror(ENOMEM));
	return !checking->evidence.failed;
}

static int check_option(void *data, const struct command *self, int option, char *value)
{
	struct checking *checking = data;

	switch (option) {
	case PROFILE:
		checking->profile = profile_called(value);
		if (!checking->profile)
			return command_usage(self, "there is no profile '%s'", value);
		break;
	case FORMAT:
		checking->json = !strcmp(value, "json");
		if (!checking->json && strcmp(value, "text"))
			return command_usage(self, "there is no format '%s'", value);
		break;
	case INPUT:
		if (!logs_add(&checking->reading.logs, value))
			return REFUSED;
	}
	return GO_ON;
}

static int check_main(const struct command *self, int argc, char **argv)
{
	struct checking checking = { .reading.intake.until = UINT64_MAX };
	int status;

	status = command_options(self, &argc, &argv, check_option, &checking);
	if (status == GO_ON && !checking.profile)
		status = command_usage(self, "which --profile? srg-ctr, pci or nist");
	if (status == GO_ON) {
		status = REFUSED;
		if (read_log(&checking)) {
			patient_read(&checking.patient);
			print_all(&checking);
			patient_free(&checking.patient);
			if (!checking.counts[FAIL] && reading_is_whole(&checking.reading))
				status = DONE;
		}
		evidence_free(&checking.evidence);
	}
	logs_close(&checking.reading.logs);
	return status;
}

const struct command check_command = {
	.name = "check",
	.summary = "say which requirements of a standard hold here",
	.options = options,
	.help = "Go through what a standard asks of audit records, and print for each control\n"
		"whether it holds on this machine, what was found, the command that shows it, and\n"
		"the latest record of the log as a sample. Nothing is changed.\n",
	.more = "  srg-ctr  DISA Container Platform SRG V2R4\n"
		"  pci      PCI DSS 4.0, requirement 10\n"
		"  nist     NIST SP 800-53 Rev. 5, AU\n"
		"\n"
		"  PASS     it holds, and the log has a record that shows it\n"
		"  FAIL     it does not, or the log does not show it\n"
		"  N/A      container IDs have nothing to do with it, or no container is in the\n"
		"           log\n"
		"\n"
		"Exit code: 1 if a control has failed.\n",
	.main = check_main,
};
