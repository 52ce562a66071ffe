/* SPDX-License-Identifier: GPL-2.0 */
/* What the module did or refused, as its record of type KERNEL_OTHER says. */
#ifndef CONTIDCTL_OPERATION_H
#define CONTIDCTL_OPERATION_H

#include "parser.h"

/* the fields that are used, by their place in struct operation */
enum operation_field {
	OPERATION_OP,
	OPERATION_OPID,
	OPERATION_OCONTID,
	OPERATION_OLD_OCONTID,
	OPERATION_AUID,
	OPERATION_UID,
	OPERATION_PID,
	OPERATION_COMM,
	OPERATION_EXE,
	OPERATION_ERRNO,
	OPERATION_RES,
	OPERATION_COUNT,
	OPERATION_SIG,
	OPERATION_RATE,
	OPERATION_BURST,
	OPERATION_VERSION,
	OPERATION_CONTAINERS,
	OPERATION_CONTID,
	OPERATION_VM,
	OPERATION_FIELDS
};

/**
 * struct operation - one of them
 * @field: values, allocated; NULL if there is none
 * @collects: while it is read
 * @behind: likewise, once the security context has come
 */
struct operation {
	char *field[OPERATION_FIELDS];
	bool collects;
	bool behind;
};

bool operation_read(struct operation *operation, struct parser *parser, const struct event *event);
const char *operation_text(const struct operation *operation, enum operation_field field);
bool operation_is(const struct operation *operation, const char *op);
bool operation_refused(const struct operation *operation);
void operation_free(struct operation *operation);

#endif
