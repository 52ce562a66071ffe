// SPDX-License-Identifier: GPL-2.0
/*
 * audit-contid-oci-hook: registers a container's first process with audit_contid.
 *
 * An OCI runtime calls it at createRuntime, when that process is there and has not
 * executed anything of the container yet, and starts no container whose hook ends
 * with anything but 0. So whatever goes wrong here is a decision, which the site
 * makes in the configuration file. At poststop it has audit record the end.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "config.h"
#include "device.h"
#include "engine.h"
#include "escape.h"
#include "journal.h"
#include "lxc_state.h"
#include "message.h"
#include "oci_state.h"
#include "refusal.h"
#include "told.h"
#include "uuid5.h"
#include "virt_control.h"

const char message_program[] = "audit-contid-oci-hook";

bool journal_on_stderr = true;

#define STARTS	       0
#define DOES_NOT_START 1

/* what is quoted of a container's name */
#define NAME_SHOWN 160

/**
 * struct arguments - the command line
 * @runtime: whose names the containers have
 * @config: the configuration file
 * @lxc: LXC calls it, and adds arguments of its own
 * @wrong: they make no sense
 */
struct arguments {
	const char *runtime;
	const char *config;
	bool lxc;
	bool wrong;
};

static const struct option options[] = {
	{ "runtime", required_argument, NULL, 'r' }, { "config", required_argument, NULL, 'c' },
	{ "lxc", no_argument, NULL, 'l' },	     { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },	     {},
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
	"      --lxc           called by lxc.hook.start-host: the state is in LXC_NAME and\n"
	"                      LXC_PID, and NAME is lxc\n"
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
		case 'l':
			arguments->lxc = true;
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
	if (!arguments->runtime)
		arguments->runtime = arguments->lxc ? "lxc" : "oci";
	if ((optind < argc && !arguments->lxc) || !*arguments->runtime ||
	    strchr(arguments->runtime, ':'))
		arguments->wrong = true;
	return true;
}

/* Where it is not registered a message has told why. */
static enum situation register_container(const struct arguments *arguments,
					 const struct state *state, const char *wrong)
{
	struct registration what = {
		.pid = state->pid,
		.label = state->naming.part[NAMING_LABEL],
		.start = true,
	};
	struct device device;

	if (!engine_may_register()) {
		message("a registration " DEVICE_NEEDS ": only a rootful engine's containers "
			"can be registered (%s)",
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
		if (arguments->lxc)
			message("%s: --lxc is for lxc.hook.start-host", wrong);
		else
			message("the container's state, which the runtime sends to the hook's "
				"standard input, cannot be used: %s: the hook is for OCI runtimes, "
				"at createRuntime",
				wrong);
		return REFUSED;
	}
	if (contid_of_container(arguments->runtime, state->id, &what.contid)) {
		message("%s", strerror(ENOMEM));
		return REFUSED;
	}
	if (registration_explained(&device, &what)) {
		virt_control_start(&what.contid, what.pid, &state->naming, "registered");
		return REGISTERED;
	}
	/* if the hook is installed twice, the first has done it */
	if (errno != EEXIST || !registration_is_done(&device, &what))
		return REFUSED;
	message("it has this container's ID already: is there a second such hook?");
	return REGISTERED;
}

/* Nothing can be refused any more: at poststop the container has ended. */
static void tell_stop(const struct arguments *arguments, const struct state *state)
{
	struct audit_contid contid;

	/* what was not registered has not begun either */
	if (!arguments->wrong && !access(AUDIT_CONTID_DEVICE, F_OK) && engine_may_register() &&
	    !contid_of_container(arguments->runtime, state->id, &contid))
		virt_control_stop(&contid, &state->naming);
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .config = CONFIG };
	char name[NAME_SHOWN] = "?", rule[CONFIG_TEXT];
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
	wrong = arguments.lxc ? lxc_state_read(&state) : state_read(&state, STDIN_FILENO);
	config_read(&config, arguments.config, state.naming.part[NAMING_SPACE]);
	if (state.id)
		escape(state.id, name, sizeof(name));

	if (!wrong && state.stopped) {
		tell_stop(&arguments, &state);
		return STARTS;
	}
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
	config_format(&config, situation, rule);
	journal(priority, "container \"%s\": %s; it %s (%s, see %s)", name, told,
		refuse ? "does not start" : "starts without a container ID of its own", rule,
		config.path);
	return refuse ? DOES_NOT_START : STARTS;
}
