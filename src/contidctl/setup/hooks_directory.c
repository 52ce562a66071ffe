// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "hooks_directory.h"
#include "installed.h"
#include "lines.h"

#define DIRECTORY "/usr/share/containers/oci/hooks.d"

/* As src/oci-hook/audit-contid.json.in: `make install-hook` is to find its own file. */
static const char description[] = "{\n"
				  "\t\"version\": \"1.0.0\",\n"
				  "\t\"hook\": {\n"
				  "\t\t\"path\": \"%s\",\n"
				  "\t\t\"args\": [\"" HOOK_NAME "\"],\n"
				  "\t\t\"timeout\": 30\n"
				  "\t},\n"
				  "\t\"when\": { \"always\": true },\n"
				  "\t\"stages\": [\"createRuntime\", \"poststop\"]\n"
				  "}\n";

/**
 * hooks_directory_plan - have an engine find the description of our hook
 * @plan: its plan
 * @configurations: the engine's files and directories of files; ends with NULL
 */
void hooks_directory_plan(struct plan *plan, const char *const *configurations)
{
	plan_file(plan, DIRECTORY "/audit-contid.json", description, installed_hook);
	if (!plan_needs(plan, installed_hook))
		return;
	for (; *configurations; configurations++) {
		struct line line;

		if (!lines_find(*configurations, "hooks_dir", &line))
			continue;
		if (!strstr(line.file.text, "\"" DIRECTORY "\""))
			plan_wrong(plan,
				   "%s has hooks_dir without " DIRECTORY
				   ": add that directory, and type this again",
				   line.path);
		line_free(&line);
	}
}
