// SPDX-License-Identifier: GPL-2.0
/*
 * The process of a `docker exec` has no user who has logged in: a daemon's shim starts it.
 * Which container is meant, what is executed and on whose request is known here, before
 * the runtime begins. A message of audit's says so.
 *
 * Another process reads files, waits for the number of what is executed, and sends. It is
 * no child of ours, has no descriptor of ours, and nobody waits for it: the runtime begins
 * at once, whatever audit does.
 */
#define _GNU_SOURCE /* syscall */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#include "config.h"
#include "container.h"
#include "descriptors.h"
#include "engine.h"
#include "exec.h"
#include "oci_naming.h"
#include "pid_file.h"
#include "process.h"
#include "uuid5.h"
#include "virt_control.h"

/* The hook is put into a bundle without --runtime, and then calls it so. */
#define RUNTIME "oci"

#define OURS 3 /* descriptors */

/* Twice what audit makes a message wait for if its backlog is full. */
#define SEND_S 120

/**
 * struct execution - what is needed of an exec
 * @invocation: the runtime's command line
 * @pid_file: gets the number of what is executed
 * @described: descriptor of the file that describes it, or below 0
 * @runtime: its number
 * @pidfd: the same, or below 0
 */
struct execution {
	const struct invocation *invocation;
	struct pid_file pid_file;
	int described;
	pid_t runtime;
	int pidfd;
};

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The runtime's caller may wait for the end of its pipes. */
static void close_others(struct execution *execution)
{
	int *const ours[] = { &execution->described, &execution->pidfd,
			      &execution->pid_file.watch };
	int kept[OURS], null, from = STDERR_FILENO + 1;

	for (int i = 0; i < OURS; i++) {
		/* out of the way of the three that each program has */
		if (*ours[i] >= 0)
			*ours[i] = fcntl(*ours[i], F_DUPFD_CLOEXEC, from);
		kept[i] = *ours[i];
	}
	qsort(kept, OURS, sizeof(*kept), by_number);
	for (int i = 0; i < OURS; i++) {
		if (kept[i] > from)
			descriptors_close(from, kept[i] - 1);
		if (kept[i] >= from)
			from = kept[i] + 1;
	}
	descriptors_close(from, ~0U);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

/*
 * While audit's backlog is full each message waits for a minute, and a message comes with
 * each exec. root has 128 instances of inotify, for all programs: none is kept for so long,
 * and no sender waits for ever. The runtime's caller may have SIGALRM ignored or blocked.
 */
static void limit(struct execution *execution)
{
	sigset_t alarms;

	if (execution->pid_file.watch >= 0)
		close(execution->pid_file.watch);
	if (execution->pidfd >= 0)
		close(execution->pidfd);
	execution->pid_file.watch = -1;
	execution->pidfd = -1;
	signal(SIGALRM, SIG_DFL);
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarms, NULL);
	alarm(SEND_S);
}

static void send(struct execution *execution)
{
	const struct invocation *invocation = execution->invocation;
	struct virt_exec exec = { .runtime = execution->runtime };
	struct json_object *container;
	char variable[CONFIG_VARIABLE];
	struct audit_contid contid;
	struct naming naming = {};
	struct process process;

	/* first of all: the file goes with the process */
	exec.pid = pid_file_await(&execution->pid_file, execution->pidfd, &exec.failed);
	limit(execution);
	if (!engine_may_register() || contid_of_container(RUNTIME, invocation->id, &contid))
		return;
	config_request_variable(HOOK_CONFIG, variable);
	container = container_config(invocation->root, invocation->id);
	process_read(&process, invocation, execution->described, variable, container);
	oci_naming(&naming, container, invocation->id);
	exec.command = process.command;
	exec.user = process.user;
	exec.terminal = process.terminal;
	virt_control_exec(&contid, &naming, &exec);
}

/* By two forks: what a runtime does with children that it does not know is not ours to know. */
static void send_behind(struct execution *execution)
{
	pid_t child = fork();

	if (!child) {
		if (!fork()) {
			/* Ctrl-C is for what is executed */
			setsid();
			close_others(execution);
			send(execution);
		}
		_exit(0);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/**
 * exec_report - have audit record that something is executed in a container
 * @invocation: the runtime's command line
 *
 * Nothing that goes wrong here is for the person who executes it to know.
 */
void exec_report(const struct invocation *invocation)
{
	struct execution execution = { .invocation = invocation, .runtime = getpid() };

	/* without the module no record has a container */
	if (!invocation->id || access(AUDIT_CONTID_DEVICE, F_OK))
		return;
	pid_file_begin(&execution.pid_file, invocation->pid_file);
	execution.described = process_open(invocation);
	execution.pidfd = syscall(SYS_pidfd_open, execution.runtime, 0);
	send_behind(&execution);
	if (execution.described >= 0)
		close(execution.described);
	if (execution.pidfd >= 0)
		close(execution.pidfd);
	if (execution.pid_file.watch >= 0)
		close(execution.pid_file.watch);
}
