/* SPDX-License-Identifier: GPL-2.0 */
/* No namespace has its count in here. */
struct ns_common {
	unsigned int inum;
};
