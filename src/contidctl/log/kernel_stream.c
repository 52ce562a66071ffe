// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel_stream.h"
#include "listener.h"
#include "message.h"

#define PAUSE 200 /* milliseconds without a record, after which all is handed out */

/* The second one since audit 4.1 */
static const char *const pid_files[] = { "/run/auditd.pid", "/run/audit/auditd.pid" };

/* Is the process there that a file names? If the file cannot be read nobody knows. */
static bool may_run(const char *pid_file)
{
	char path[sizeof("/proc/4294967295")];
	FILE *file = fopen(pid_file, "re");
	unsigned int pid = 0;

	if (!file)
		return errno != ENOENT;
	if (fscanf(file, "%u", &pid) != 1)
		pid = 0;
	fclose(file);
	snprintf(path, sizeof(path), "/proc/%u", pid);
	return pid && !access(path, F_OK);
}

/**
 * kernel_stream_is_needed - is there no auditd that writes a log?
 *
 * The kernel knows better, but answers only a caller with CAP_AUDIT_CONTROL.
 */
bool kernel_stream_is_needed(void)
{
	for (size_t i = 0; i < sizeof(pid_files) / sizeof(*pid_files); i++) {
		if (may_run(pid_files[i]))
			return false;
	}
	return true;
}

/* Return: false if @user has ended it, or nothing can be heard any more. */
static bool take_all(int fd, const struct line_user *user)
{
	char line[LISTENER_LINE];
	size_t len;

	for (;;) {
		switch (listener_read(fd, line, &len)) {
		case HEARD_RECORD:
			if (!user->take(user->data, line, len))
				return false;
			break;
		case HEARD_LOSS:
			message("records are missing here: they came faster than they could be "
				"read");
			break;
		case HEARD_NOTHING:
			return true;
		default:
			message("audit cannot be listened to any more (%s)", strerror(errno));
			return false;
		}
	}
}

/**
 * kernel_stream_follow - read what the kernel says from now on
 * @fd: of listener_open()
 * @user: gets the lines
 * @idle: called with the user's data when nothing came for a while, or a signal came
 *	meanwhile; false ends it
 *
 * Return: false if @user has ended it, or if nothing can be heard any more; a message says
 * why.
 */
bool kernel_stream_follow(int fd, const struct line_user *user, bool (*idle)(void *data))
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		if (poll(&wait, 1, PAUSE) > 0) {
			if (!take_all(fd, user))
				return false;
		} else if (!idle(user->data)) {
			return true;
		}
	}
}
