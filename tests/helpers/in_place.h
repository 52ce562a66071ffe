/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For what is preloaded in place of the module: the device can be opened where there is
 * none. device_wrong() says why not: an errno, or 0.
 */
#ifndef HELPERS_IN_PLACE_H
#define HELPERS_IN_PLACE_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/audit_contid.h>

static int device = -1;

static int device_wrong(void);

static int fail(int err)
{
	errno = err;
	return -1;
}

int open(const char *path, int flags, ...)
{
	int (*next)(const char *, int, mode_t) = dlsym(RTLD_NEXT, "open");
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	if (strcmp(path, AUDIT_CONTID_DEVICE))
		return next(path, flags, mode);
	if (device_wrong())
		return fail(device_wrong());
	device = memfd_create("in_place", MFD_CLOEXEC);
	return device;
}

/* one function where a long has 64 bits */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

#endif
