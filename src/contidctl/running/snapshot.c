// SPDX-License-Identifier: GPL-2.0
/*
 * A picture of what is labelled, while processes fork and end.
 *
 * One look at all of /proc is enough to lose none: a process that was there when the
 * look began is seen, and one that was born later is known by its start, and found
 * through its parent. More looks, until one finds none that is new, are for those whose
 * parent ends. The kernel's count of changes says whether a process was registered, or
 * has entered, since the look began.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "live.h"
#include "message.h"
#include "proc.h"
#include "snapshot.h"

#define LOOKS	     8
#define FIRST_PID_NS 0xEFFFFFFCu /* the inode number of the machine's own, on every kernel */
#define OWN_PID_NS   "/proc/self/ns/pid"

/* Which process carries what, by a pidfd; by its number where those cannot be read. */
static int label_of(const struct device *device, pid_t pid, int pidfd,
		    struct audit_contid_get *label)
{
	if (!contid_get(device->fd, pidfd, 0, label))
		return 0;
	if (errno != EOPNOTSUPP)
		return errno;
	return contid_get(device->fd, pid, AUDIT_CONTID_PID, label) ? errno : 0;
}

/**
 * snapshot_is_possible - can all processes be seen from here?
 * @device: the open device
 *
 * Return: false if not; a message says why.
 */
bool snapshot_is_possible(const struct device *device)
{
	struct audit_contid_get own;
	struct stat ns;

	if (!(device->info.features & AUDIT_CONTID_FEATURE_RELEASE)) {
		message("the loaded module (version %s) cannot do this: install a newer one",
			device->info.module_version);
		return false;
	}
	if (stat(OWN_PID_NS, &ns) || ns.st_ino != FIRST_PID_NS) {
		message("from this PID namespace not all processes can be seen: call it on the host");
		return false;
	}
	if (contid_get(device->fd, getpid(), AUDIT_CONTID_PID, &own)) {
		message("what %s itself carries cannot be read (%s)", message_program,
			strerror(errno));
		return false;
	}
	if (own.depth)
		message("%s is in a container itself: call it on the host", message_program);
	return !own.depth;
}

static bool no_memory(void)
{
	message("%s", strerror(ENOMEM));
	return false;
}

static bool grow(void **items, size_t count, size_t size)
{
	void *more = array_room(*items, count, size);

	if (!more)
		return no_memory();
	*items = more;
	return true;
}

/* NULL as the state: there was no memory for it */
static bool take_container(void *data, const struct audit_contid_container *container)
{
	struct state **to = data, *state = *to;

	if (!grow((void **)&state->containers, state->container_count,
		  sizeof(*state->containers)) ||
	    !grow((void **)&state->labels, state->container_count, sizeof(*state->labels))) {
		*to = NULL;
		return false;
	}
	state->containers[state->container_count++] = *container;
	return true;
}

static bool take_containers(const struct device *device, struct state *state, uint64_t *changes)
{
	int err = live_each(device->fd, take_container, &state, changes);

	if (err)
		message("the list of containers could not be read (%s)", strerror(err));
	if (err || !state)
		return false;
	for (size_t i = 0; i < state->container_count; i++)
		live_label(device, &state->containers[i].contid, state->labels[i]);
	return true;
}

static bool is_kernels(pid_t pid)
{
	char path[sizeof("/proc/") + 3 * sizeof(pid)];
	bool is;
	int dir;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	is = process_is_kernels(dir);
	close(dir);
	return is;
}

/*
 * The pidfd first, and a look at the end whether its process is still there: what
 * was read about the number in between is about that process.
 */
static bool take_process(const struct device *device, struct state *state, pid_t pid, int pidfd)
{
	struct audit_contid_get label;
	struct proc proc;
	bool read;
	int err;

	if (is_kernels(pid))
		return true;
	err = label_of(device, pid, pidfd, &label);
	if (err == ESRCH || err == EINVAL)
		return true;
	if (err) {
		message("what process %d carries cannot be read (%s)", pid, strerror(err));
		return false;
	}
	if (!label.depth)
		return true;
	read = proc_read(pid, &proc);
	if (read)
		proc_free(&proc);
	if (syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) && errno == ESRCH)
		return true;
	if (!read) {
		if (label_of(device, pid, pidfd, &label) == ESRCH)
			return true;
		message("/proc/%d cannot be read", pid);
		return false;
	}
	if (!grow((void **)&state->processes, state->process_count, sizeof(*state->processes)))
		return false;
	state->processes[state->process_count++] = (struct state_process){
		.pid = pid,
		.start = proc.start,
		.mnt = proc.mnt.ino,
		.origin = label.origin,
		.contid = label.contid[0],
	};
	return true;
}

/**
 * struct taking - processes on their way into a state
 * @device: the open device
 * @state: gets those that carry something
 */
struct taking {
	const struct device *device;
	struct state *state;
};

static bool take_number(void *data, pid_t pid)
{
	struct taking *taking = data;
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	bool ok;

	/* its number may be that of a thread by now */
	if (pidfd < 0 && (errno == ESRCH || errno == EINVAL))
		return true;
	if (pidfd < 0) {
		message("process %d cannot be looked at (%s)", pid, strerror(errno));
		return false;
	}
	ok = take_process(taking->device, taking->state, pid, pidfd);
	close(pidfd);
	return ok;
}

static bool take_processes(const struct device *device, struct state *state)
{
	struct taking taking = { .device = device, .state = state };
	int err = processes_each(take_number, &taking);

	if (err && err != ECANCELED)
		message("/proc: %s", strerror(err));
	return !err;
}

/* As /proc/PID/stat counts: ticks of the clock that goes on while the machine sleeps. */
static unsigned long long ticks_now(void)
{
	struct timespec now;
	long hz = sysconf(_SC_CLK_TCK);

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (unsigned long long)now.tv_sec * hz + now.tv_nsec / (1000000000 / hz);
}

static bool look(const struct device *device, struct state *state, uint64_t *changes)
{
	*state = (struct state){};
	if (!boot_id_read(state->boot_id)) {
		message("the boot ID cannot be read: %s", strerror(errno));
		return false;
	}
	if (!take_containers(device, state, changes))
		return false;
	state->since = ticks_now();
	if (!take_processes(device, state))
		return false;
	return state_index(state) || no_memory();
}

/* A container may have been made between the list and the processes, and its ID not be known. */
static bool fits_together(const struct state *state)
{
	for (size_t i = 0; i < state->process_count; i++) {
		if (!state_container(state, &state->processes[i].contid))
			return false;
	}
	return true;
}

static bool has_news(const struct state *before, const struct state *now)
{
	for (size_t i = 0; i < now->process_count; i++) {
		const struct state_process *process = &now->processes[i];
		const struct state_process *old = state_find(before, process->pid);

		if (!old || old->start != process->start)
			return true;
	}
	return !fits_together(now);
}

/**
 * snapshot_take - look until there is none that is new
 * @device: the open device
 * @state: out; to be freed by state_free() if it was taken
 * @changes: out: the kernel's count from before the last look
 *
 * Return: false if that cannot be done; a message says why.
 */
bool snapshot_take(const struct device *device, struct state *state, uint64_t *changes)
{
	struct state before = {};
	bool news = true, ok = true;

	*state = (struct state){};
	for (int i = 0; ok && news && i < LOOKS; i++) {
		state_free(&before);
		before = *state;
		ok = look(device, state, changes);
		news = ok && has_news(&before, state);
	}
	state_free(&before);
	if (ok && !fits_together(state)) {
		message("containers come and go too fast: try again");
		ok = false;
	}
	if (!ok)
		state_free(state);
	return ok;
}
