/* SPDX-License-Identifier: GPL-2.0 */
/* Registering what the runtime describes, and what the site wants if that fails. */
#ifndef NRI_REGISTRAR_H
#define NRI_REGISTRAR_H

#include "described.h"

/**
 * struct registrar - what all registrations have in common
 * @config: the configuration file of the hook
 * @engine: the runtime's name, as it has given it; allocated
 */
struct registrar {
	const char *config;
	char *engine;
};

bool registrar_start(const struct registrar *registrar, const struct pod *pod,
		     const struct container *container);
void registrar_find(const struct registrar *registrar, const struct pod *pod,
		    const struct container *container);

#endif
