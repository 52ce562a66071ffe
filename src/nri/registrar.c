// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "config.h"
#include "contid.h"
#include "engine.h"
#include "escape.h"
#include "journal.h"
#include "message.h"
#include "owner.h"
#include "refusal.h"
#include "registrar.h"
#include "told.h"
#include "virt_control.h"

#define NAME_SHOWN 160

/**
 * struct order - one registration
 * @id: what the runtime calls it
 * @pid: its first process
 * @naming: what people call it
 * @runs: for a while: the number may be another process's by now
 */
struct order {
	char *id;
	uint64_t pid;
	struct naming naming;
	bool runs;
};

/*
 * A line of /proc/PID/cgroup, "HIERARCHY:CONTROLLERS:PATH", has the ID in a name that nobody
 * but root can have given: users, and containers, call theirs as they like.
 */
static bool has_id(char *line, const char *id)
{
	char *controllers = strchr(line, ':'), *path, *found;

	path = controllers ? strchr(++controllers, ':') : NULL;
	if (!path)
		return false;
	*path++ = '\0';
	found = strstr(path, id);
	if (!found)
		return false;
	return cgroup_owner(controllers, path, found + strcspn(found, "/\n") - path).is_root;
}

/* Its cgroup has the container's ID in its name, with every engine that has NRI. */
static bool is_in_cgroup(const struct order *order)
{
	char path[64], *line = NULL;
	bool is = false;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%llu/cgroup", (unsigned long long)order->pid);
	file = fopen(path, "re");
	while (file && !is && getline(&line, &room, file) > 0)
		is = has_id(line, order->id);
	free(line);
	if (file)
		fclose(file);
	return is;
}

static bool is_done(const struct device *device, const struct registration *what, int err)
{
	/* a hook has done it, or this program before it was started again */
	return err == EEXIST && registration_is_done(device, what);
}

/* The pidfd comes first: what is seen of the number after that is of the same process. */
static enum situation ask(const struct device *device, const struct order *order)
{
	struct registration what = {
		.pid = order->pid,
		.label = order->naming.part[NAMING_LABEL],
		.start = true,
	};
	char why[REFUSAL_TEXT];
	int pidfd, err = ESRCH;

	if (contid_parse(order->id, &what.contid)) {
		message("its ID has not the form of one");
		return REFUSED;
	}
	pidfd = syscall(SYS_pidfd_open, what.pid, 0);
	if (pidfd >= 0 && (!order->runs || is_in_cgroup(order)))
		err = registration_start(device, &what, pidfd);
	if (pidfd >= 0)
		close(pidfd);
	if (!err)
		virt_control_start(&what.contid, what.pid, &order->naming,
				   order->runs ? "adopted" : "registered");
	/* what has ended meanwhile is nobody's fault */
	if (!err || is_done(device, &what, err) || (order->runs && err == ESRCH))
		return REGISTERED;
	refusal_format(device, &what, err, why);
	message("%s", why);
	return REFUSED;
}

static enum situation registrar_do(const struct order *order)
{
	enum situation situation;
	struct device device;

	if (!engine_may_register()) {
		message("a registration " DEVICE_NEEDS " (%s)", strerror(EPERM));
		return ROOTLESS;
	}
	if (!order->pid || order->pid > INT_MAX) {
		message("the runtime has not said which process it is");
		return REFUSED;
	}
	if (!device_open(&device))
		return errno == ENOENT || errno == ENODEV || errno == ENXIO ? MISSING : REFUSED;
	situation = ask(&device, order);
	close(device.fd);
	return situation;
}

/* Return: may it start? The journal has a line if there is something to say. */
static bool decide(const struct registrar *registrar, const struct order *order)
{
	char name[NAME_SHOWN], rule[CONFIG_TEXT];
	struct config config;
	enum situation situation;
	bool refuse;

	*told = '\0';
	situation = registrar_do(order);
	escape(order->naming.part[NAMING_LABEL] ?: order->id, name, sizeof(name));
	if (situation == REGISTERED) {
		if (*told)
			journal(LOG_WARNING, "container \"%s\": %s; it starts", name, told);
		return true;
	}
	config_read(&config, registrar->config, order->naming.part[NAMING_SPACE]);
	config_format(&config, situation, rule);
	/* what runs already is not stopped */
	refuse = config.refuse[situation] && !order->runs;
	journal(refuse ? LOG_ERR : LOG_WARNING, "container \"%s\": %s; it %s (%s, see %s)", name,
		told, refuse ? "does not start" : "goes on without a container ID of its own", rule,
		config.path);
	return !refuse;
}

static bool treat(const struct registrar *registrar, const struct pod *pod,
		  const struct container *container, bool runs)
{
	struct order order = {
		.id = bytes_text(container ? container->id : pod->id),
		.pid = container ? container->pid : pod->pid,
		.runs = runs,
	};
	bool may = true;

	described_naming(&order.naming, pod, container, registrar->engine);
	if (order.id)
		may = decide(registrar, &order);
	naming_free(&order.naming);
	free(order.id);
	return may;
}

/**
 * registrar_start - register a container that is about to start
 * @registrar: has what all have in common
 * @pod: its pod
 * @container: itself, or NULL for the pod's sandbox
 *
 * Return: false if it is not to start.
 */
bool registrar_start(const struct registrar *registrar, const struct pod *pod,
		     const struct container *container)
{
	return treat(registrar, pod, container, false);
}

/**
 * registrar_find - register one that runs already
 * @registrar: likewise
 * @pod: likewise
 * @container: likewise
 */
void registrar_find(const struct registrar *registrar, const struct pod *pod,
		    const struct container *container)
{
	treat(registrar, pod, container, true);
}
