// SPDX-License-Identifier: GPL-2.0
/* contidctl get */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "command.h"
#include "contid.h"
#include "message.h"
#include "registration.h"

static void explain(pid_t pid)
{
	const char *text = strerror(errno);

	switch (errno) {
	case EPERM:
		message("%s: CAP_AUDIT_CONTROL in the initial user namespace is needed", text);
		break;
	case ESRCH:
		message("%s: process %d does not exist in this PID namespace, or has ended", text,
			pid);
		break;
	case EINVAL:
		message("%s: process %d is a kernel thread, which can not be in a container", text,
			pid);
		break;
	case EXDEV:
		message("%s: process %d is outside of contidctl's own container", text, pid);
		break;
	default:
		message("%s", text);
	}
}

static int get_main(const struct command *self, int argc, char **argv)
{
	struct audit_contid_get arg = { .flags = AUDIT_CONTID_PID };
	struct device device;
	char text[CONTID_TEXT];
	pid_t pid;
	int status;

	status = command_flags(self, argc, argv, &(const struct flag){});
	if (status >= 0)
		return status;
	argc -= optind;
	argv += optind;
	if (argc != 1)
		return command_usage(self, argc ? "too many arguments" : "which process?");
	if (!pid_parse(argv[0], &pid))
		return command_usage(self, "'%s' is not a process number", argv[0]);

	if (!device_open(&device))
		return REFUSED;
	arg.target = pid;
	if (ioctl(device.fd, AUDIT_CONTID_IOC_GET, &arg)) {
		explain(pid);
		return REFUSED;
	}
	for (unsigned int i = 0; i < arg.depth && i < AUDIT_CONTID_DEPTH_MAX; i++) {
		contid_format(&arg.contid[i], text);
		printf("%s%s", i ? ",^" : "", text);
	}
	puts(arg.depth ? "" : "-1");
	return arg.depth ? DONE : REFUSED;
}

const struct command get_command = {
	.name = "get",
	.help = "get PID\n"
		"Print the container ID of process PID, nearest first, with those that\n"
		"enclose it marked by ^: B,^A. Where it carries none print -1 and end\n"
		"with exit code 1.\n"
		"\n"
		"  -h, --help  this text\n",
	.main = get_main,
};
