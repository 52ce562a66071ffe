/* SPDX-License-Identifier: GPL-2.0 */
/* The images of containers, as the engines of this machine keep them. */
#ifndef CONTIDCTL_IMAGES_H
#define CONTIDCTL_IMAGES_H

/**
 * struct images - a tree of what the engines keep
 * @root: for tsearch(3)
 */
struct images {
	void *root;
};

void images_read(struct images *images);
const char *images_find(const struct images *images, const char *contid);
void images_free(struct images *images);

#endif
