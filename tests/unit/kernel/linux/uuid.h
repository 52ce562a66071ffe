/* SPDX-License-Identifier: GPL-2.0 */
#define UUID_STRING_LEN 36
