// SPDX-License-Identifier: GPL-2.0
/*
 * contidctl run: a child in a container, and a parent that is not in its way.
 *
 * The child stays in the parent's process group, so that the terminal and the
 * shell treat both as one job: what the terminal sends reaches the child by
 * itself, and only what a process sends to the parent is passed on. The parent
 * changes no disposition that the child could inherit: it blocks all signals and
 * takes them one by one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "refusal.h"

#define NOT_EXECUTABLE 126
#define NOT_FOUND      127
#define SIGNAL_BASE    128

/**
 * struct child - the process in the container
 * @pid: its number
 * @status: as waitpid() gave it, once @ended
 * @ended: it is reaped
 * @continued: another process has let it go on since it last stopped
 */
struct child {
	pid_t pid;
	int status;
	bool ended;
	bool continued;
};

/* what the parent changes in itself, for the child to put back */
struct inherited {
	sigset_t mask;
	struct sigaction on_child;
};

static void block_signals(struct inherited *saved)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &saved->mask);
	/* if it is ignored, children vanish with their status */
	sigaction(SIGCHLD, &standard, &saved->on_child);
}

/* Never returns. Without the parent's word nothing is executed. */
static void child_main(int gate, const struct inherited *saved, char **command)
{
	char word;
	int err;

	if (read(gate, &word, 1) != 1)
		_exit(REFUSED);
	sigaction(SIGCHLD, &saved->on_child, NULL);
	sigprocmask(SIG_SETMASK, &saved->mask, NULL);
	execvp(command[0], command);
	err = errno;
	message("%s: %s", command[0], strerror(err));
	_exit(err == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

static bool has_changed(pid_t pid)
{
	siginfo_t info = {};

	waitid(P_PID, pid, &info, WEXITED | WCONTINUED | WNOHANG | WNOWAIT);
	return info.si_pid == pid;
}

/*
 * The child has stopped: so does this process, for the shell to see that the
 * job has, and in the same way. The kernel does not stop it if no shell is
 * there to continue it, which is an orphaned process group.
 *
 * The stop is made pending before the child is looked at again. A SIGCONT for
 * both that came before has let the child go on; one that comes later takes the
 * pending stop away.
 */
static void stop_likewise(pid_t pid, int sig)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	const struct timespec now = {};
	sigset_t one;

	if (sig != SIGTTIN && sig != SIGTTOU)
		sig = SIGTSTP;
	sigaction(sig, &standard, NULL);
	sigemptyset(&one);
	sigaddset(&one, sig);
	raise(sig);
	if (has_changed(pid)) {
		sigtimedwait(&one, NULL, &now);
		return;
	}
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
}

static void child_look(struct child *child)
{
	int status;

	while (waitpid(child->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) == child->pid) {
		if (WIFCONTINUED(status)) {
			child->continued = true;
		} else if (WIFSTOPPED(status)) {
			child->continued = false;
			stop_likewise(child->pid, WSTOPSIG(status));
		} else {
			child->status = status;
			child->ended = true;
			return;
		}
	}
}

static bool has_it_already(const struct child *child, const siginfo_t *info)
{
	/* from the kernel: the terminal sends to the whole process group */
	if (info->si_code > 0)
		return getpgid(child->pid) == getpgrp();
	/* its own, sent to the group or to its parent */
	if (info->si_pid == child->pid)
		return true;
	/* a shell's fg sends to the whole process group */
	return info->si_signo == SIGCONT && child->continued;
}

static void child_signal(const struct child *child, const siginfo_t *info)
{
	if (info->si_code == SI_QUEUE)
		sigqueue(child->pid, info->si_signo, info->si_value);
	else
		kill(child->pid, info->si_signo);
}

/*
 * The terminal's interrupt has ended the child. A process that waits for this one has
 * got it as well, and learns from how this ends whether it was handled.
 */
static void end_by_interrupt(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t one;

	sigaction(SIGINT, &standard, NULL);
	sigemptyset(&one);
	sigaddset(&one, SIGINT);
	raise(SIGINT);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

static bool is_interrupt(const siginfo_t *info)
{
	return info->si_signo == SIGINT && info->si_code > 0;
}

/* One that came together with the end of the child is still there. */
static bool interrupt_is_pending(void)
{
	const struct timespec now = {};
	siginfo_t info;
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, SIGINT);
	return sigtimedwait(&one, &info, &now) == SIGINT && is_interrupt(&info);
}

static int child_follow(struct child *child)
{
	bool interrupted = false;
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	for (child_look(child); !child->ended; child_look(child)) {
		if (sigwaitinfo(&all, &info) < 0 || info.si_signo == SIGCHLD)
			continue;
		interrupted |= is_interrupt(&info);
		child_look(child);
		if (child->ended)
			break;
		if (!has_it_already(child, &info))
			child_signal(child, &info);
		if (info.si_signo == SIGCONT)
			child->continued = false;
	}
	if (WIFEXITED(child->status))
		return WEXITSTATUS(child->status);
	if (WTERMSIG(child->status) == SIGINT && (interrupted || interrupt_is_pending()))
		end_by_interrupt();
	return SIGNAL_BASE + WTERMSIG(child->status);
}

static int run(const struct device *device, struct registration *what, char **command)
{
	struct inherited saved;
	struct child child = {};
	int gate[2];

	if (pipe2(gate, O_CLOEXEC)) {
		message("pipe: %s", strerror(errno));
		return REFUSED;
	}
	block_signals(&saved);
	child.pid = fork();
	if (child.pid < 0) {
		message("fork: %s", strerror(errno));
		return REFUSED;
	}
	if (!child.pid) {
		close(gate[1]);
		child_main(gate[0], &saved, command);
	}
	close(gate[0]);
	what->pid = child.pid;
	if (!registration_explained(device, what)) {
		close(gate[1]);
		waitpid(child.pid, NULL, 0);
		return REFUSED;
	}
	command_tell_start(what);
	/* it would hold the module, also when the containers were released */
	close(device->fd);
	/* if this fails the child was killed, and its status says so */
	(void)!write(gate[1], "", 1);
	close(gate[1]);
	return child_follow(&child);
}

static const struct command_option options[] = {
	{ .name = "join",
	  .letter = 'j',
	  .help = "in the live container CONTID; else the container is new" },
	{ .name = "label",
	  .letter = 'l',
	  .argument = "TEXT",
	  .help = "what people call the new container, in at most 255 bytes" },
	{},
};

static int run_main(const struct command *self, int argc, char **argv)
{
	struct registration what = {};
	struct device device;
	int status, before, head = 1;
	char **command;

	/* what stands behind the first -- is not ours to read */
	while (head < argc && strcmp(argv[head], "--"))
		head++;
	command = argv + head + 1;
	before = head;
	status = command_options(self, &before, &argv, command_registration_option, &what);
	if (status != GO_ON)
		return status;
	if (head >= argc - 1)
		return command_usage(self, head == argc ? "-- and a command are missing" :
							  "a command is missing after --");
	if (before > 1)
		return command_usage(self, "too many arguments before --");
	status = command_contid(&what, self, before ? argv[0] : NULL);
	if (status != GO_ON)
		return status;
	status = command_label(&what, self);
	if (status != GO_ON)
		return status;

	if (!command_device_open(&device, &what))
		return REFUSED;
	return run(&device, &what, command);
}

const struct command run_command = {
	.name = "run",
	.summary = "start a command as a container",
	.options = options,
	.arguments = "[CONTID] -- COMMAND [ARGUMENT]...",
	.most = INT_MAX, /* it looks for -- first */
	.help = "Run COMMAND in a container, CONTID or a random UUID. It is registered\n"
		"before it is executed.\n",
	.more = "COMMAND has contidctl's standard input and process group. A signal that a\n"
		"process sends to contidctl is passed on to it; those of the terminal reach it\n"
		"directly. If it stops, so does contidctl. If contidctl is killed, it goes on,\n"
		"in its container.\n"
		"\n"
		"Exit code: that of COMMAND, 128+N if signal N ended it, 127 if it is\n"
		"not found, 126 if it cannot be executed; 1 or 2 if contidctl did not\n"
		"run it.\n",
	.main = run_main,
};
