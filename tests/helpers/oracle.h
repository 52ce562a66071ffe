/* SPDX-License-Identifier: GPL-2.0 */
/* What a process should carry, and the counts of those that do and do not. */
#ifndef HELPERS_ORACLE_H
#define HELPERS_ORACLE_H

#include <fcntl.h>
#include <linux/audit_contid.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "process.h"

/* In a file, which all map, also after an exec. */
struct counts {
	atomic_ulong made;
	atomic_ulong checked;
	atomic_ulong wrong;
	atomic_ulong ended; /* killed before it could check itself */
	atomic_ulong refused; /* the kernel made no process: the limit is small */
};

struct expected {
	bool labelled;
	struct audit_contid id;
};

static inline struct counts *counts_map(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct counts *counts;

	if (fd < 0 || ftruncate(fd, sizeof(*counts)))
		fail(file);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counts == MAP_FAILED)
		fail("mmap");
	close(fd);
	return counts;
}

/* "-" is a host process; else a UUID. */
static inline struct expected expected_of(const char *text)
{
	struct expected expected = { .labelled = strcmp(text, "-") };

	for (int i = 0; expected.labelled && i < 16; i++) {
		text += *text == '-';
		if (sscanf(text, "%2hhx", &expected.id.b[i]) != 1)
			fail("contid");
		text += 2;
	}
	return expected;
}

static inline bool carries(const struct audit_contid_get *get, const struct expected *expected)
{
	if (!expected->labelled)
		return !get->depth;
	return get->depth == 1 && !memcmp(&get->contid[0], &expected->id, sizeof(expected->id));
}

#endif
