// SPDX-License-Identifier: GPL-2.0
/*
 * The module knows how many processes carry an ID, and what each one carries. So
 * all of /proc is asked. From inside of a container that is what is in there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "holders.h"
#include "live.h"
#include "processes.h"

#define SHOWN	       4 /* holders in a message */
#define INITIAL_PID_NS 0xeffffffc /* the number that each kernel gives it */

static const char *const origins[] = {
	[AUDIT_CONTID_ORIGIN_REGISTERED] = "registered",
	[AUDIT_CONTID_ORIGIN_INHERITED] = "inherited",
	[AUDIT_CONTID_ORIGIN_ADOPTED] = "entered",
};

/** origin_name - how a process came to what it carries, in one word */
const char *origin_name(unsigned int origin)
{
	if (origin >= sizeof(origins) / sizeof(*origins) || !origins[origin])
		return "?";
	return origins[origin];
}

static bool is_same(const struct audit_contid *a, const struct audit_contid *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

static bool carries(const struct holder *holder, const struct audit_contid *contid)
{
	for (unsigned int i = 0; i < holder->label.depth && i < AUDIT_CONTID_DEPTH_MAX; i++) {
		if (is_same(&holder->label.contid[i], contid))
			return true;
	}
	return false;
}

/*
 * By way of its directory: what is read there after the label, and is there at all,
 * is of the process that had the number before, too.
 */
static bool holder_read(struct holder *holder, const struct device *device, pid_t pid)
{
	char path[sizeof("/proc/") + 3 * sizeof(pid)];
	struct process_stat about;
	struct stat ns;
	bool read;
	int dir;

	*holder = (struct holder){ .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	read = !process_is_kernels(dir) &&
	       !contid_get(device->fd, pid, AUDIT_CONTID_PID, &holder->label) &&
	       holder->label.depth && process_stat_read(&about, dir);
	if (read) {
		holder->parent = about.parent;
		holder->start = about.start;
		memcpy(holder->comm, about.name, sizeof(holder->comm));
	}
	if (read && !fstatat(dir, "ns/pid", &ns, 0))
		holder->pid_ns = ns.st_ino;
	close(dir);
	return read;
}

static bool holders_add(struct holders *holders, const struct holder *holder)
{
	struct holder *more = array_room(holders->items, holders->count, sizeof(*more));

	if (!more)
		return false;
	holders->items = more;
	holders->items[holders->count++] = *holder;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct holder *)a)->pid, y = ((const struct holder *)b)->pid;

	return (x > y) - (x < y);
}

/**
 * struct look - a look at all processes
 * @holders: those found
 * @device: the open device
 * @contid: what they are to carry
 */
struct look {
	struct holders *holders;
	const struct device *device;
	const struct audit_contid *contid;
};

static bool take_process(void *data, pid_t pid)
{
	struct look *look = data;
	struct holder holder;

	if (!holder_read(&holder, look->device, pid) || !carries(&holder, look->contid))
		return true;
	return holders_add(look->holders, &holder);
}

/**
 * holders_read - find the processes that carry a container's ID
 * @holders: out; to be freed by holders_free()
 * @device: the open device
 * @contid: the container; processes in those nested in it count, too
 *
 * Return: false if /proc cannot be read, or there is no memory; see errno.
 */
bool holders_read(struct holders *holders, const struct device *device,
		  const struct audit_contid *contid)
{
	struct look look = { .holders = holders, .device = device, .contid = contid };
	int err;

	*holders = (struct holders){};
	err = processes_each(take_process, &look);
	if (err) {
		holders_free(holders);
		errno = err == ECANCELED ? ENOMEM : err;
		return false;
	}
	if (holders->count)
		qsort(holders->items, holders->count, sizeof(*holders->items), by_pid);
	return true;
}

/** holders_free - free what holders_read() has allocated */
void holders_free(struct holders *holders)
{
	free(holders->items);
	*holders = (struct holders){};
}

/**
 * holders_format - name some of them in a message
 * @holders: the processes
 * @contid: the container; those nested in it are left out
 * @text: out: "process 12 (sh), entered; process 13 (sleep), inherited"; "" if there
 *	is none
 */
void holders_format(const struct holders *holders, const struct audit_contid *contid,
		    char text[HOLDERS_TEXT])
{
	size_t used = 0, own = 0;

	*text = '\0';
	for (size_t i = 0; i < holders->count; i++) {
		const struct holder *holder = &holders->items[i];

		if (!is_same(&holder->label.contid[0], contid) || own++ >= SHOWN)
			continue;
		used += snprintf(text + used, HOLDERS_TEXT - used, "%sprocess %d (%s), %s",
				 used ? "; " : "", holder->pid, holder->comm,
				 origin_name(holder->label.origin));
	}
	if (own > SHOWN)
		snprintf(text + used, HOLDERS_TEXT - used, "; and %zu more", own - SHOWN);
}

static const struct holder *find(const struct holders *holders, pid_t pid)
{
	const struct holder key = { .pid = pid };

	return holders->count ? bsearch(&key, holders->items, holders->count, sizeof(key), by_pid) :
				NULL;
}

/* Does it descend from one that has entered, by parents that live and carry the same? */
static bool descends_from_entered(const struct holders *holders, const struct holder *holder)
{
	for (size_t i = 0; holder && i <= holders->count; i++) {
		if (holder->label.origin == AUDIT_CONTID_ORIGIN_ADOPTED)
			return true;
		if (holder->label.origin != AUDIT_CONTID_ORIGIN_INHERITED)
			return false;
		holder = find(holders, holder->parent);
	}
	return false;
}

struct search {
	const struct audit_contid *contid;
	struct audit_contid_container container;
	bool found;
};

static bool note(void *data, const struct audit_contid_container *container)
{
	struct search *search = data;

	search->found = is_same(&container->contid, search->contid);
	if (search->found)
		search->container = *container;
	return !search->found;
}

/**
 * holders_have_entered - is nothing left of a container but those who entered it?
 * @holders: the processes that carry its ID
 * @device: the open device
 * @contid: the container
 *
 * That is what a debugging session leaves (`nsenter -m`) that outlives the container.
 * The container itself has ended if it had a PID namespace of its own and nobody is
 * left in there: with its process 1 the kernel ends all who are. If it had none, each
 * process has to descend from one that has entered.
 *
 * Return: false also if that cannot be known.
 */
bool holders_have_entered(const struct holders *holders, const struct device *device,
			  const struct audit_contid *contid)
{
	struct search search = { .contid = contid };
	ino_t pid_ns;

	if (live_each(device->fd, note, &search, NULL) || !search.found ||
	    holders->count < search.container.processes)
		return false;
	pid_ns = search.container.ns[AUDIT_CONTID_NS_PID];
	if (pid_ns == INITIAL_PID_NS)
		pid_ns = 0;
	for (size_t i = 0; i < holders->count; i++) {
		const struct holder *holder = &holders->items[i];

		/* a container that is nested in it, or one of its first processes */
		if (!is_same(&holder->label.contid[0], contid) ||
		    holder->label.origin == AUDIT_CONTID_ORIGIN_REGISTERED)
			return false;
		if (!descends_from_entered(holders, holder) &&
		    (!pid_ns || !holder->pid_ns || holder->pid_ns == pid_ns))
			return false;
	}
	return holders->count;
}
