/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/ns/ns_common_types.h>
