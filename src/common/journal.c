// SPDX-License-Identifier: GPL-2.0
/*
 * syslog(3) waits for ever if the daemon has stopped to read, and the runtime
 * would with it. So the datagram is sent from here, with a time limit, and no
 * other after one that has failed.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"
#include "message.h"

#define PATIENCE_S 1
#define SILENCE_S  60 /* after one that has failed */

static void send_line(int priority, const char *line)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = _PATH_LOG };
	struct timeval limit = { .tv_sec = PATIENCE_S };
	time_t now = time(NULL);
	char text[2048], when[32] = "";
	static time_t failed;
	struct tm local;
	int fd, length;

	if (failed && now - failed < SILENCE_S)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (localtime_r(&now, &local))
		strftime(when, sizeof(when), "%h %e %T ", &local);
	length = snprintf(text, sizeof(text), "<%d>%s%s[%d]: %s", LOG_DAEMON | priority, when,
			  message_program, getpid(), line);
	if (length >= (int)sizeof(text))
		length = sizeof(text) - 1;
	failed = 0;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    send(fd, text, length, MSG_NOSIGNAL) != length)
		failed = now;
	close(fd);
}

/**
 * journal - one line, of text that is escaped if it came from outside
 * @priority: LOG_ERR, LOG_WARNING or LOG_NOTICE
 * @format: as printf
 */
void journal(int priority, const char *format, ...)
{
	char line[1900];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	send_line(priority, line);
	if (journal_on_stderr)
		fprintf(stderr, "%s: %s\n", message_program, line);
}
