// SPDX-License-Identifier: GPL-2.0
/*
 * machined is asked by way of libsystemd, whose file format is its own affair. The
 * library is loaded when it is needed: a machine without systemd has no machined.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define LIBRARY "libsystemd.so.0"

typedef int get_class_fn(const char *machine, char **class);

static get_class_fn *get_class_load(void)
{
	static get_class_fn *get_class;
	static bool tried;
	void *library;

	if (!tried) {
		tried = true;
		library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
		if (library)
			get_class = (get_class_fn *)dlsym(library, "sd_machine_get_class");
	}
	return get_class;
}

/* libvirt registers its LXC containers as lxc-NUMBER-NAME, and another NUMBER each time. */
static bool is_of_libvirt(const char *name)
{
	static const char prefix[] = "lxc-";
	size_t digits;

	if (strncmp(name, prefix, strlen(prefix)))
		return false;
	digits = strspn(name + strlen(prefix), "0123456789");
	return digits && name[strlen(prefix) + digits] == '-';
}

/**
 * machine_is_nspawn - is a machine a container, and no virtual machine?
 * @name: the machine's
 *
 * machined keeps both in scopes called machine-NAME. Only root can register one.
 */
bool machine_is_nspawn(const char *name)
{
	get_class_fn *get_class = get_class_load();
	char *class = NULL;
	bool is;

	if (!get_class || is_of_libvirt(name) || get_class(name, &class) < 0)
		return false;
	is = !strcmp(class, "container");
	free(class);
	return is;
}
