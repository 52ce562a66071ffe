/* SPDX-License-Identifier: GPL-2.0 */
/* Words in the configuration files of engines and units. */
#ifndef SETUP_LINES_H
#define SETUP_LINES_H

#include <stdbool.h>

#include "below.h"

/**
 * struct line - a line that has a word
 * @path: of the file
 * @text: the line, without blanks in front
 * @file: all of the file
 */
struct line {
	char *path;
	char *text;
	struct bytes file;
};

bool lines_find(const char *path, const char *word, struct line *line);
bool lines_find_such(const char *path, const char *word, bool (*is_such)(const char *text),
		     struct line *line);
void line_free(struct line *line);

#endif
