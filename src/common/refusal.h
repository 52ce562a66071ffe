/* SPDX-License-Identifier: GPL-2.0 */
/* What an errno of the module's means, and what can be done about it. */
#ifndef COMMON_REFUSAL_H
#define COMMON_REFUSAL_H

#include "registration.h"

#define REFUSAL_TEXT 1024

void refusal_format(const struct device *device, const struct registration *what, int err,
		    char text[REFUSAL_TEXT]);
bool registration_explained(const struct device *device, struct registration *what);

#endif
