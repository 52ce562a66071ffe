// SPDX-License-Identifier: GPL-2.0
/*
 * overseer SECONDS CGROUP=CONTID|-...: go over /proc again and again, and compare
 * what each process carries with the cgroup that it is in: two kinds of descent
 * that know nothing of each other. Processes in other cgroups are passed over.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <time.h>

#include "oracle.h"

static unsigned long seen, gone, wrong;
static int device;

/* The line of cgroup v2, without its newline; false if the process is gone. */
static bool cgroup_of(pid_t pid, char *line, int size)
{
	char path[64];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	file = fopen(path, "re");
	while (file && !found && fgets(line, size, file))
		found = !strncmp(line, "0::/", 4);
	if (file)
		fclose(file);
	line[found ? strcspn(line, "\n") : 0] = 0;
	return found;
}

static void look_at(pid_t pid, char **rules)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PIDFD };
	struct expected expected;
	char line[256];
	int err, tries;

	get.target = syscall(SYS_pidfd_open, pid, 0);
	if (get.target < 0 || !cgroup_of(pid, line, sizeof(line)))
		goto out;
	for (; *rules; rules++) {
		size_t length = strcspn(*rules, "=");

		if (strlen(line + 4) == length && !strncmp(line + 4, *rules, length))
			break;
	}
	if (!*rules)
		goto out;
	expected = expected_of(strchr(*rules, '=') + 1);
	/* a child that has never run has not inherited: give it the time to */
	for (tries = 0; tries < 200; tries++) {
		get = (struct audit_contid_get){ .flags = get.flags, .target = get.target };
		err = ioctl(device, AUDIT_CONTID_IOC_GET, &get) ? errno : 0;
		if (err || carries(&get, &expected))
			break;
		usleep(5000);
	}
	/* it lives still, so all this time the number was its own */
	if (err == ESRCH || syscall(SYS_pidfd_send_signal, get.target, 0, NULL, 0)) {
		gone++;
		goto out;
	}
	seen++;
	if (err || !carries(&get, &expected)) {
		wrong++;
		fprintf(stderr, "wrong: pid %d in %s: errno %d, depth %u, first byte %02x\n", pid,
			line, err, get.depth, get.contid[0].b[0]);
	}
out:
	if (get.target >= 0)
		close(get.target);
}

int main(int argc, char **argv)
{
	time_t end;

	if (argc < 3)
		return 2;
	device = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0)
		fail(AUDIT_CONTID_DEVICE);
	for (end = time(NULL) + atoi(argv[1]); time(NULL) < end;) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while (proc && (entry = readdir(proc))) {
			if (isdigit(*entry->d_name))
				look_at(atoi(entry->d_name), argv + 2);
		}
		if (proc)
			closedir(proc);
	}
	printf("seen %lu gone %lu wrong %lu\n", seen, gone, wrong);
	return wrong > 0;
}
