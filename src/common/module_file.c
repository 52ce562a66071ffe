// SPDX-License-Identifier: GPL-2.0
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module_file.h"

/**
 * module_file_find - find the module as it is installed for a kernel
 * @release: of the kernel
 * @path: out, if it is found: anywhere under /lib/modules/RELEASE, compressed or not
 */
bool module_file_find(const char *release, char path[PATH_MAX])
{
	char directory[sizeof("/lib/modules/") + sizeof(((struct utsname *)0)->release)];
	char *const paths[] = { directory, NULL };
	bool found = false;
	FTSENT *entry;
	FTS *tree;

	snprintf(directory, sizeof(directory), "/lib/modules/%s", release);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	if (!tree)
		return false;
	while (!found && (entry = fts_read(tree))) {
		found = !strncmp(entry->fts_name, MODULE ".ko", strlen(MODULE ".ko"));
		if (found)
			snprintf(path, PATH_MAX, "%s", entry->fts_path);
	}
	fts_close(tree);
	return found;
}

static bool file_begins(const char *path, const char *with)
{
	char text[64] = "";
	FILE *file = fopen(path, "re");
	bool begins;

	if (!file)
		return false;
	begins = fgets(text, sizeof(text), file) && !strncmp(text, with, strlen(with));
	fclose(file);
	return begins;
}

/** module_file_needs_signature - does the kernel refuse what no key of its own has signed? */
bool module_file_needs_signature(void)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	return file_begins("/sys/module/module/parameters/sig_enforce", "Y") ||
	       (!access(lockdown, R_OK) && !file_begins(lockdown, "[none]"));
}

/** module_file_dkms_signs - has dkms a key to sign with? That of Debian 11 makes none */
bool module_file_dkms_signs(void)
{
	return !access(DKMS_KEY, F_OK);
}
