// SPDX-License-Identifier: GPL-2.0
/* The containers that run: do all of them carry an ID, and will they after a boot? */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "adoption.h"
#include "checks.h"

#define UNIT  "audit-contid-adopt.service"
#define NAMED 3 /* so many are named */

static bool is_there(const char *pattern)
{
	glob_t found;
	bool is = !glob(pattern, 0, NULL, &found);

	if (is)
		globfree(&found);
	return is;
}

static void look_unit(const struct patient *patient, struct finding *finding)
{
	(void)patient;
	if (access("/run/systemd/system", F_OK)) {
		finding_set(finding, VERDICT_OK, "systemd does not run here");
	} else if (!is_there("/etc/systemd/system/" UNIT) &&
		   !is_there("/usr/lib/systemd/system/" UNIT) &&
		   !is_there("/lib/systemd/system/" UNIT) &&
		   !is_there("/usr/local/lib/systemd/system/" UNIT)) {
		finding_set(finding, VERDICT_WARN, UNIT " is not installed");
		finding_todo(finding, "install the package audit-contid-tools");
	} else if (is_there("/etc/systemd/system/*.wants/" UNIT) ||
		   is_there("/run/systemd/system/*.wants/" UNIT)) {
		finding_set(finding, VERDICT_OK, UNIT " is enabled");
	} else {
		finding_set(finding, VERDICT_WARN,
			    UNIT " is not enabled: containers that start before the module have no "
				 "ID");
		finding_todo(finding, "systemctl enable " UNIT);
	}
}

/**
 * struct unlabelled - containers that have no ID
 * @count: how many
 * @processes: processes outside of the ID of the container that they are in
 * @names: the first of the containers
 */
struct unlabelled {
	size_t count;
	size_t processes;
	char names[FINDING_TEXT / 2];
};

static void take_found(struct unlabelled *unlabelled, const struct found *found)
{
	size_t used = strlen(unlabelled->names);

	if (!found->planned)
		return;
	unlabelled->processes += found->joined_count;
	if (found->action == KEEP && !found->joined_count)
		return;
	if (unlabelled->count++ < NAMED)
		snprintf(unlabelled->names + used, sizeof(unlabelled->names) - used, "%s%s:%.64s",
			 used ? ", " : "", found->id.runtime, found->id.name);
}

static void look_unlabelled(const struct patient *patient, struct finding *finding)
{
	/* of one look, and this program ends: nothing in here is freed */
	struct adoption adoption = { .device = patient->device, .dry_run = true };
	struct unlabelled unlabelled = {};

	if (patient->device_state != DEVICE_OPEN) {
		finding_set(finding, VERDICT_UNKNOWN, "not known, as the module does not answer");
		return;
	}
	if (!adoption_look(&adoption)) {
		finding_set(finding, VERDICT_WARN, "not all processes could be looked at");
		finding_todo(finding, "run this again");
		return;
	}
	for (size_t i = 0; i < adoption.found.count; i++)
		take_found(&unlabelled, adoption.found.items[i]);
	if (!unlabelled.count) {
		finding_set(finding, VERDICT_OK, "%zu run, and each has its ID",
			    adoption.found.count);
		return;
	}
	finding_set(finding, VERDICT_WARN,
		    "%zu run without an ID, or with processes outside of it: "
		    "%s%s",
		    unlabelled.count, unlabelled.names, unlabelled.count > NAMED ? ", ..." : "");
	finding_todo(finding, "contidctl adopt");
}

const struct check container_checks[] = {
	{ "adopt-unit", look_unit },
	{ "containers", look_unlabelled },
	{},
};
