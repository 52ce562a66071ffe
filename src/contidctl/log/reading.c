// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kernel_stream.h"
#include "message.h"
#include "reading.h"

static bool take_line(void *data, const char *line, size_t len)
{
	struct reading *reading = data;
	struct record record;

	if (!intake_take(&reading->intake, line, len, &record))
		return true;
	if (!assembly_add(reading->assembly, &record)) {
		message("%s", strerror(ENOMEM));
		return false;
	}
	return !reading->failed;
}

/* What has its end is handed out at once; what has none, when nothing more comes. */
static bool take_pause(void *data)
{
	struct reading *reading = data;

	assembly_flush(reading->assembly);
	fflush(stdout);
	if (reading->idle && !reading->idle(reading->idle_data))
		return false;
	return !reading->failed && !ferror(stdout) &&
	       (uint64_t)time(NULL) <= reading->intake.until / 1000 + 1;
}

/**
 * reading_do - read the logs to their end
 * @reading: with the logs, and the time that is asked for
 * @user: takes the events
 *
 * What was passed over is said on stderr. So is a compressed file that is damaged: those
 * behind it are read, and reading_is_whole() knows.
 *
 * Return: false if it did not come to the end; a message says why, if there is more to
 * say than that stdout takes nothing.
 */
bool reading_do(struct reading *reading, const struct assembly_user *user)
{
	const struct line_user lines = { take_line, reading };
	bool ok;

	reading->assembly = assembly_new(user);
	if (!reading->assembly) {
		message("%s", strerror(ENOMEM));
		return false;
	}
	reading->logs.follow = reading->follow;
	ok = logs_read(&reading->logs, &lines);
	if (ok && reading->from_kernel)
		ok = kernel_stream_follow(reading->kernel, &lines, take_pause);
	else if (ok && reading->follow)
		ok = logs_follow(&reading->logs, &lines, take_pause);
	assembly_flush(reading->assembly);
	ok = ok && !reading->failed;
	assembly_free(reading->assembly);
	return ok && intake_report(&reading->intake, &reading->logs);
}

/**
 * reading_is_whole - was each file read to its end?
 * @reading: after reading_do()
 *
 * If not, what was found is printed all the same, and the command ends with REFUSED.
 */
bool reading_is_whole(const struct reading *reading)
{
	return !reading->logs.damaged;
}
