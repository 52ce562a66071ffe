// SPDX-License-Identifier: GPL-2.0
/*
 * audit-contid-runtime: stands in for runc or crun, with engines that read no directory
 * of hooks. It adds our hook to the configuration of a container that is made, and then
 * becomes the real runtime, whatever it is called for. No container fails because of
 * what is wrong here: it starts as without this program, and the journal has a line.
 * But if the author of the container could have made the configuration too large, for us or
 * for the memory that we may have, the site decides, as if the module had refused. What is
 * executed in a container that runs goes on record.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "bundle.h"
#include "config.h"
#include "engine.h"
#include "escape.h"
#include "exec.h"
#include "hooks.h"
#include "invocation.h"
#include "journal.h"
#include "message.h"
#include "real.h"

/* what is quoted of a container's name and of a file's */
#define NAME_SHOWN 160

const char message_program[] = "audit-contid-runtime";

/* it may be the container's own, and engines read what a runtime prints */
bool journal_on_stderr;

/* It lies beside this program. Return: false if that cannot be known. */
static bool find_hook(char *path)
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - sizeof(HOOK_NAME));
	char *slash;

	if (length <= 0)
		return false;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	strcpy(slash + 1, HOOK_NAME);
	return true;
}

static const char *add_hook(const char *config)
{
	char hook[PATH_MAX];

	if (!find_hook(hook))
		return "where this program lies is unknown";
	/* a runtime starts nothing if its hook is not there */
	if (access(hook, X_OK))
		return HOOK_NAME " does not lie beside this program";
	return bundle_add_hook(config, hook);
}

/* As the hook would decide. Its namespace in Kubernetes is in the file, and not known. */
static bool is_refused(char rule[CONFIG_TEXT])
{
	enum situation situation = REFUSED;
	struct config config;

	if (!engine_may_register())
		situation = ROOTLESS;
	else if (access(AUDIT_CONTID_DEVICE, F_OK))
		situation = MISSING;
	config_read(&config, HOOK_CONFIG, NULL);
	config_format(&config, situation, rule);
	return config.refuse[situation];
}

/* It may be the work of the container's author. */
static bool is_by_size(const char *wrong)
{
	return wrong == bundle_too_large || wrong == bundle_no_memory;
}

/* Return: false if the container does not start. */
static bool decide(const char *name, const char *file, const char *wrong)
{
	char rule[CONFIG_TEXT];

	if (!is_by_size(wrong) || !is_refused(rule)) {
		journal(LOG_WARNING,
			"container \"%s\": the hook could not be put into \"%s\": %s; it starts "
			"without a container ID of its own",
			name, file, wrong);
		return true;
	}
	journal(LOG_ERR,
		"container \"%s\": the hook could not be put into \"%s\": %s; it does not start "
		"(%s, see " HOOK_CONFIG ")",
		name, file, wrong, rule);
	fprintf(stderr,
		"%s: container \"%s\": \"%s\": %s; it does not start (%s, see " HOOK_CONFIG ")\n",
		message_program, name, file, wrong, rule);
	return false;
}

/* Return: false if the container does not start. */
static bool prepare(const struct invocation *invocation)
{
	char path[PATH_MAX], name[NAME_SHOWN], file[NAME_SHOWN];
	const char *config = invocation->config, *wrong;

	if (!config) {
		snprintf(path, sizeof(path), "%s/config.json", invocation->bundle);
		config = path;
	}
	wrong = add_hook(config);
	if (!wrong)
		return true;
	escape(invocation->id ?: "?", name, sizeof(name));
	escape(config, file, sizeof(file));
	return decide(name, file, wrong);
}

int main(int argc, char **argv)
{
	struct invocation invocation;
	char real[PATH_MAX];
	const char *wrong;

	invocation_read(&invocation, argc, argv);
	wrong = real_find(real, invocation.creates);
	if (!wrong) {
		if (invocation.creates && !prepare(&invocation))
			return 1;
		if (invocation.executes)
			exec_report(&invocation);
		argv[0] = real;
		execv(real, argv);
		wrong = strerror(errno);
	}
	journal(LOG_ERR, "no runtime can be started: %s", wrong);
	fprintf(stderr, "%s: no runtime can be started: %s\n", message_program, wrong);
	return 1;
}
