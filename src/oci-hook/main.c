// SPDX-License-Identifier: GPL-2.0
/*
 * audit-contid-oci-hook: registers a container's first process with audit_contid.
 *
 * An OCI runtime calls it at createRuntime, when that process is there and has not
 * executed anything of the container yet, and starts no container whose hook ends
 * with anything but 0. So whatever goes wrong here is a decision, which the site
 * makes in the configuration file.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <syslog.h>
#include <unistd.h>

#include "config.h"
#include "contid.h"
#include "device.h"
#include "engine.h"
#include "escape.h"
#include "journal.h"
#include "message.h"
#include "registration.h"
#include "state.h"
#include "told.h"
#include "uuid5.h"

#define RUNTIME_DIGITS 64
#define STARTS	       0
#define DOES_NOT_START 1

/* what is quoted of a container's name */
#define NAME_SHOWN 160

/**
 * struct arguments - the command line
 * @runtime: whose names the containers have
 * @config: the configuration file
 * @wrong: they make no sense
 */
struct arguments {
	const char *runtime;
	const char *config;
	bool wrong;
};

static const struct option options[] = {
	{ "runtime", required_argument, NULL, 'r' },
	{ "config", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

static const char help[] =
	"Usage: audit-contid-oci-hook [--runtime NAME] [--config FILE] <STATE\n"
	"Register a container's first process with the kernel module audit_contid, so\n"
	"that audit records say which container did it. An OCI runtime calls this at\n"
	"createRuntime, with the container's state as JSON on standard input.\n"
	"\n"
	"      --runtime NAME  a container whose ID is a name, and not 64 digits, gets\n"
	"                      its container ID from this and its name (default: oci)\n"
	"      --config FILE   instead of " CONFIG "\n"
	"  -h, --help          this text\n"
	"  -V, --version       the version\n"
	"\n"
	"Exit codes: 0 the container starts, 1 it does not. The journal has a line for\n"
	"each failure; the configuration file says which of them stop a container.\n";

/* Return: false where all that was asked for is answered. */
static bool arguments_read(struct arguments *arguments, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			arguments->runtime = optarg;
			break;
		case 'c':
			arguments->config = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return false;
		case 'V':
			puts("audit-contid-oci-hook " VERSION);
			return false;
		default:
			arguments->wrong = true;
		}
	}
	if (optind < argc || !*arguments->runtime || strchr(arguments->runtime, ':'))
		arguments->wrong = true;
	return true;
}

/* The same ID each time the container starts. */
static bool contid_of(const char *runtime, const char *id, struct audit_contid *contid)
{
	if (strlen(id) == RUNTIME_DIGITS && !contid_parse(id, contid))
		return true;
	if (!contid_of_name(runtime, id, contid))
		return true;
	message("%s", strerror(ENOMEM));
	return false;
}

/* Where the hook is installed twice, the first has done it. */
static bool is_registered(const struct device *device, const struct registration *what)
{
	struct audit_contid_get get = { .flags = AUDIT_CONTID_PID, .target = what->pid };

	return !ioctl(device->fd, AUDIT_CONTID_IOC_GET, &get) && get.depth &&
	       !memcmp(&get.contid[0], &what->contid, sizeof(what->contid));
}

/* Where it is not registered a message has told why. */
static enum situation register_container(const struct arguments *arguments,
					 const struct state *state, const char *wrong)
{
	struct registration what = { .pid = state->pid };
	struct device device;

	if (!engine_may_register()) {
		message("%s: a registration " DEVICE_NEEDS ": only what a rootful engine starts "
			"can be told apart",
			strerror(EPERM));
		return ROOTLESS;
	}
	if (!device_open(&device)) {
		switch (errno) {
		case ENOENT:
		case ENODEV:
		case ENXIO:
			return MISSING;
		case EPERM:
		case EACCES:
			message("this engine has it: a security module, or its unit's DevicePolicy=, "
				"may be in the way");
		}
		return REFUSED;
	}
	if (arguments->wrong) {
		message("the hook is called with wrong arguments: see its --help");
		return REFUSED;
	}
	if (wrong) {
		message("the container's state, which the runtime sends to the hook's standard "
			"input, can not be used: %s: the hook is for OCI runtimes, at createRuntime",
			wrong);
		return REFUSED;
	}
	if (!contid_of(arguments->runtime, state->id, &what.contid))
		return REFUSED;
	if (registration_do(&device, &what))
		return REGISTERED;
	if (errno != EEXIST || !is_registered(&device, &what))
		return REFUSED;
	message("it has this container's ID already: is there a second such hook?");
	return REGISTERED;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .runtime = "oci", .config = CONFIG };
	char name[NAME_SHOWN] = "?";
	enum situation situation;
	struct config config;
	struct state state;
	int priority = LOG_WARNING;
	const char *wrong;
	bool refuse;

	/* nobody may be there to read what is told */
	signal(SIGPIPE, SIG_IGN);
	if (!arguments_read(&arguments, argc, argv))
		return 0;
	config_read(&config, arguments.config);
	wrong = state_read(&state, STDIN_FILENO);
	if (state.id)
		escape(state.id, name, sizeof(name));

	situation = register_container(&arguments, &state, wrong);
	if (situation == REGISTERED) {
		if (*told)
			journal(priority, "container \"%s\": %s; it starts", name, told);
		return STARTS;
	}
	refuse = config.refuse[situation];
	if (refuse)
		priority = LOG_ERR;
	else if (situation == ROOTLESS)
		priority = LOG_NOTICE;
	journal(priority, "container \"%s\": %s; it %s (%s=%s, see %s)", name, told,
		refuse ? "does not start" : "starts without a container ID of its own",
		config_key(situation), config_value(&config, situation), config.path);
	return refuse ? DOES_NOT_START : STARTS;
}
