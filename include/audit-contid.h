/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * libaudit-contid: gives processes a container ID, and reads which container they are in.
 *
 * All calls but contid_strerror(), contid_parse(), contid_format() and contid_random()
 * need the kernel module audit_contid, and CAP_AUDIT_CONTROL in the initial user
 * namespace. The library keeps nothing between calls: threads may share a descriptor.
 */
#ifndef AUDIT_CONTID_H
#define AUDIT_CONTID_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/audit_contid.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CONTID_TEXT	  37 /* a UUID and its NUL */
#define CONTID_LABEL_TEXT (AUDIT_CONTID_LABEL_MAX + 1) /* a label and its NUL */

/* which call has failed: the same errno means another thing after another call */
enum contid_call {
	CONTID_OPEN,
	CONTID_REGISTER,
	CONTID_GET,
	CONTID_LIST,
	CONTID_LABEL,
	CONTID_RATE,
};

int contid_open(struct audit_contid_info *info);
int contid_register(int fd, int target, unsigned int flags, const struct audit_contid *contid,
		    const char *label);
int contid_get(int fd, int target, unsigned int flags, struct audit_contid_get *answer);
int contid_list(int fd, bool (*take)(void *data, const struct audit_contid_container *container),
		void *data, uint64_t *changes);
int contid_label(int fd, const struct audit_contid *contid, char label[CONTID_LABEL_TEXT]);
int contid_rate(int fd, const struct audit_contid *contid, uint64_t rate, uint64_t burst);
const char *contid_strerror(enum contid_call call, int err);

const char *contid_parse(const char *text, struct audit_contid *id);
void contid_format(const struct audit_contid *id, char text[CONTID_TEXT]);
void contid_random(struct audit_contid *id);

#ifdef __cplusplus
}
#endif

#endif
