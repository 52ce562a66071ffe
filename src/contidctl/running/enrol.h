/* SPDX-License-Identifier: GPL-2.0 */
/* Registering or joining a process that was seen a moment ago. */
#ifndef CONTIDCTL_ENROL_H
#define CONTIDCTL_ENROL_H

#include "proc.h"
#include "registration.h"

/**
 * struct belongs - whether a process still belongs into the container
 * @ask: gets the process as it is now
 * @data: for it
 */
struct belongs {
	bool (*ask)(void *data, struct proc *now);
	void *data;
};

int enrol(const struct device *device, struct registration *what, unsigned long long start,
	  const struct belongs *belongs);
bool enrol_may_pass(int err);

#endif
