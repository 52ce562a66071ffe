// SPDX-License-Identifier: GPL-2.0
/*
 * enter [-a] [-c CGROUP] [-n COUNT] PID PROGRAM [ARGUMENT...]: COUNT processes,
 * one after the other, each of which enters PID's mount namespace (-a: all its
 * namespaces, at once) and executes PROGRAM; before that it moves into CGROUP,
 * as an engine does. Ends with 1 if one of them failed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct {
	const char *name;
	int flag;
} kinds[] = {
	{ "mnt", CLONE_NEWNS },	   { "user", CLONE_NEWUSER },	  { "pid", CLONE_NEWPID },
	{ "net", CLONE_NEWNET },   { "uts", CLONE_NEWUTS },	  { "ipc", CLONE_NEWIPC },
	{ "time", CLONE_NEWTIME }, { "cgroup", CLONE_NEWCGROUP },
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static ino_t number(const char *process, const char *name)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, name);
	if (stat(path, &st))
		fail(path);
	return st.st_ino;
}

/* One that both are in already cannot always be entered: the user namespace. */
static int others(const char *process)
{
	int flags = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (number(process, kinds[i].name) != number("self", kinds[i].name))
			flags |= kinds[i].flag;
	}
	return flags;
}

static void one_shot(int namespaces, int flags, int cgroup, char **command)
{
	if (cgroup >= 0 && write(cgroup, "0", 1) != 1)
		fail("cgroup.procs");
	if (setns(namespaces, flags))
		fail("setns");
	execv(command[0], command);
	fail(command[0]);
}

int main(int argc, char **argv)
{
	int count = 1, cgroup = -1, flags = CLONE_NEWNS, namespaces, status, option;
	char *directory = NULL, path[4096];

	while ((option = getopt(argc, argv, "+ac:n:")) != -1) {
		switch (option) {
		case 'a':
			flags = 0;
			break;
		case 'c':
			directory = optarg;
			break;
		case 'n':
			count = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2)
		return 2;
	namespaces = syscall(SYS_pidfd_open, atoi(argv[optind]), 0);
	if (namespaces < 0)
		fail("pidfd_open");
	if (!flags)
		flags = others(argv[optind]);
	if (directory) {
		snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
		cgroup = open(path, O_WRONLY | O_CLOEXEC);
		if (cgroup < 0)
			fail(path);
	}
	while (count--) {
		pid_t child = fork();

		if (!child)
			one_shot(namespaces, flags, cgroup, argv + optind + 1);
		if (child < 0 || waitpid(child, &status, 0) < 0)
			fail("fork");
		if (status)
			return 1;
	}
	return 0;
}
