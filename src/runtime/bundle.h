/* SPDX-License-Identifier: GPL-2.0 */
/* A bundle: the directory with a container's configuration. */
#ifndef RUNTIME_BUNDLE_H
#define RUNTIME_BUNDLE_H

extern const char bundle_too_large[];
extern const char bundle_no_memory[];

const char *bundle_add_hook(const char *config, const char *program);

#endif
