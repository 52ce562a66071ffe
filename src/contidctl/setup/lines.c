// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration files are looked through by words, and not parsed: what is found makes
 * contidctl setup leave an engine alone and say so, and changes nothing by itself.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

/* Return: false if it cannot be read, which is as good as nothing in it. */
static bool read_any(const char *path, struct bytes *file)
{
	char *name = below(path);
	FILE *stream = fopen(name, "re");
	size_t room = 0;
	ssize_t length = -1;

	free(name);
	*file = (struct bytes){};
	if (!stream)
		return false;
	length = getdelim(&file->text, &room, '\0', stream);
	fclose(stream);
	if (length < 0) {
		bytes_free(file);
		return false;
	}
	file->there = true;
	file->length = length;
	return true;
}

/**
 * struct search - what a line has to be
 * @word: it has this word
 * @is_such: and this says so; NULL if the word is enough
 */
struct search {
	const char *word;
	bool (*is_such)(const char *text);
};

static bool find_in_file(const char *path, const struct search *search, struct line *line)
{
	if (!read_any(path, &line->file))
		return false;
	for (char *at = line->file.text; *at; at += strcspn(at, "\n")) {
		int length;

		at += strspn(at, " \t\r\n");
		length = strcspn(at, "\n");
		if (*at == '#' || *at == ';' ||
		    !memmem(at, length, search->word, strlen(search->word)))
			continue;
		if (asprintf(&line->text, "%.*s", length, at) < 0)
			abort();
		if (!search->is_such || search->is_such(line->text)) {
			line->path = strdup(path);
			return true;
		}
		free(line->text);
		line->text = NULL;
	}
	bytes_free(&line->file);
	return false;
}

static bool find_in_directory(const char *path, DIR *directory, const struct search *search,
			      struct line *line)
{
	struct dirent *entry;
	bool found = false;
	char *name;

	while (!found && (entry = readdir(directory))) {
		if (*entry->d_name == '.' || !strncmp(entry->d_name, "audit-contid.", 13))
			continue;
		if (asprintf(&name, "%s/%s", path, entry->d_name) < 0)
			abort();
		found = find_in_file(name, search, line);
		free(name);
	}
	return found;
}

/**
 * lines_find_such - find the first line of some kind that is no comment
 * @path: a file, or a directory of files, of which our own are passed over
 * @word: a word that it has
 * @is_such: says of a line that has it if it is meant; NULL if each is
 * @line: out: to be freed if there is one
 *
 * Return: false if there is none.
 */
bool lines_find_such(const char *path, const char *word, bool (*is_such)(const char *text),
		     struct line *line)
{
	const struct search search = { word, is_such };
	char *name = below(path);
	DIR *directory = opendir(name);
	bool found;

	free(name);
	*line = (struct line){};
	if (!directory)
		return find_in_file(path, &search, line);
	found = find_in_directory(path, directory, &search, line);
	closedir(directory);
	return found;
}

/** lines_find - find the first line with a word that is no comment */
bool lines_find(const char *path, const char *word, struct line *line)
{
	return lines_find_such(path, word, NULL, line);
}

/** line_free - forget a line */
void line_free(struct line *line)
{
	free(line->path);
	free(line->text);
	bytes_free(&line->file);
	*line = (struct line){};
}
