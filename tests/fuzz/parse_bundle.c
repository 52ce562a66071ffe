// SPDX-License-Identifier: GPL-2.0
/* A container's configuration, to which the stand-in for runc adds a hook. */
#define _GNU_SOURCE
#include "exact.h"
#include "harness.h"
#include "hooks.h"

#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *config, *again;
	char *text = malloc(size ?: 1), *out;
	const char *wrong;
	bool added;

	/* of just its length, and without a NUL behind it */
	memcpy(text, data, size);
	wrong = exact_parse(text, size, &config);
	free(text);
	must(!wrong == !!config);
	if (wrong) {
		must(is_tame(wrong, strlen(wrong)));
		return 0;
	}
	/* what is printed is read as the same, and printed as the same */
	out = strdup(json_object_to_json_string_ext(config, PLAIN));
	must(!exact_parse(out, strlen(out), &again));
	must(json_object_equal(config, again));
	must(!strcmp(out, json_object_to_json_string_ext(again, PLAIN)));
	free(out);
	wrong = hooks_add(config, "/" HOOK_NAME, &added);
	if (!wrong)
		must(!hooks_add(config, "/" HOOK_NAME, &added) && !added);
	json_object_put(again);
	json_object_put(config);
	return 0;
}
