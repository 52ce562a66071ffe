// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enrol.h"

/** enrol_may_pass - is this refusal one that another look may put right? */
bool enrol_may_pass(int err)
{
	return err == ESRCH || err == EAGAIN || err == EINTR;
}

/*
 * The pidfd comes first: what is read about the number after that is about the same
 * process, or that has ended and the kernel says so.
 */
static int try(const struct device *device, struct registration *what, unsigned long long start,
	       const struct belongs *belongs)
{
	int pidfd = syscall(SYS_pidfd_open, what->pid, 0), err = ESRCH;
	struct proc now;

	if (pidfd < 0)
		return errno == EINVAL ? ESRCH : errno;
	if (proc_read(what->pid, &now)) {
		if (now.start == start && (!belongs || belongs->ask(belongs->data, &now)))
			err = what->start ? registration_start(device, what, pidfd) :
					    registration_ask(device, what, pidfd);
		proc_free(&now);
	}
	close(pidfd);
	return err;
}

/**
 * enrol - register or join a process that was seen a moment ago
 * @device: the open device
 * @what: the process and its container; @tree is set if it has forked since: what was
 *	born of it belongs where it does
 * @start: when the process began
 * @belongs: asked once more; NULL if only the process can be another one by now
 *
 * Return: 0 or an errno; ESRCH if it is not that process any more, or does not belong.
 */
int enrol(const struct device *device, struct registration *what, unsigned long long start,
	  const struct belongs *belongs)
{
	int err = try(device, what, start, belongs);

	if (err != EBUSY || what->tree)
		return err;
	what->tree = true;
	return try(device, what, start, belongs);
}
