// SPDX-License-Identifier: GPL-2.0
/*
 * A container's label for people: from a caller, and into a record. A container's maker
 * may have chosen it, so it may be anything.
 */
#include <linux/audit.h>
#include <linux/audit_contid.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "name.h"

/**
 * name_read - copy a label from a caller
 * @to: room for AUDIT_CONTID_LABEL_MAX bytes
 * @from: its address
 * @len: its length
 *
 * Readers end a text at its first NUL, so what stands behind that would be hidden.
 *
 * Context: may sleep; no locks held.
 * Return: 0, -E2BIG, -EFAULT or -EINVAL (a NUL byte). If it fails @to is undefined.
 */
int name_read(char *to, u64 from, u32 len)
{
	if (len > AUDIT_CONTID_LABEL_MAX)
		return -E2BIG;
	if (copy_from_user(to, u64_to_user_ptr(from), len))
		return -EFAULT;
	return memchr(to, 0, len) ? -EINVAL : 0;
}

/*
 * As audit_log_untrustedstring(), which modules cannot call. An equals sign is coded as
 * well: some readers look for "NAME=" anywhere in a record.
 */
static bool is_plain(const char *name, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		if (name[i] < '!' || name[i] > '~' || name[i] == '"' || name[i] == '=')
			return false;
	}
	return true;
}

/**
 * name_log - put a label into a record, escaped
 * @ab: the record
 * @name: the label
 * @len: its length; nothing is put for 0
 *
 * The field is called vm, which libauparse knows as a name that may be coded.
 */
void name_log(struct audit_buffer *ab, const char *name, unsigned int len)
{
	unsigned int i;

	if (!len)
		return;
	if (is_plain(name, len)) {
		audit_log_format(ab, " vm=\"%.*s\"", (int)len, name);
		return;
	}
	audit_log_format(ab, " vm=");
	for (i = 0; i < len; i++)
		audit_log_format(ab, "%02X", (unsigned char)name[i]);
}
