// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "counters.h"

/**
 * counters_read - read the module's counters and its probes
 * @fd: the open device
 * @stats: out; its count is that of the probes
 *
 * Return: the probes, which the caller frees; or NULL, with errno.
 */
struct audit_contid_probe *counters_read(int fd, struct audit_contid_stats *stats)
{
	struct audit_contid_probe *probes = NULL, *more;
	uint32_t room = 16;

	do {
		more = realloc(probes, room * sizeof(*probes));
		if (!more)
			break;
		probes = more;
		*stats = (struct audit_contid_stats){
			.buffer = (uintptr_t)probes,
			.count = room,
		};
		if (ioctl(fd, AUDIT_CONTID_IOC_STATS, stats))
			break;
		if (stats->count <= room)
			return probes;
		room = stats->count;
	} while (1);
	free(probes);
	return NULL;
}
