/* SPDX-License-Identifier: GPL-2.0 */
/* What the site wants to happen if a container cannot be registered, and what of an exec. */
#ifndef COMMON_CONFIG_H
#define COMMON_CONFIG_H

#include <stdbool.h>

/**
 * enum situation - why it cannot, or that it was
 * @MISSING: the module is not loaded
 * @REFUSED: it is, and refuses; or it is unknown what to register
 * @ROOTLESS: the engine's user may not register anything
 * @REGISTERED: none of these; so many situations there are to decide on
 */
enum situation { MISSING, REFUSED, ROOTLESS, REGISTERED };

#define SITUATIONS REGISTERED

/**
 * struct config - the configuration file
 * @path: its name
 * @space: the container's namespace in Kubernetes, or NULL
 * @refuse: is the container refused?
 * @excepted: the file has an exception for @space
 * @exception: is it refused by that?
 */
struct config {
	const char *path;
	const char *space;
	bool refuse[SITUATIONS];
	bool excepted[SITUATIONS];
	bool exception[SITUATIONS];
};

#define CONFIG_TEXT 160

#define CONFIG_VARIABLE 64 /* its name, and a NUL */

/* that of the Security Profiles Operator for Kubernetes */
#define CONFIG_DEFAULT_VARIABLE "SPO_EXEC_REQUEST_UID"

void config_read(struct config *config, const char *path, const char *space);
void config_format(const struct config *config, enum situation situation, char text[CONFIG_TEXT]);
void config_request_variable(const char *path, char name[CONFIG_VARIABLE]);

#endif
