// SPDX-License-Identifier: GPL-2.0
/*
 * audit-contid-nri: a plugin of NRI, with containerd and CRI-O. It registers each container
 * of Kubernetes when its first process is there and has not executed anything, and what runs
 * already when it connects. If the runtime is away it waits for it.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>

#include "journal.h"
#include "message.h"
#include "plugin.h"

#define SOCKET "/var/run/nri/nri.sock"

const char message_program[] = "audit-contid-nri";

bool journal_on_stderr = true;

static const char help[] =
	"Usage: audit-contid-nri [--socket PATH] [--config FILE] [--once]\n"
	"Register each container of containerd or CRI-O with the kernel module audit_contid,\n"
	"as a plugin of NRI, the runtime's interface for that. If the runtime is away it is\n"
	"waited for.\n"
	"\n"
	"      --socket PATH  instead of " SOCKET "\n"
	"      --config FILE  instead of " CONFIG "\n"
	"      --once         end when the runtime hangs up\n"
	"  -h, --help         this text\n"
	"  -V, --version      the version\n"
	"\n"
	"The journal has a line for each failure; the configuration file, that of\n"
	"audit-contid-oci-hook, says which of them stop a container.\n";

static const struct option options[] = {
	{ "socket", required_argument, NULL, 's' }, { "config", required_argument, NULL, 'c' },
	{ "once", no_argument, NULL, 'o' },	    { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },	    {},
};

/* The same reason is said once, however often it is tried. */
static void tell(const char *path, const char *why)
{
	static char last[256];

	if (!strncmp(last, why, sizeof(last) - 1))
		return;
	snprintf(last, sizeof(last), "%s", why);
	journal(LOG_WARNING, "the runtime at %s: %s; it is waited for", path, why);
}

static void pause_a_second(void)
{
	const struct timespec second = { .tv_sec = 1 };

	nanosleep(&second, NULL);
}

static int serve(const char *path, struct registrar *registrar, bool once)
{
	struct link link;
	const char *wrong;

	do {
		wrong = link_open(&link, path);
		if (!wrong)
			wrong = plugin_run(&link, registrar);
		link_close(&link);
		tell(path, wrong);
		/* messages to audit that were not waited for */
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (!once)
			pause_a_second();
	} while (!once);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct registrar registrar = { .config = CONFIG };
	const char *path = SOCKET;
	bool once = false;
	int c;

	while ((c = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		switch (c) {
		case 's':
			path = optarg;
			break;
		case 'c':
			registrar.config = optarg;
			break;
		case 'o':
			once = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("audit-contid-nri " VERSION);
			return EXIT_SUCCESS;
		default:
			fprintf(stderr, "Try 'audit-contid-nri --help'.\n");
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: it takes options alone: see --help\n", message_program);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	return serve(path, &registrar, once);
}
