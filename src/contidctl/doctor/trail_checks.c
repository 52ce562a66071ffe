// SPDX-License-Identifier: GPL-2.0
/*
 * What auditors ask of the log itself, beside what the doctor looks at: who may read it,
 * what happens if it cannot be written, and whether it is somewhere else, too.
 */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auditd_conf.h"
#include "checks.h"

#define PLUGINS "/etc/audit/plugins.d"

/* What auditd does if the administrator chose nothing is in auditd.conf(5). */
static const struct action {
	const char *name;
	const char *otherwise;
} on_failure[] = {
	{ "disk_full_action", "SUSPEND" },
	{ "disk_error_action", "SUSPEND" },
	{ "admin_space_left_action", "SUSPEND" },
};

#define ACTIONS (sizeof(on_failure) / sizeof(*on_failure))

/* Somebody notices, or nothing goes on unrecorded. */
static bool is_action(const char *value)
{
	static const char *const good[] = { "SYSLOG", "EMAIL", "EXEC", "SINGLE", "HALT" };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		if (!strncasecmp(value, good[i], strlen(good[i])))
			return true;
	}
	return false;
}

static bool has_conf(struct finding *finding)
{
	if (!access(AUDITD_CONF, R_OK))
		return true;
	finding_set(finding, VERDICT_UNKNOWN, AUDITD_CONF ": %s", strerror(errno));
	return false;
}

static void look_failure(const struct patient *patient, struct finding *finding)
{
	char value[AUDITD_CONF_VALUE];

	if (!has_conf(finding))
		return;
	for (size_t i = 0; i < ACTIONS; i++) {
		strcpy(value, on_failure[i].otherwise);
		auditd_conf_read(on_failure[i].name, value);
		if (is_action(value))
			continue;
		finding_set(finding, VERDICT_FAIL,
			    "%s = %.64s: nobody learns of it, and records "
			    "are lost",
			    on_failure[i].name, value);
		finding_todo(finding, "%s = SYSLOG, SINGLE or HALT in " AUDITD_CONF,
			     on_failure[i].name);
		return;
	}
	if (!patient->status_err && !patient->status.failure) {
		finding_set(finding, VERDICT_FAIL, "the kernel drops records without a word");
		finding_todo(finding, "auditctl -f 1, and -f 1 in /etc/audit/rules.d");
		return;
	}
	finding_set(finding, VERDICT_OK, "the kernel and auditd say so, or stop the machine");
}

static void look_warning(const struct patient *patient, struct finding *finding)
{
	char value[AUDITD_CONF_VALUE] = "SYSLOG";

	(void)patient;
	if (!has_conf(finding))
		return;
	auditd_conf_read("space_left_action", value);
	if (is_action(value)) {
		finding_set(finding, VERDICT_OK, "space_left_action = %.64s", value);
		return;
	}
	finding_set(finding, VERDICT_FAIL, "space_left_action = %.64s: nobody is warned", value);
	finding_todo(finding, "space_left_action = EMAIL or SYSLOG in " AUDITD_CONF);
}

static void look_access(const struct patient *patient, struct finding *finding)
{
	char log[AUDITD_CONF_VALUE] = AUDITD_LOG, copy[AUDITD_CONF_VALUE];
	struct stat file, directory;

	(void)patient;
	auditd_conf_read("log_file", log);
	strcpy(copy, log);
	if (stat(log, &file) || stat(dirname(copy), &directory)) {
		finding_set(finding, VERDICT_UNKNOWN, "%.256s: %s", log, strerror(errno));
		return;
	}
	if (file.st_uid || directory.st_uid || file.st_mode & 0037 || directory.st_mode & 0027) {
		finding_set(finding, VERDICT_FAIL,
			    "%.256s has mode %04o and its directory %04o: others than root may "
			    "change it, or all may read it",
			    log, file.st_mode & 07777, directory.st_mode & 07777);
		finding_todo(finding, "chown root %.128s; chmod 0640 %.128s; its directory 0750",
			     log, log);
		return;
	}
	finding_set(finding, VERDICT_OK, "root owns %.256s, mode %04o: others may not change it",
		    log, file.st_mode & 07777);
}

/* Does a plugin run that hands records to another machine? */
static bool is_active(const char *name)
{
	char path[128], line[256], value[16];
	bool active = false;
	FILE *file;

	snprintf(path, sizeof(path), PLUGINS "/%s.conf", name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " active = %15s", value) == 1)
			active = !strcasecmp(value, "yes");
	}
	if (file)
		fclose(file);
	return active;
}

static void look_elsewhere(const struct patient *patient, struct finding *finding)
{
	static const char *const plugins[] = { "au-remote", "syslog" };

	(void)patient;
	for (size_t i = 0; i < sizeof(plugins) / sizeof(*plugins); i++) {
		if (!is_active(plugins[i]))
			continue;
		finding_set(finding, VERDICT_OK, "auditd hands records to its plugin %s",
			    plugins[i]);
		return;
	}
	finding_set(finding, VERDICT_FAIL, "auditd hands records to no other machine");
	finding_todo(finding, "audisp-remote: active = yes in " PLUGINS "/au-remote.conf; or a "
			      "collector of the site's own");
}

const struct check trail_checks[] = {
	{ "log-failure", look_failure },
	{ "log-warning", look_warning },
	{ "log-access", look_access },
	{ "log-elsewhere", look_elsewhere },
	{},
};
