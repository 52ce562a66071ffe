// SPDX-License-Identifier: GPL-2.0
/* The audit log: there, and with room. */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "auditd_conf.h"
#include "checks.h"

static const char *log_path(char log[AUDITD_CONF_VALUE])
{
	strcpy(log, AUDITD_LOG);
	auditd_conf_read("log_file", log);
	return log;
}

static void look_readable(const struct patient *patient, struct finding *finding)
{
	char log[AUDITD_CONF_VALUE];
	int err;

	(void)patient;
	err = access(log_path(log), R_OK) ? errno : 0;
	if (!err) {
		finding_set(finding, VERDICT_OK, "%.256s is there", log);
		return;
	}
	finding_set(finding, err == EACCES ? VERDICT_WARN : VERDICT_FAIL, "%.256s: %s", log,
		    strerror(err));
	finding_todo(finding, "%s",
		     err == EACCES ? "run this as root, or as one of the group that auditd.conf "
				     "names as log_group" :
				     "start auditd, which makes it");
}

/* In MiB, or in percent of the file system: "75" or "25%". */
static unsigned long long mebibytes(const char *name, const struct statvfs *where)
{
	char value[AUDITD_CONF_VALUE] = "0";
	unsigned long long number;
	char *end;

	auditd_conf_read(name, value);
	number = strtoull(value, &end, 10);
	return *end == '%' ? (where->f_blocks * where->f_frsize >> 20) * number / 100 : number;
}

static void look_space(const struct patient *patient, struct finding *finding)
{
	unsigned long long free, warned, least;
	char log[AUDITD_CONF_VALUE];
	struct statvfs where;
	const char *directory;

	(void)patient;
	log_path(log);
	directory = dirname(log);
	if (statvfs(directory, &where)) {
		finding_set(finding, VERDICT_UNKNOWN, "%.256s: %s", directory, strerror(errno));
		return;
	}
	free = where.f_bavail * where.f_frsize >> 20;
	warned = mebibytes("space_left", &where);
	least = mebibytes("admin_space_left", &where);
	if (free >= warned && free >= least) {
		finding_set(finding, VERDICT_OK,
			    "%llu MiB are free in %.256s; auditd acts below %llu", free, directory,
			    warned > least ? warned : least);
		return;
	}
	finding_set(finding, free < least ? VERDICT_FAIL : VERDICT_WARN,
		    "only %llu MiB are free in %.256s: auditd's %s is %llu", free, directory,
		    free < least ? "admin_space_left" : "space_left",
		    free < least ? least : warned);
	finding_todo(finding, "make room there; move old logs away; see max_log_file and num_logs "
			      "in auditd.conf(5)");
}

const struct check log_checks[] = {
	{ "log", look_readable },
	{ "log-space", look_space },
	{},
};
