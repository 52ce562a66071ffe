// SPDX-License-Identifier: GPL-2.0
/* contidctl rate */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "device.h"
#include "live.h"
#include "message.h"
#include "whom_lives.h"

/**
 * struct search - for one container in the list
 * @contid: its ID
 * @found: it
 * @is_there: whether it was found
 */
struct search {
	struct audit_contid contid;
	struct audit_contid_container found;
	bool is_there;
};

static bool look(void *data, const struct audit_contid_container *container)
{
	struct search *search = data;

	search->is_there = !memcmp(&container->contid, &search->contid, sizeof(search->contid));
	if (search->is_there)
		search->found = *container;
	return !search->is_there;
}

/* Digits alone: what is too large must not become another number, and least of all 0. */
static bool parse(const char *text, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return *text && strspn(text, "0123456789") == strlen(text) && !*end && !errno &&
	       *number <= AUDIT_CONTID_RATE_MAX;
}

static int show(const struct device *device, const struct audit_contid *contid)
{
	struct search search = { .contid = *contid };
	int err = live_each(device->fd, look, &search, NULL);

	if (err || !search.is_there) {
		message("the container cannot be found (%s)", strerror(err ?: ENOENT));
		return REFUSED;
	}
	if (search.found.rate)
		printf("%u records a second, %u at once\n", search.found.rate, search.found.burst);
	else
		puts("no limit");
	return DONE;
}

static int rate_main(const struct command *self, int argc, char **argv)
{
	unsigned long rate = 0, burst = 0;
	struct audit_contid contid;
	struct device device;
	int status;

	status = command_flags(self, &argc, &argv, NULL);
	if (status != GO_ON)
		return status;
	if (argc > 1 && !parse(argv[1], &rate))
		return command_usage(self, "a limit has 0 to %d records a second, not '%s'",
				     AUDIT_CONTID_RATE_MAX, argv[1]);
	if (argc > 2 && (!parse(argv[2], &burst) || !burst || !rate))
		return command_usage(self, "a burst has 1 to %d records, and goes with a limit",
				     AUDIT_CONTID_RATE_MAX);

	if (!device_open(&device))
		return REFUSED;
	if (!(device.info.features & AUDIT_CONTID_FEATURE_RATE)) {
		message("the loaded module (version %s) knows no limits: install a newer one",
			device.info.module_version);
		return REFUSED;
	}
	if (!whom_lives(&contid, argv[0], &device))
		return REFUSED;
	if (argc == 1)
		return show(&device, &contid);
	if (!contid_rate(device.fd, &contid, rate, burst))
		return DONE;
	message("%s (%s)", contid_strerror(CONTID_RATE, errno), strerror(errno));
	return REFUSED;
}

const struct command rate_command = {
	.name = "rate",
	.summary = "limit the audit records of a container",
	.arguments = "CONTID|PREFIX|NAME [RECORDS [BURST]]",
	.least = 1,
	.most = 3,
	.missing = "of which container?",
	.help = "Let a live container, with all that is nested in it, cause no more than RECORDS\n"
		"audit records a second, 0 for any number, and BURST of these at once: those of\n"
		"one second if it is left out. Without RECORDS print what the limit is.\n",
	.more = "No record is kept out. A thread that causes more waits before it goes on, and\n"
		"can be killed meanwhile: `contidctl list` shows for how long. A change leaves a\n"
		"record, op=rate. Containers begin with the parameters rate and burst of the\n"
		"module.\n"
		"\n"
		"Exit code: 1 if no live container is meant, or more than one may be.\n",
	.main = rate_main,
};
