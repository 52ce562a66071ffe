// SPDX-License-Identifier: GPL-2.0
/* The state that a runtime hands to the OCI hook. */
#define _GNU_SOURCE /* memfd_create */
#include <linux/audit_contid.h>

#include "escape.h"
#include "harness.h"
#include "oci_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state state;
	char quoted[64];
	const char *wrong = state_read(&state, input_file(data, size));

	if (!wrong) {
		must(state.id && *state.id);
		must(state.pid > 0);
	}
	must(!wrong || is_tame(wrong, strlen(wrong)));
	if (state.id) {
		escape(state.id, quoted, sizeof(quoted));
		must(strlen(quoted) < sizeof(quoted));
		must(is_tame(quoted, strlen(quoted)));
		must(!strchr(quoted, '"'));
	}
	for (int i = 0; i < NAMING_PARTS; i++) {
		const char *part = state.naming.part[i];

		must(!part || (*part && strlen(part) <= AUDIT_CONTID_LABEL_MAX && !wrong));
	}
	naming_free(&state.naming);
	free(state.id);
	return 0;
}
