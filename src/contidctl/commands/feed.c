// SPDX-License-Identifier: GPL-2.0
/* contidctl feed: auditd's plugin */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "command.h"
#include "contid.h"
#include "journal.h"
#include "label.h"
#include "live.h"
#include "message.h"
#include "outlet.h"
#include "reading.h"
#include "settings.h"
#include "show.h"

#define CONFIG "/etc/audit-contid/feed.conf"

bool journal_on_stderr;

static volatile sig_atomic_t ended, reread;

enum { CONFIG_FILE };

static const struct command_option options[] = {
	[CONFIG_FILE] = { "config", 'c', "FILE", "read this and not " CONFIG },
	{},
};

/**
 * struct feed - at work
 * @config: the name of its configuration file
 * @wrong: that makes no sense
 * @format: how events are written
 * @outlet: where they go
 * @show: prints them
 * @reading: where they come from
 * @device: while the module is asked
 */
struct feed {
	const char *config;
	bool wrong;
	enum show_format format;
	struct outlet outlet;
	struct show *show;
	struct reading reading;
	struct device device;
};

static const char *set(void *to, const char *key, const char *value)
{
	struct feed *feed = to;
	const char *wrong = NULL;

	if (!strcmp(key, "output"))
		wrong = outlet_set(&feed->outlet, value);
	else if (strcmp(key, "format"))
		wrong = "has no key that is known";
	else if (!show_format_parse(value, &feed->format) || feed->format == SHOW_CSV)
		wrong = "has none of json, ecs, ocsf, text and raw";
	feed->wrong |= !!wrong;
	return wrong;
}

/* Return: false if there is nothing that could be followed; the journal says why. */
static bool read_config(struct feed *feed)
{
	struct feed next = { .config = feed->config, .format = SHOW_JSON, .outlet.fd = -1 };

	if (access(feed->config, R_OK)) {
		journal(LOG_ERR, "%s: %s", feed->config, strerror(errno));
		return false;
	}
	settings_read(feed->config, set, &next, true);
	if (!next.wrong && next.outlet.kind != OUTLET_NONE)
		next.show = show_new(next.format, false, feed->reading.intake.names);
	if (!next.show) {
		if (!next.wrong)
			journal(LOG_ERR, "%s: %s", feed->config,
				next.outlet.kind == OUTLET_NONE ? "it has no output" :
								  strerror(ENOMEM));
		free(next.outlet.path);
		return false;
	}
	outlet_close(&feed->outlet);
	show_free(feed->show);
	feed->format = next.format;
	feed->outlet = next.outlet;
	feed->show = next.show;
	return true;
}

static void read_config_again(struct feed *feed)
{
	reread = 0;
	if (!read_config(feed))
		journal(LOG_ERR, "%s: it goes on as before", feed->config);
}

static bool take_label(void *data, const struct audit_contid_container *container)
{
	struct feed *feed = data;
	char id[CONTID_TEXT], label[LABEL_TEXT];

	contid_format(&container->contid, id);
	live_label(&feed->device, &container->contid, label);
	if (*label)
		names_add(feed->reading.intake.names, id, label);
	return true;
}

/* Of containers that began before this program did, no record tells a name. */
static void learn_labels(struct feed *feed)
{
	if (device_try(&feed->device) != DEVICE_OPEN)
		return;
	live_each(feed->device.fd, take_label, feed, NULL);
	close(feed->device.fd);
}

static bool wants(void *data, const struct record *record)
{
	const struct feed *feed = data;
	char id[CONTID_TEXT];

	return label_is_there(record) || names_told(feed->reading.intake.names, record, id);
}

/*
 * What prints events prints to stdout. Here that is memory, as an event goes out in one
 * piece or not at all.
 */
static bool print(struct feed *feed, const struct event *event, char **text, size_t *len)
{
	FILE *real = stdout, *memory = open_memstream(text, len);
	bool ok;

	if (!memory)
		return false;
	stdout = memory;
	ok = show_event(feed->show, event);
	stdout = real;
	return !fclose(memory) && ok;
}

static void take(void *data, const struct event *event)
{
	struct feed *feed = data;
	char *text = NULL;
	size_t len = 0;

	if (reread)
		read_config_again(feed);
	/* also if there never is a pause */
	feed->reading.failed |= ended;
	if (!print(feed, event, &text, &len)) {
		feed->outlet.error = ENOMEM;
		feed->outlet.dropped++;
		feed->outlet.dropped_in_all++;
	} else if (len) {
		outlet_write(&feed->outlet, text, len);
	}
	free(text);
	outlet_tell(&feed->outlet, false);
	/* as above; records that came since may end what the next event is of */
	names_forget(feed->reading.intake.names, event->stamp.sec * 1000 + event->stamp.milli);
}

static bool go_on(void *data)
{
	struct feed *feed = data;

	if (reread)
		read_config_again(feed);
	outlet_tell(&feed->outlet, false);
	names_forget(feed->reading.intake.names, feed->reading.intake.last);
	return !ended;
}

static void on_signal(int number)
{
	if (number == SIGHUP)
		reread = 1;
	else
		ended = 1;
}

static bool take_signals(void)
{
	/* no SA_RESTART: what waits is to look at them */
	struct sigaction action = { .sa_handler = on_signal };

	return !sigaction(SIGHUP, &action, NULL) && !sigaction(SIGTERM, &action, NULL) &&
	       !sigaction(SIGINT, &action, NULL) && signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

static int feed_run(struct feed *feed)
{
	const struct assembly_user user = { wants, take, feed };

	if (!read_config(feed))
		return REFUSED;
	if (!logs_add(&feed->reading.logs, "-") || !take_signals())
		return REFUSED;
	feed->reading.follow = logs_end_in_stream(&feed->reading.logs);
	learn_labels(feed);
	return (reading_do(&feed->reading, &user) && reading_is_whole(&feed->reading)) || ended ?
		       DONE :
		       REFUSED;
}

static int feed_option(void *data, const struct command *self, int option, char *value)
{
	struct feed *feed = data;

	(void)self;
	(void)option;
	feed->config = value;
	return GO_ON;
}

static int feed_main(const struct command *self, int argc, char **argv)
{
	struct feed feed = {
		.config = CONFIG,
		.outlet.fd = -1,
		.reading = { .intake.until = UINT64_MAX, .idle = go_on },
	};
	int status = command_options(self, &argc, &argv, feed_option, &feed);

	if (status != GO_ON)
		return status;
	/* auditd throws away what its plugins print: the journal has it as well */
	journal_on_stderr = true;
	feed.reading.idle_data = &feed;
	feed.reading.intake.names = names_new(true);
	if (!feed.reading.intake.names) {
		journal(LOG_ERR, "%s", strerror(ENOMEM));
		return REFUSED;
	}
	status = feed_run(&feed);
	outlet_close(&feed.outlet);
	show_free(feed.show);
	logs_close(&feed.reading.logs);
	names_free(feed.reading.intake.names);
	return status;
}

const struct command feed_command = {
	.name = "feed",
	.summary = "hand on containers' events while they happen; auditd starts it",
	.options = options,
	.help = "Read audit records from standard input, and hand on the events of containers,\n"
		"each as soon as it is whole, to a file, a socket or the journal. auditd starts\n"
		"it as a plugin, if /etc/audit/plugins.d/audit-contid.conf says \"active = yes\".\n",
	.more = "  FILE has lines \"key = value\":\n"
		"  output  /FILE, which may be moved away at any time; unix:/SOCKET, at which a\n"
		"          program listens; or journal\n"
		"  format  json (the default), ecs, ocsf, text or raw\n"
		"\n"
		"What cannot be handed on is dropped, counted, and said in the journal once a\n"
		"minute at most. SIGHUP has FILE read again; what makes no sense then changes\n"
		"nothing.\n",
	.main = feed_main,
};
