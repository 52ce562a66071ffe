// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded: a program finds a module where there is none. It has two containers, and a
 * third from its second list on; with each list they have caused more records. The file
 * LOG gets a line for each registration, "register PID CONTID LABEL". From the environment:
 *   ERRNO=N    each call but that for information ends with errno N
 *   CLOSED=N   the device cannot be opened: errno N
 *   API=N      it has the interface version N
 *   NOPIDFD=1  it takes a process by its number alone; else PID in LOG is "pidfd"
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "in_place.h"

#define PROBES 2

static const struct {
	struct audit_contid id;
	const char *label;
	unsigned int asked, written; /* with each list */
} containers[] = {
	{ { { 0x01, 0x23, 0xab, 0xcd, 1 } }, "shop/web-0/nginx", 100, 90 },
	{ { { 0x11, 0x11, 0x11, 0x11, 2 } }, "a \"b\" \\ \n", 10, 10 },
	{ { { 0x22, 0x22, 0x22, 0x22, 3 } }, "", 7, 7 },
};

static unsigned int lists;

static int device_wrong(void)
{
	return getenv("CLOSED") ? atoi(getenv("CLOSED")) : 0;
}

static int answer_info(struct audit_contid_info *info)
{
	*info = (struct audit_contid_info){
		.api_version = getenv("API") ? atoi(getenv("API")) : AUDIT_CONTID_API_VERSION,
		.max_depth = 4,
		.features = AUDIT_CONTID_FEATURE_LABEL |
			    (getenv("NOPIDFD") ? 0 : AUDIT_CONTID_FEATURE_PIDFD),
		.max_containers = 65536,
		.hooks_on = 1,
		.module_version = "9.9",
	};
	return 0;
}

static int answer_list(struct audit_contid_list *list)
{
	struct audit_contid_container *to = (void *)(uintptr_t)list->buffer;
	unsigned int live = ++lists > 1 ? 3 : 2;

	memset(to, 0, live * sizeof(*to));
	for (unsigned int i = 0; i < live; i++) {
		to[i].serial = i + 1;
		to[i].contid = containers[i].id;
		to[i].depth = 1;
		to[i].first_pid = 100 + i;
		to[i].processes = i + 1;
		to[i].asked = lists * containers[i].asked;
		to[i].written = lists * containers[i].written;
	}
	list->count = live;
	list->live = live;
	list->more = 0;
	return 0;
}

static int answer_label(struct audit_contid_label *label)
{
	for (int i = 0; i < 3; i++) {
		if (memcmp(&label->contid, &containers[i].id, sizeof(label->contid)))
			continue;
		label->label_len = strlen(containers[i].label);
		strcpy(label->label, containers[i].label);
		return 0;
	}
	return fail(ENOENT);
}

static int answer_stats(struct audit_contid_stats *stats)
{
	struct audit_contid_probe *to = (void *)(uintptr_t)stats->buffer;

	if (stats->count >= PROBES) {
		to[0] = (struct audit_contid_probe){ "audit_log_end", "record", 5000, 1, 1, 0, {} };
		to[1] = (struct audit_contid_probe){ "wake_up_new_task", "fork", 70, 0, 1, 0, {} };
		if (getenv("NO_EXEC"))
			to[1] = (struct audit_contid_probe){
				"setup_new_exec", "exec", 0, 0, 0, 0, {}
			};
	}
	stats->count = PROBES;
	stats->hooks_on = 1;
	stats->processes = 3;
	stats->containers = 2;
	stats->registered = 12;
	stats->refused = 4;
	stats->inherited = 18446744073709551615ULL;
	return 0;
}

static int answer_get(struct audit_contid_get *get)
{
	get->depth = 2;
	get->origin = AUDIT_CONTID_ORIGIN_INHERITED;
	get->contid[0] = containers[1].id;
	get->contid[1] = containers[0].id;
	return 0;
}

static int answer_register(const struct audit_contid_register *arg)
{
	FILE *log = getenv("LOG") ? fopen(getenv("LOG"), "ae") : NULL;

	if (!log)
		return 0;
	if (arg->flags & AUDIT_CONTID_PID)
		fprintf(log, "register %d ", (int)arg->target);
	else
		fputs("register pidfd ", log);
	for (size_t i = 0; i < sizeof(arg->contid.b); i++)
		fprintf(log, "%02x", arg->contid.b[i]);
	fprintf(log, " %.*s\n", (int)arg->label_len,
		arg->label_len ? (const char *)(uintptr_t)arg->label : "");
	fclose(log);
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, void *) = dlsym(RTLD_NEXT, "ioctl");
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd < 0 || fd != device)
		return next(fd, request, arg);
	if (request == AUDIT_CONTID_IOC_INFO)
		return answer_info(arg);
	if (getenv("ERRNO"))
		return fail(atoi(getenv("ERRNO")));
	switch (request) {
	case AUDIT_CONTID_IOC_REGISTER:
		return answer_register(arg);
	case AUDIT_CONTID_IOC_GET:
		return answer_get(arg);
	case AUDIT_CONTID_IOC_LIST:
		return answer_list(arg);
	case AUDIT_CONTID_IOC_STATS:
		return answer_stats(arg);
	case AUDIT_CONTID_IOC_LABEL:
		return answer_label(arg);
	default:
		return fail(ENOTTY);
	}
}
