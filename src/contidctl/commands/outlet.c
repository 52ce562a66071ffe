// SPDX-License-Identifier: GPL-2.0
/*
 * auditd waits for nobody: it throws away what a plugin does not read. So no event waits
 * here for long. What is not taken is dropped, counted, and said in the journal.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "journal.h"
#include "outlet.h"

#define SOCKET_WORD  "unix:"
#define JOURNAL_WORD "journal"

#define PATIENCE_S 1 /* so long a reader may take */
#define TRY_EVERY  1 /* seconds between two tries to open it */
#define SAY_EVERY  60 /* seconds */

/**
 * outlet_set - say where to
 * @outlet: a new one
 * @where: /FILE, unix:/SOCKET or journal
 *
 * Return: NULL, or what is wrong with it.
 */
const char *outlet_set(struct outlet *outlet, const char *where)
{
	const char *path = where;

	outlet->kind = OUTLET_FILE;
	if (!strcmp(where, JOURNAL_WORD)) {
		outlet->kind = OUTLET_JOURNAL;
		path = _PATH_LOG;
	} else if (!strncmp(where, SOCKET_WORD, strlen(SOCKET_WORD))) {
		outlet->kind = OUTLET_SOCKET;
		path = where + strlen(SOCKET_WORD);
	}
	if (*path != '/')
		return "is not /FILE, unix:/SOCKET or journal";
	if (outlet->kind == OUTLET_SOCKET &&
	    strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return "is too long for a socket";
	free(outlet->path);
	outlet->path = strdup(path);
	return outlet->path ? NULL : strerror(ENOMEM);
}

static int open_file(const char *path)
{
	int fd =
		open(path,
		     O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		     0600);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat))
		return fd;
	if (S_ISREG(stat.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static int open_socket(const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -1;
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (!setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) &&
	    !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static int open_outlet(const struct outlet *outlet)
{
	if (outlet->kind == OUTLET_FILE)
		return open_file(outlet->path);
	return open_socket(outlet->path, outlet->kind == OUTLET_SOCKET ? SOCK_STREAM : SOCK_DGRAM);
}

static void let_go(struct outlet *outlet)
{
	if (outlet->fd >= 0)
		close(outlet->fd);
	outlet->fd = -1;
}

/* A file that was moved away, or removed, is not written any more. */
static bool was_moved(const struct outlet *outlet)
{
	struct stat ours, there;

	if (outlet->kind != OUTLET_FILE || outlet->fd < 0 || fstat(outlet->fd, &ours))
		return false;
	return lstat(outlet->path, &there) || there.st_ino != ours.st_ino ||
	       there.st_dev != ours.st_dev;
}

/* A line that is there in part would make two unreadable: it goes again. */
static bool write_file(const struct outlet *outlet, const char *text, size_t len)
{
	off_t end = lseek(outlet->fd, 0, SEEK_END);
	ssize_t written = write(outlet->fd, text, len);

	if (written == (ssize_t)len)
		return true;
	if (written >= 0)
		errno = ENOSPC;
	if (written > 0 && ftruncate(outlet->fd, end))
		errno = EIO;
	return false;
}

/* What is there in part ends with the connection. */
static bool write_stream(const struct outlet *outlet, const char *text, size_t len)
{
	while (len) {
		ssize_t sent = send(outlet->fd, text, len, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		text += sent;
		len -= sent;
	}
	return true;
}

/* One message, without the newline. */
static bool write_journal(const struct outlet *outlet, const char *text, size_t len)
{
	static const char head[] = "<86>audit-contid: "; /* LOG_AUTHPRIV, LOG_INFO */
	struct iovec parts[] = {
		{ (char *)head, strlen(head) },
		{ (char *)text, len - 1 },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	return sendmsg(outlet->fd, &message, MSG_NOSIGNAL) >= 0;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + 1; /* never 0 */
}

static bool try_open(struct outlet *outlet)
{
	if (outlet->fd >= 0)
		return true;
	if (outlet->tried && seconds() - outlet->tried < TRY_EVERY)
		return false;
	outlet->fd = open_outlet(outlet);
	outlet->tried = outlet->fd < 0 ? seconds() : 0;
	if (outlet->fd < 0)
		outlet->error = errno;
	return outlet->fd >= 0;
}

static bool try_write(struct outlet *outlet, const char *text, size_t len)
{
	bool ok;

	if (!try_open(outlet))
		return false;
	if (outlet->kind == OUTLET_FILE)
		ok = write_file(outlet, text, len);
	else if (outlet->kind == OUTLET_SOCKET)
		ok = write_stream(outlet, text, len);
	else
		ok = write_journal(outlet, text, len);
	if (ok)
		return true;
	outlet->error = errno;
	/* a message that is too long says nothing of the next one */
	if (outlet->error != EMSGSIZE)
		let_go(outlet);
	/* one that takes nothing is not asked for each event, with the patience that takes */
	if (outlet->error == EAGAIN)
		outlet->tried = seconds();
	return false;
}

/* A daemon that was started anew is found at once. */
static bool may_have_come_back(const struct outlet *outlet)
{
	return outlet->error == EPIPE || outlet->error == ECONNRESET ||
	       outlet->error == ECONNREFUSED || outlet->error == ENOTCONN;
}

/**
 * outlet_write - hand on an event
 * @outlet: where to; it is opened if it is not, or if its file has been moved
 * @text: the event's lines
 * @len: their length, a newline included
 *
 * Return: false if it was dropped; outlet_tell() says so.
 */
bool outlet_write(struct outlet *outlet, const char *text, size_t len)
{
	bool was_open, ok;

	if (was_moved(outlet))
		let_go(outlet);
	was_open = outlet->fd >= 0;
	ok = try_write(outlet, text, len);
	if (!ok && was_open && may_have_come_back(outlet))
		ok = try_write(outlet, text, len);
	outlet->dropped += !ok;
	outlet->dropped_in_all += !ok;
	return ok;
}

/**
 * outlet_tell - say in the journal what was dropped
 * @outlet: what dropped it
 * @now: also if this was said a moment ago
 */
void outlet_tell(struct outlet *outlet, bool now)
{
	if (!outlet->dropped)
		return;
	if (!now && outlet->said && seconds() - outlet->said < SAY_EVERY)
		return;
	journal(LOG_ERR,
		"%" PRIu64 " events were not handed on to %s, %" PRIu64 " since the "
		"begin: %s",
		outlet->dropped, outlet->path, outlet->dropped_in_all, strerror(outlet->error));
	outlet->dropped = 0;
	outlet->said = seconds();
}

/** outlet_close - after the last event */
void outlet_close(struct outlet *outlet)
{
	outlet_tell(outlet, true);
	let_go(outlet);
	free(outlet->path);
	outlet->path = NULL;
}
