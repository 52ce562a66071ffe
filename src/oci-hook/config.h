/* SPDX-License-Identifier: GPL-2.0 */
/* What the site wants to happen where a container can not be registered. */
#ifndef OCI_HOOK_CONFIG_H
#define OCI_HOOK_CONFIG_H

#include <stdbool.h>

/**
 * enum situation - why it can not, or that it was
 * @MISSING: the module is not loaded
 * @REFUSED: it is, and refuses; or nobody knows what to register
 * @ROOTLESS: who runs the engine may not register anything
 * @REGISTERED: none of these; so many situations there are to decide on
 */
enum situation { MISSING, REFUSED, ROOTLESS, REGISTERED };

#define SITUATIONS REGISTERED

/**
 * struct config - the configuration file
 * @path: its name
 * @refuse: is the container refused?
 */
struct config {
	const char *path;
	bool refuse[SITUATIONS];
};

void config_read(struct config *config, const char *path);
const char *config_key(enum situation situation);
const char *config_value(const struct config *config, enum situation situation);

#endif
