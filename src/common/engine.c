// SPDX-License-Identifier: GPL-2.0
#include <cap-ng.h>
#include <sys/stat.h>

#include "engine.h"

/* The number that each kernel gives the initial user namespace. */
#define INITIAL_USER_NS 0xeffffffd

/**
 * engine_may_register - may it register a process at all?
 *
 * One that an ordinary user runs may not, whatever else is right or wrong.
 *
 * Return: false if it has no CAP_AUDIT_CONTROL in the initial user namespace.
 */
bool engine_may_register(void)
{
	struct stat ns;

	if (!stat("/proc/self/ns/user", &ns) && ns.st_ino != INITIAL_USER_NS)
		return false;
	/* if it cannot be known the kernel is asked */
	return capng_get_caps_process() ||
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_CONTROL);
}
