// SPDX-License-Identifier: GPL-2.0
/* Apart from the rest: made anew if it is built for another place. */
#include "installed.h"

const char installed_runtime[] = LIBEXECDIR "/" RUNTIME_NAME;
const char installed_nri[] = LIBEXECDIR "/" NRI_NAME;
const char installed_hook[] = LIBEXECDIR "/" HOOK_NAME;

/* the directory in which the runtime's name is runc */
const char installed_names[] = LIBEXECDIR "/bin";
const char installed_runc[] = LIBEXECDIR "/bin/runc";

/* audit rules by purpose */
const char installed_rules[] = RULESDIR;
