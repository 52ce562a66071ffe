// SPDX-License-Identifier: GPL-2.0
/*
 * auditd renames its log to .1, .2 and so on, and does not compress it. A site may do so,
 * under these names or with a date, and then the number in a name says nothing of the
 * order: the time of the first record does.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auditd_conf.h"
#include "message.h"
#include "record.h"
#include "system_log.h"
#include "unpack.h"

#define ROTATED_MAX 999
#define LOOK_AT	    65536 /* bytes in which the first record is */

static const char *const suffixes[] = { ".gz", ".xz", ".zst" };

#define SUFFIXES (sizeof(suffixes) / sizeof(*suffixes))

/* UNREAD: a message says why; BROKEN: none does */
enum begin { STAMPED, STAMPLESS, BROKEN, UNREAD };

/* Of which machine it is does not matter: two files begin with one event, or do not. */
static enum begin first_stamp(int fd, const char *name, struct stamp *stamp)
{
	struct unpack *unpack = unpack_open(fd, name);
	char *text = malloc(LOOK_AT), *line = text, *end;
	struct record record;
	ssize_t filled = 0, got = 1;
	bool found = false;

	while (unpack && text && filled < LOOK_AT && got > 0) {
		got = unpack_read(unpack, text + filled, LOOK_AT - filled);
		filled += got > 0 ? got : 0;
	}
	while (!found && filled && (end = memchr(line, '\n', text + filled - line))) {
		found = record_parse(&record, line, end - line);
		line = end + 1;
	}
	if (found)
		*stamp = record.stamp;
	free(text);
	lseek(fd, 0, SEEK_SET);
	if (!unpack)
		return UNREAD;
	unpack_close(unpack);
	if (found)
		return STAMPED;
	return got < 0 ? BROKEN : STAMPLESS;
}

static int compare(const struct stamp *a, const struct stamp *b)
{
	uint64_t x = a->sec * 1000 + a->milli, y = b->sec * 1000 + b->milli;

	if (x != y)
		return x < y ? -1 : 1;
	return (a->serial > b->serial) - (a->serial < b->serial);
}

/*
 * Before the first file that begins later. One that begins with the same event is the same
 * log, which has been compressed and is still there.
 */
static bool insert(struct logs *logs, int fd, const char *name)
{
	struct stamp stamp, other;
	size_t at;

	switch (first_stamp(fd, name, &stamp)) {
	case STAMPED:
		break;
	case BROKEN: /* to read it says so */
		return logs_insert(logs, 0, fd, name);
	case STAMPLESS:
		message("%s was not read: there is no audit record at its beginning", name);
		/* fall through */
	case UNREAD:
		close(fd);
		return true;
	}
	for (at = 0; at < logs->count; at++) {
		int order;

		if (first_stamp(logs->files[at].fd, logs->files[at].name, &other) != STAMPED)
			continue;
		order = compare(&stamp, &other);
		if (!order) {
			close(fd);
			return true;
		}
		if (order < 0)
			break;
	}
	/* the log itself stays the last, be it empty, or the clock set back */
	if (at == logs->count)
		at--;
	return logs_insert(logs, at, fd, name);
}

/* "audit.log.3.gz", "audit.log-20261124.xz" */
static bool is_archive(const char *behind_log)
{
	size_t digits = strspn(behind_log + 1, "0123456789");

	for (size_t i = 0; digits && i < SUFFIXES; i++) {
		if (!strcmp(behind_log + 1 + digits, suffixes[i]))
			return true;
	}
	return false;
}

/* auditd's own: "audit.log.3" */
static bool is_rotated(const char *behind_log)
{
	return *behind_log == '.' && !behind_log[1 + strspn(behind_log + 1, "0123456789")];
}

static bool add_archive(struct logs *logs, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && insert(logs, fd, path))
		return true;
	message("%s: %s", path, strerror(errno));
	return false;
}

/*
 * The rotated logs that were compressed, each in its place. Others beside them are named on
 * stderr, and are not read.
 */
static bool archives_add(struct logs *logs, const char *log)
{
	char pattern[PATH_MAX + 8], first[PATH_MAX] = "";
	size_t others = 0;
	bool ok = true;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s[.-]*", log);
	if (glob(pattern, 0, NULL, &found))
		return true;
	for (size_t i = 0; ok && i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i], *behind = path + strlen(log);

		if (is_archive(behind))
			ok = add_archive(logs, path);
		else if (!is_rotated(behind) && !others++)
			snprintf(first, sizeof(first), "%s", path);
	}
	globfree(&found);
	if (ok && others)
		message("%s%s not read, as auditd did not name %s so: `zcat -f FILE... | contidctl "
			"... --input -` reads it",
			first, others > 1 ? " and others beside it were" : " was",
			others > 1 ? "them" : "it");
	return ok;
}

/* The group that may read the log may not always read auditd.conf. */
static void read_config(char log[AUDITD_CONF_VALUE])
{
	errno = 0;
	if (auditd_conf_read("log_file", log))
		return;
	strcpy(log, AUDITD_LOG);
	if (errno && errno != ENOENT)
		message("%s cannot be read: %s is searched, and auditd may write another file, "
			"which --input names: %s",
			AUDITD_CONF, log, strerror(errno));
}

/** logs_have_system - does auditd write a log, or has it written one? */
bool logs_have_system(void)
{
	char log[AUDITD_CONF_VALUE];

	if (!auditd_conf_read("log_file", log))
		strcpy(log, AUDITD_LOG);
	return !access(log, F_OK) || errno != ENOENT;
}

static bool is_there_already(const struct logs *logs, const struct stat *stat)
{
	struct stat other;

	for (size_t i = 0; i < logs->count; i++) {
		if (!fstat(logs->files[i].fd, &other) && other.st_ino == stat->st_ino &&
		    other.st_dev == stat->st_dev)
			return true;
	}
	return false;
}

static void reverse(struct logs *logs)
{
	for (size_t i = 0; i < logs->count / 2; i++) {
		struct log_file other = logs->files[i];

		logs->files[i] = logs->files[logs->count - 1 - i];
		logs->files[logs->count - 1 - i] = other;
	}
}

/**
 * logs_add_system - the log that auditd writes, with those it has rotated
 * @logs: empty
 *
 * With those that a site has compressed. auditd may rotate at any time: opened from the newest on, a file may be met
 * twice, and is then taken once, but none is missed.
 *
 * Return: false if there is none to be read; a message says why.
 */
bool logs_add_system(struct logs *logs)
{
	char log[AUDITD_CONF_VALUE], name[AUDITD_CONF_VALUE + 16];
	int missing = 0;

	read_config(log);
	for (int i = 0; i <= ROTATED_MAX; i++) {
		struct stat stat;
		int fd;

		snprintf(name, sizeof(name), i ? "%s.%d" : "%s", log, i);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		/* one may be missing for a moment, while auditd renames them */
		if (fd < 0 && errno == ENOENT && missing++ < 2)
			continue;
		if (fd < 0 && errno == ENOENT)
			break;
		if (fd < 0) {
			message("%s: %s%s", name, strerror(errno),
				errno == EACCES ? ": the audit log is for root, or the group that "
						  "auditd.conf names as log_group" :
						  "");
			return false;
		}
		if (fstat(fd, &stat) || is_there_already(logs, &stat)) {
			close(fd);
			continue;
		}
		if (!logs_insert(logs, logs->count, fd, name)) {
			message("%s", strerror(errno));
			return false;
		}
	}
	if (!logs->count) {
		message("%s: %s: is auditd installed and running? --input names other files", log,
			strerror(ENOENT));
		return false;
	}
	reverse(logs);
	return archives_add(logs, log);
}
