/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration file of lines "key = value". */
#ifndef COMMON_SETTINGS_H
#define COMMON_SETTINGS_H

#include <stdbool.h>

/**
 * typedef settings_set - take one line of the file
 * @to: what gets it
 * @key: the word before the =
 * @value: the text behind it, without comment, blanks at its ends and quotes
 *
 * Return: NULL, or what is wrong with the line.
 */
typedef const char *settings_set(void *to, const char *key, const char *value);

void settings_read(const char *path, settings_set *set, void *to, bool tell);

#endif
