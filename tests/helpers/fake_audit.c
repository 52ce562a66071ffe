// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded: an audit that takes everything, and a user who may register, for suites that
 * run on no machine. The file LOG gets a line for each message, "TYPE MESSAGE". From the
 * environment:
 *   NOAUDIT=1  audit takes nothing
 *   HANG=1     audit does not answer
 *   WHILE=FILE audit does not answer while that file is there, which gets the sender's number
 *   SOON=1     alarm(2) comes after a second
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static void note(const char *format, ...)
{
	FILE *log = getenv("LOG") ? fopen(getenv("LOG"), "ae") : NULL;
	va_list args;

	if (!log)
		return;
	va_start(args, format);
	vfprintf(log, format, args);
	va_end(args);
	fclose(log);
}

unsigned int alarm(unsigned int seconds)
{
	const struct itimerval in = { .it_value.tv_sec = getenv("SOON") ? 1 : seconds };
	struct itimerval before;

	setitimer(ITIMER_REAL, &in, &before);
	return before.it_value.tv_sec;
}

int audit_open(void)
{
	if (getenv("NOAUDIT")) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static void hang_while(const char *path)
{
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	dprintf(fd, "%d\n", getpid());
	close(fd);
	while (!access(path, F_OK))
		usleep(10000);
}

int audit_log_user_message(int fd, int type, const char *message, const char *hostname,
			   const char *addr, const char *tty, int result)
{
	(void)fd, (void)hostname, (void)addr, (void)tty;
	if (getenv("HANG"))
		pause();
	hang_while(getenv("WHILE"));
	note("%d %s res=%d\n", type, message, result);
	return 1;
}

/* whatever this user may */
int capng_have_capability(int which, unsigned int capability)
{
	(void)which, (void)capability;
	return 1;
}
