// SPDX-License-Identifier: GPL-2.0
/* auditd: alive, and configured to write what can be read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "auditd_conf.h"
#include "checks.h"

static bool is_alive(unsigned int pid)
{
	char path[sizeof("/proc/4294967295")];

	snprintf(path, sizeof(path), "/proc/%u", pid);
	return !access(path, F_OK);
}

static void look_runs(const struct patient *patient, struct finding *finding)
{
	unsigned int pid = patient->status.pid;

	if (patient->status_err) {
		finding_set(finding, VERDICT_UNKNOWN, "not known, as audit cannot be asked");
	} else if (pid && is_alive(pid)) {
		finding_set(finding, VERDICT_OK, "process %u takes the records", pid);
	} else {
		finding_set(finding, VERDICT_FAIL, "does not run: records go to the kernel's log");
		finding_todo(finding, "systemctl enable --now auditd (Debian: package auditd)");
	}
}

/* Return: false if there is no auditd.conf, and the check has its answer. */
static bool has_conf(struct finding *finding)
{
	int err = access(AUDITD_CONF, R_OK) ? errno : 0;

	if (err == ENOENT) {
		finding_set(finding, VERDICT_WARN, AUDITD_CONF " is not there");
		finding_todo(finding, "install auditd (Debian: package auditd)");
	} else if (err) {
		finding_set(finding, VERDICT_UNKNOWN, AUDITD_CONF ": %s", strerror(err));
	}
	return !err;
}

static void look_format(const struct patient *patient, struct finding *finding)
{
	char value[AUDITD_CONF_VALUE] = "RAW"; /* if it is not said */

	(void)patient;
	if (!has_conf(finding))
		return;
	auditd_conf_read("log_format", value);
	if (!strcasecmp(value, "ENRICHED")) {
		finding_set(finding, VERDICT_OK, "ENRICHED: names stand beside their numbers");
	} else if (!strcasecmp(value, "RAW")) {
		finding_set(finding, VERDICT_WARN,
			    "RAW: users and groups are numbers, whose names nobody can know later "
			    "or on another machine");
		finding_todo(finding, "log_format = ENRICHED in " AUDITD_CONF "; restart auditd");
	} else {
		finding_set(finding, VERDICT_FAIL, "'%.64s': auditd writes no log", value);
		finding_todo(finding, "log_format = ENRICHED in " AUDITD_CONF "; restart auditd");
	}
}

static void look_writes(const struct patient *patient, struct finding *finding)
{
	char value[AUDITD_CONF_VALUE] = "yes";

	(void)patient;
	if (!has_conf(finding))
		return;
	auditd_conf_read("write_logs", value);
	if (!strcasecmp(value, "yes")) {
		finding_set(finding, VERDICT_OK, "auditd writes what it gets");
		return;
	}
	finding_set(finding, VERDICT_WARN,
		    "write_logs = %.64s: no log is written here, and events and report read none",
		    value);
	finding_todo(finding, "write_logs = yes in " AUDITD_CONF "; restart auditd");
}

const struct check auditd_checks[] = {
	{ "auditd", look_runs },
	{ "log-format", look_format },
	{ "write-logs", look_writes },
	{},
};
