/* SPDX-License-Identifier: GPL-2.0 */
/* The name of an errno, also with a C library that has no strerrorname_np() (before 2.32). */
#ifndef HELPERS_ERRNO_NAME_H
#define HELPERS_ERRNO_NAME_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <string.h>

#if !__GLIBC_PREREQ(2, 32)
#define ERRNO_NAME(name) \
	case name:       \
		return #name
static inline const char *strerrorname_np(int err)
{
	switch (err) {
		ERRNO_NAME(EPERM);
		ERRNO_NAME(ENOENT);
		ERRNO_NAME(ESRCH);
		ERRNO_NAME(EINTR);
		ERRNO_NAME(E2BIG);
		ERRNO_NAME(EBADF);
		ERRNO_NAME(EAGAIN);
		ERRNO_NAME(ENOMEM);
		ERRNO_NAME(EACCES);
		ERRNO_NAME(EFAULT);
		ERRNO_NAME(EBUSY);
		ERRNO_NAME(EEXIST);
		ERRNO_NAME(EXDEV);
		ERRNO_NAME(ENODEV);
		ERRNO_NAME(EINVAL);
		ERRNO_NAME(ENOTTY);
		ERRNO_NAME(ENOSPC);
		ERRNO_NAME(EMLINK);
		ERRNO_NAME(ERANGE);
		ERRNO_NAME(ENOTUNIQ);
		ERRNO_NAME(ENAMETOOLONG);
		ERRNO_NAME(EOPNOTSUPP);
	}
	return "?";
}
#endif

#endif
