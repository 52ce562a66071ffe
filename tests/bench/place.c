// SPDX-License-Identifier: GPL-2.0
/*
 * Where it is measured: always three processes below the first and three mount
 * namespaces deep, so that in or out of a container makes no other difference.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "measure.h"

#define LEVELS 3

int open_device(void)
{
	int device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);

	if (device < 0)
		fail(AUDIT_CONTID_DEVICE);
	return device;
}

void register_pid(int device, pid_t pid)
{
	struct audit_contid_register arg = {
		.flags = AUDIT_CONTID_PID,
		.target = pid,
		.contid.b = { 0xbe },
	};

	memcpy(arg.contid.b + 12, &pid, sizeof(pid));
	if (ioctl(device, AUDIT_CONTID_IOC_REGISTER, &arg))
		fail("register");
}

static void pass(int fd)
{
	if (write(fd, "", 1) != 1)
		fail("write");
}

static void await(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		fail("read");
}

static int descend(unsigned int level, unsigned int depth, int (*fn)(void *data), void *data)
{
	int ready[2], go[2];
	pid_t pid;

	if (!level)
		return fn(data);
	if (pipe(ready) || pipe(go))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		if (unshare(CLONE_NEWNS))
			fail("unshare");
		pass(ready[1]);
		await(go[0]);
		for (int i = 0; i < 2; i++) {
			close(ready[i]);
			close(go[i]);
		}
		exit(descend(level - 1, depth, fn, data));
	}
	await(ready[0]);
	if (level <= depth) {
		int device = open_device();

		register_pid(device, pid);
		close(device);
	}
	pass(go[1]);
	return reap(pid);
}

/* Call fn @depth containers deep, and return what it does. */
int place(unsigned int depth, int (*fn)(void *data), void *data)
{
	return descend(LEVELS, depth, fn, data);
}
