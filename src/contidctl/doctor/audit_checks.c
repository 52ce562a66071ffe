// SPDX-License-Identifier: GPL-2.0
/* The kernel's audit: enabled, from the beginning, with room, and with rules. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"

#define CMDLINE "/proc/cmdline"
#define BACKLOG 8192 /* what distributions' rules set; the kernel begins with 64 */

/* The line "audit" says why: the others need not say it again. */
static bool is_known(int err, struct finding *finding)
{
	if (err)
		finding_set(finding, VERDICT_UNKNOWN, "not known, as audit cannot be asked");
	return !err;
}

static void look_enabled(const struct patient *patient, struct finding *finding)
{
	int err = patient->status_err ?: patient->rules_err;

	if (err == EPERM || err == EACCES) {
		finding_set(finding, VERDICT_WARN,
			    "audit cannot be asked, which needs "
			    "CAP_AUDIT_CONTROL on the host: %s",
			    strerror(err));
		finding_todo(finding, "run this as root of the host");
	} else if (err) {
		finding_set(finding, VERDICT_FAIL, "audit cannot be asked: %s", strerror(err));
		finding_todo(finding, "run this on the host; its kernel needs CONFIG_AUDITSYSCALL, "
				      "and no audit=0 on its command line");
	} else if (!patient->status.enabled) {
		finding_set(finding, VERDICT_FAIL, "switched off: the kernel writes no records");
		finding_todo(finding, "auditctl -e 1");
	} else {
		finding_set(finding, VERDICT_OK, "enabled%s",
			    patient->status.enabled == 2 ? ", and the rules are locked" : "");
	}
}

/* The last word counts. Return: NULL if there is none. */
static const char *audit_word(char *cmdline)
{
	const char *value = NULL;

	for (char *word = strtok(cmdline, " \n"); word; word = strtok(NULL, " \n")) {
		if (!strncmp(word, "audit=", strlen("audit=")))
			value = word + strlen("audit=");
	}
	return value;
}

static void look_boot(const struct patient *patient, struct finding *finding)
{
	FILE *file = fopen(CMDLINE, "re");
	char text[4096] = "";
	const char *value;
	bool got;

	(void)patient;
	got = file && fgets(text, sizeof(text), file);
	if (file)
		fclose(file);
	if (!got) {
		finding_set(finding, VERDICT_WARN, CMDLINE " cannot be read");
		return;
	}
	value = audit_word(text);
	if (value && (!strcmp(value, "1") || !strcmp(value, "on"))) {
		finding_set(finding, VERDICT_OK, "audit=%s is on the kernel's command line", value);
		return;
	}
	finding_set(finding, VERDICT_WARN,
		    "audit=1 is not on the kernel's command line: what processes do that began "
		    "before auditd is not recorded");
	finding_todo(finding, "add audit=1 to GRUB_CMDLINE_LINUX in /etc/default/grub; "
			      "update-grub; reboot");
}

static void look_backlog(const struct patient *patient, struct finding *finding)
{
	const struct audit_status *status = &patient->status;

	if (!is_known(patient->status_err, finding))
		return;
	if (!status->backlog_limit || status->backlog_limit >= BACKLOG) {
		finding_set(finding, VERDICT_OK, "%u records wait, %u may", status->backlog,
			    status->backlog_limit);
		return;
	}
	finding_set(finding, VERDICT_WARN,
		    "only %u records may wait for auditd: a burst loses some, or halts its "
		    "processes",
		    status->backlog_limit);
	finding_todo(finding, "auditctl -b %d, and the line -b %d in /etc/audit/rules.d", BACKLOG,
		     BACKLOG);
}

static void look_lost(const struct patient *patient, struct finding *finding)
{
	if (!is_known(patient->status_err, finding))
		return;
	if (!patient->status.lost) {
		finding_set(finding, VERDICT_OK, "the kernel has lost no record");
		return;
	}
	finding_set(finding, VERDICT_WARN, "the kernel has lost %u records", patient->status.lost);
	finding_todo(finding, "raise the limit (auditctl -b) or have fewer rules; auditctl "
			      "--reset-lost begins anew");
}

static void look_rules(const struct patient *patient, struct finding *finding)
{
	const struct rules *rules = &patient->rules;

	if (!is_known(patient->rules_err, finding))
		return;
	if (rules->no_tasks) {
		finding_set(finding, VERDICT_FAIL,
			    "the rule 'never,task' keeps every process out of audit");
		finding_todo(finding, "auditctl -d never,task, and take it out of "
				      "/etc/audit/rules.d");
	} else if (rules->recording) {
		finding_set(finding, VERDICT_OK, "%zu make records", rules->recording);
	} else {
		finding_set(finding, VERDICT_WARN,
			    "none makes records: containers begin and end on record, what they do "
			    "is not");
		finding_todo(finding, "put rules into /etc/audit/rules.d, and run augenrules "
				      "--load; for one: auditctl -a always,exit -F arch=b64 -S "
				      "execve -k exec");
	}
}

static void look_excluded(const struct patient *patient, struct finding *finding)
{
	const struct rules *rules = &patient->rules;

	if (!is_known(patient->rules_err, finding))
		return;
	if (!rules->excludes && !rules->excludes_some) {
		finding_set(finding, VERDICT_OK, "no rule takes the module's own records away");
		return;
	}
	finding_set(finding, rules->excludes ? VERDICT_FAIL : VERDICT_WARN,
		    "a rule takes %s of type KERNEL_OTHER (1316) away, by which containers begin "
		    "and end",
		    rules->excludes ? "the records" : "some records");
	finding_todo(finding, "auditctl -l | grep exclude; auditctl -d with that rule; take it out "
			      "of /etc/audit/rules.d");
}

const struct check audit_checks[] = {
	{ "audit", look_enabled },
	{ "audit-boot", look_boot },
	{ "backlog", look_backlog },
	{ "lost", look_lost },
	{ "rules", look_rules },
	{ "exclude-rules", look_excluded },
	{},
};
