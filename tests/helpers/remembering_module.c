// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded: a module that remembers who was registered, where there is none. All programs
 * that have the same file REGISTERED in their environment see the same containers. A process
 * that has ended is in none any more; nobody inherits. It refuses what has a container, an ID
 * that is in use, and a process that is not there.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "in_place.h"

/* one registration, or a refusal if there is no pid */
struct entry {
	int pid;
	unsigned long long start;
	struct audit_contid contid;
	unsigned int label_len;
	char label[AUDIT_CONTID_LABEL_MAX];
};

static int device_wrong(void)
{
	return getenv("REGISTERED") ? 0 : ENOENT;
}

/* Return: when the process began, 0 if there is none, or it is a zombie. */
static unsigned long long began(int pid)
{
	unsigned long long start = 0;
	char path[32], state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file,
		   "%*d (%*[^)]) %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
		   "%*d %*d %*d %*d %llu",
		   &state, &start) != 2 ||
	    state == 'Z')
		start = 0;
	fclose(file);
	return start;
}

/* Return: the process that a pidfd is of, 0 if it is none. */
static int pid_of(int pidfd)
{
	char path[32], line[128];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		sscanf(line, "Pid: %d", &pid);
	fclose(file);
	return pid;
}

/* entries that live, if @live, come to @take with their number, until it says true */
static bool each(bool live,
		 bool (*take)(const struct entry *entry, unsigned int serial, void *data),
		 void *data)
{
	FILE *file = fopen(getenv("REGISTERED"), "re");
	unsigned int serial = 0;
	struct entry entry;
	bool found = false;

	if (!file)
		return false;
	while (!found && fread(&entry, sizeof(entry), 1, file) == 1) {
		serial++;
		if (live && (!entry.pid || began(entry.pid) != entry.start))
			continue;
		found = take(&entry, serial, data);
	}
	fclose(file);
	return found;
}

static bool is_process(const struct entry *entry, unsigned int serial, void *data)
{
	struct entry *wanted = data;

	(void)serial;
	if (entry->pid != wanted->pid)
		return false;
	*wanted = *entry;
	return true;
}

static bool is_contid(const struct entry *entry, unsigned int serial, void *data)
{
	struct entry *wanted = data;

	(void)serial;
	if (memcmp(&entry->contid, &wanted->contid, sizeof(entry->contid)))
		return false;
	*wanted = *entry;
	return true;
}

static int target(unsigned int flags, int number)
{
	return flags & AUDIT_CONTID_PID ? number : pid_of(number);
}

static int answer_register(const struct audit_contid_register *arg)
{
	struct entry entry = {
		.pid = target(arg->flags, arg->target),
		.contid = arg->contid,
		.label_len = arg->label_len,
	};
	struct entry other = entry;
	FILE *file;
	int err = 0;

	entry.start = entry.pid ? began(entry.pid) : 0;
	if (arg->label_len)
		memcpy(entry.label, (const void *)(uintptr_t)arg->label, arg->label_len);
	if (!entry.start)
		err = ESRCH;
	else if (each(true, is_process, &other))
		err = EEXIST;
	else if (each(true, is_contid, &other))
		err = ENOTUNIQ;
	if (err)
		entry.pid = 0;
	file = fopen(getenv("REGISTERED"), "ae");
	if (!file)
		return fail(EIO);
	fwrite(&entry, sizeof(entry), 1, file);
	fclose(file);
	return err ? fail(err) : 0;
}

static int answer_get(struct audit_contid_get *get)
{
	struct entry entry = { .pid = target(get->flags, get->target) };

	if (!entry.pid || !began(entry.pid))
		return fail(ESRCH);
	get->depth = each(true, is_process, &entry);
	get->contid[0] = entry.contid;
	get->origin = AUDIT_CONTID_ORIGIN_REGISTERED;
	return 0;
}

static int answer_label(struct audit_contid_label *label)
{
	struct entry entry = { .contid = label->contid };

	if (!each(true, is_contid, &entry))
		return fail(ENOENT);
	label->label_len = entry.label_len;
	memset(label->label, 0, sizeof(label->label));
	memcpy(label->label, entry.label, entry.label_len);
	return 0;
}

struct listing {
	struct audit_contid_list *list;
	unsigned int room;
};

static bool take_listed(const struct entry *entry, unsigned int serial, void *data)
{
	struct listing *listing = data;
	struct audit_contid_list *list = listing->list;
	struct audit_contid_container *to = (void *)(uintptr_t)list->buffer;

	list->live++;
	if (serial <= list->after)
		return false;
	if (list->count == listing->room) {
		list->more = 1;
		return false;
	}
	to[list->count++] = (struct audit_contid_container){
		.serial = serial,
		.contid = entry->contid,
		.depth = 1,
		.first_pid = entry->pid,
		.processes = 1,
	};
	return false;
}

static int answer_list(struct audit_contid_list *list)
{
	struct listing listing = { list, list->count };
	struct audit_contid_container *from = (void *)(uintptr_t)list->buffer;

	list->count = list->more = list->live = 0;
	each(true, take_listed, &listing);
	if (list->count)
		list->after = from[list->count - 1].serial;
	return 0;
}

static bool take_counted(const struct entry *entry, unsigned int serial, void *data)
{
	struct audit_contid_stats *stats = data;

	(void)serial;
	if (entry->pid)
		stats->registered++;
	else
		stats->refused++;
	return false;
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
	switch (request) {
	case AUDIT_CONTID_IOC_INFO:
		*(struct audit_contid_info *)arg = (struct audit_contid_info){
			.api_version = AUDIT_CONTID_API_VERSION,
			.max_depth = 4,
			.features = AUDIT_CONTID_FEATURE_LABEL | AUDIT_CONTID_FEATURE_PIDFD,
			.max_containers = 65536,
			.hooks_on = 1,
			.module_version = "9.9",
		};
		return 0;
	case AUDIT_CONTID_IOC_REGISTER:
		return answer_register(arg);
	case AUDIT_CONTID_IOC_GET:
		return answer_get(arg);
	case AUDIT_CONTID_IOC_LIST:
		return answer_list(arg);
	case AUDIT_CONTID_IOC_LABEL:
		return answer_label(arg);
	case AUDIT_CONTID_IOC_STATS:
		((struct audit_contid_stats *)arg)->count = 0;
		((struct audit_contid_stats *)arg)->hooks_on = 1;
		each(false, take_counted, arg);
		return 0;
	default:
		return fail(ENOTTY);
	}
}
