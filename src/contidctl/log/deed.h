/* SPDX-License-Identifier: GPL-2.0 */
/* What an event is about, in the words of schemas that others have published. */
#ifndef CONTIDCTL_DEED_H
#define CONTIDCTL_DEED_H

#include "facts.h"

/* activities of the Open Cybersecurity Schema Framework that have no number of their own */
#define OCSF_OTHER 99

/* its classes that are used */
enum ocsf_class {
	OCSF_FILE = 1001,
	OCSF_KERNEL_EXTENSION = 1002,
	OCSF_PROCESS = 1007,
	OCSF_AUTHENTICATION = 3002,
	OCSF_LIFECYCLE = 6002,
	OCSF_API = 6003,
};

/**
 * struct deed - what was done
 * @category: event.category of the Elastic Common Schema
 * @type: event.type of it
 * @class: class_uid of the Open Cybersecurity Schema Framework
 * @activity: activity_id of it
 * @activity_name: in a word
 */
struct deed {
	const char *category;
	const char *type;
	enum ocsf_class class;
	int activity;
	const char *activity_name;
};

const struct deed *deed_of(const struct facts *facts, const char *main_type);
const char *deed_action(const struct facts *facts, const char *main_type);

#endif
