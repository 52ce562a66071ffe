// SPDX-License-Identifier: GPL-2.0
/*
 * contidctl save
 *
 * Nothing can be lost half-way: the labels are in the kernel until the file is on
 * the disk, under its name, whole. The kernel releases them only if nothing has
 * changed since what is in the file was read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "device.h"
#include "json.h"
#include "message.h"
#include "snapshot.h"

#define TRIES 20

static bool write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		length -= n;
	}
	return true;
}

static bool sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool ok = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	free(copy);
	return ok;
}

/*
 * A reader of the name finds all of the old file or all of the new one. What a
 * crash leaves of the new one has another name, of its own each time.
 */
static bool write_durably(const char *path, const char *text)
{
	char *fresh = NULL;
	bool ok;
	int fd;

	if (asprintf(&fresh, "%s.XXXXXX", path) < 0)
		return false;
	fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0) {
		free(fresh);
		return false;
	}
	ok = write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1) && !fsync(fd);
	ok = !close(fd) && ok && !rename(fresh, path);
	if (!ok) {
		int err = errno;

		unlink(fresh);
		errno = err;
	}
	free(fresh);
	return ok && sync_directory(path);
}

/* A new file takes its place: that of /dev/null or of a link is nobody's to take. */
static bool may_be_replaced(const char *path)
{
	struct stat st;

	if (lstat(path, &st)) {
		if (errno == ENOENT)
			return true;
		message("%s: %s", path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode))
		message("%s is not a file", path);
	return S_ISREG(st.st_mode);
}

static bool state_write(const struct state *state, const char *path)
{
	struct json_object *json = state_json(state);
	const char *text = json_object_to_json_string_ext(
		json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	bool ok = text && write_durably(path, text);

	if (!ok)
		message("%s: %s", path, strerror(text ? errno : ENOMEM));
	json_object_put(json);
	return ok;
}

static int release(const struct device *device, uint64_t changes)
{
	struct audit_contid_release arg = { .changes = changes };

	return ioctl(device->fd, AUDIT_CONTID_IOC_RELEASE, &arg) ? errno : 0;
}

/* Return: 0 or an errno; EAGAIN where something has changed meanwhile. */
static bool save_once(const struct device *device, const char *path, bool and_release, int *err)
{
	struct state state;
	uint64_t changes;

	*err = 0;
	if (!snapshot_take(device, &state, &changes))
		return false;
	if (!state_write(&state, path)) {
		state_free(&state);
		return false;
	}
	if (and_release)
		*err = release(device, changes);
	if (!*err)
		printf("%zu containers with %zu processes are saved%s\n", state.container_count,
		       state.process_count, and_release ? ", and released" : "");
	state_free(&state);
	return true;
}

static int save(const struct device *device, const char *path, bool and_release)
{
	int err = EAGAIN;

	for (int i = 0; err == EAGAIN && i < TRIES; i++) {
		if (!save_once(device, path, and_release, &err))
			return REFUSED;
	}
	if (err == EAGAIN)
		message("containers come and go too fast: they are saved, and not released (%s)",
			strerror(err));
	else if (err)
		message("the containers are saved, and not released (%s)", strerror(err));
	return err ? REFUSED : DONE;
}

enum { RELEASE };

static const struct command_option options[] = {
	[RELEASE] = { "release", 'r', NULL, "then take the label from each of these processes" },
	{},
};

static int save_main(const struct command *self, int argc, char **argv)
{
	bool and_release = false;
	bool *const flags[] = { [RELEASE] = &and_release };
	struct device device;
	int status;

	status = command_flags(self, &argc, &argv, flags);
	if (status != GO_ON)
		return status;
	if (!may_be_replaced(argv[0]) || !device_open(&device) || !snapshot_is_possible(&device))
		return REFUSED;
	return save(&device, argv[0], and_release);
}

const struct command save_command = {
	.name = "save",
	.summary = "write down which processes are in which container, for a reload",
	.options = options,
	.arguments = "FILE",
	.least = 1,
	.most = 1,
	.missing = "to which file?",
	.help = "Write down which containers there are and which processes are in them, for\n"
		"`contidctl restore` after the module was loaded anew. FILE is the old one or\n"
		"the new one, whole, whatever happens meanwhile.\n",
	.more = "After --release the module can be unloaded, and nothing is tagged until the\n"
		"processes are restored. Each container gets a record, op=release. It is not\n"
		"done if FILE could not be written, or something has changed since it was read.\n",
	.main = save_main,
};
