// SPDX-License-Identifier: GPL-2.0
/*
 * A daemon that reloads its file keeps what vanishes from there. So it gets a file first that
 * says the opposite, and the one that is to stay once it has read that. systemd's reload is
 * a signal, and ends before the file is read: the close of the file says when it was.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "below.h"
#include "reread.h"
#include "unit.h"

#define PATIENCE_MS 10000

static const char *reload_and_wait(const char *unit, int watch)
{
	struct pollfd closed = { .fd = watch, .events = POLLIN };
	int ready;

	if (!unit_reload(unit))
		return "it could not be reloaded";
	ready = poll(&closed, 1, PATIENCE_MS);
	if (ready < 0)
		return strerror(errno);
	return ready ? NULL : "it has not read its file within 10 seconds";
}

/**
 * reread_by - have a unit that runs read other bytes in a file
 * @unit: its name
 * @path: the file, in which @bytes are left
 * @bytes: what it is to read; mode and owner as well
 *
 * Return: NULL, or why it is not known to have read them.
 */
const char *reread_by(const char *unit, const char *path, const struct bytes *bytes)
{
	const char *wrong = below_write(path, bytes);
	char *name = below(path);
	int watch = -1;

	if (!wrong) {
		watch = inotify_init1(IN_CLOEXEC);
		if (watch < 0 || inotify_add_watch(watch, name, IN_CLOSE_NOWRITE) < 0)
			wrong = strerror(errno);
	}
	if (!wrong)
		wrong = reload_and_wait(unit, watch);
	if (watch >= 0)
		close(watch);
	free(name);
	return wrong;
}
