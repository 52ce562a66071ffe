// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon_json.h"
#include "exact.h"
#include "installed.h"

#define BLANK	 " \t\r\n"
#define RUNTIMES "runtimes"
#define DEFAULT	 "default-runtime"
#define INDENT	 4 /* in Docker's own examples */

static bool is_blank(const struct bytes *bytes)
{
	return !bytes->there || strspn(bytes->text, BLANK) == bytes->length;
}

/* How far the first line that begins with blanks is indented; 0 is a tab. */
static int indent_of(const struct bytes *bytes)
{
	const char *line = bytes->there ? bytes->text : "";

	for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		int blanks = strspn(line, " ");

		if (*line == '\t')
			return 0;
		if (blanks && !strchr(BLANK, line[blanks]))
			return blanks;
	}
	return INDENT;
}

/* json-c indents by two. No string in it has the end of a line. */
static char *printed(struct json_object *object, int indent)
{
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE | (indent ? 0 : JSON_C_TO_STRING_PRETTY_TAB);
	const char *line = json_object_to_json_string_ext(object, flags);
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	if (!out || !line)
		abort();
	while (*line) {
		int blanks = strspn(line, " "), end = strcspn(line, "\n");

		fprintf(out, "%*s%.*s\n", blanks / 2 * indent, "", end - blanks, line + blanks);
		line += end;
		line += *line == '\n';
	}
	if (fclose(out))
		abort();
	return text;
}

static void set_text(struct bytes *bytes, char *text)
{
	bytes->there = true;
	bytes->text = text;
	bytes->length = strlen(text);
}

/*
 * The smallest change: our lines before the last brace, if the site has neither of the
 * two members. Return: the text, or NULL if that would not be what @wanted is.
 */
static char *spliced(const struct bytes *from, struct json_object *wanted, int indent)
{
	const char *brace = from->there ? strrchr(from->text, '}') : NULL;
	struct json_object *check = NULL;
	int end = brace ? brace - from->text : 0;
	char *text, tab[] = "\t";

	while (end && strchr(BLANK, from->text[end - 1]))
		end--;
	if (!end)
		return NULL;
	if (asprintf(&text,
		     "%.*s%s\n%*s%s\"" RUNTIMES "\": { \"" RUNTIME_KEY "\": { \"path\": \"%s\" } },"
		     "\n%*s%s\"" DEFAULT "\": \"" RUNTIME_KEY "\"\n%s",
		     end, from->text, from->text[end - 1] == '{' ? "" : ",", indent, "",
		     indent ? "" : tab, installed_runtime, indent, "", indent ? "" : tab,
		     brace) < 0)
		abort();
	if (exact_parse(text, strlen(text), &check) || !json_object_equal(check, wanted)) {
		free(text);
		text = NULL;
	}
	json_object_put(check);
	return text;
}

static bool is_ours(struct json_object *runtime)
{
	struct json_object *path = NULL;
	const char *slash;

	if (!json_object_is_type(runtime, json_type_object) ||
	    !json_object_object_get_ex(runtime, "path", &path) ||
	    !json_object_is_type(path, json_type_string))
		return false;
	slash = strrchr(json_object_get_string(path), '/');
	return slash && !strcmp(slash + 1, RUNTIME_NAME);
}

static struct json_object *parse(const struct bytes *from, char **word)
{
	struct json_object *object;
	const char *wrong;

	if (is_blank(from))
		return json_object_new_object();
	wrong = exact_parse(from->text, from->length, &object);
	if (wrong)
		*word = strdup(wrong);
	return object;
}

static enum daemon_json add(struct json_object *object, char **word)
{
	struct json_object *runtimes = NULL, *chosen = NULL, *named = NULL, *path;

	json_object_object_get_ex(object, DEFAULT, &chosen);
	json_object_object_get_ex(object, RUNTIMES, &runtimes);
	if (runtimes && !json_object_is_type(runtimes, json_type_object)) {
		*word = strdup(RUNTIMES " is no object");
		return JSON_BAD;
	}
	if (chosen && strcmp(json_object_get_string(chosen), "runc") &&
	    strcmp(json_object_get_string(chosen), RUNTIME_KEY)) {
		*word = strdup(json_object_get_string(chosen));
		return JSON_TAKEN;
	}
	if (json_object_object_get_ex(runtimes, RUNTIME_KEY, &named) && !is_ours(named))
		return JSON_NAMED;
	if (!runtimes) {
		runtimes = json_object_new_object();
		json_object_object_add(object, RUNTIMES, runtimes);
	}
	if (!named) {
		named = json_object_new_object();
		json_object_object_add(runtimes, RUNTIME_KEY, named);
	}
	path = json_object_new_string(installed_runtime);
	json_object_object_add(named, "path", path);
	json_object_object_add(object, DEFAULT, json_object_new_string(RUNTIME_KEY));
	return JSON_DONE;
}

/**
 * daemon_json_with - make our runtime Docker's default
 * @from: what is in the file
 * @to: out: what is to be in it; to be freed
 * @word: out: what is wrong, or the runtime that was chosen; to be freed
 */
enum daemon_json daemon_json_with(const struct bytes *from, struct bytes *to, char **word)
{
	struct json_object *before, *object;
	int indent = indent_of(from);
	enum daemon_json result;
	char *text;

	*to = (struct bytes){};
	*word = NULL;
	before = parse(from, word);
	object = parse(from, word);
	if (!before || !object)
		return JSON_BAD;
	result = add(object, word);
	if (result == JSON_DONE && json_object_equal(before, object)) {
		set_text(to, strndup(from->text, from->length));
	} else if (result == JSON_DONE) {
		text = spliced(from, object, indent);
		set_text(to, text ?: printed(object, indent));
	}
	json_object_put(before);
	json_object_put(object);
	return result;
}

/**
 * daemon_json_without - take our runtime out
 * @from: what is in the file
 * @to: out: what is to be in it; to be freed
 *
 * Return: NULL, or what is wrong with the file.
 */
const char *daemon_json_without(const struct bytes *from, struct bytes *to)
{
	struct json_object *object, *runtimes = NULL, *named = NULL, *chosen = NULL;
	const char *wrong;
	bool had = false;

	*to = (struct bytes){};
	wrong = exact_parse(from->text, from->length, &object);
	if (wrong)
		return wrong;
	if (json_object_object_get_ex(object, RUNTIMES, &runtimes) &&
	    json_object_object_get_ex(runtimes, RUNTIME_KEY, &named) && is_ours(named)) {
		had = true;
		json_object_object_del(runtimes, RUNTIME_KEY);
		if (!json_object_object_length(runtimes))
			json_object_object_del(object, RUNTIMES);
	}
	if (json_object_object_get_ex(object, DEFAULT, &chosen) &&
	    json_object_is_type(chosen, json_type_string) &&
	    !strcmp(json_object_get_string(chosen), RUNTIME_KEY)) {
		had = true;
		json_object_object_del(object, DEFAULT);
	}
	set_text(to, had ? printed(object, indent_of(from)) : strdup(from->text));
	json_object_put(object);
	return NULL;
}

/**
 * daemon_json_between - what a running dockerd has to read, to forget our runtime
 * @to: what it is to find at its next start
 * @between: out: to be freed
 *
 * At a reload dockerd keeps the value of each member that is not in the file.
 *
 * Return: false if @to names both members itself, or is not understood.
 */
bool daemon_json_between(const struct bytes *to, struct bytes *between)
{
	char *word = NULL;
	struct json_object *object = parse(to, &word);
	bool has_default = json_object_object_get_ex(object, DEFAULT, NULL);
	bool has_runtimes = json_object_object_get_ex(object, RUNTIMES, NULL);

	free(word);
	*between = (struct bytes){ .stat = to->stat };
	if (!object || (has_default && has_runtimes)) {
		json_object_put(object);
		return false;
	}
	if (!has_default)
		json_object_object_add(object, DEFAULT, json_object_new_string("runc"));
	if (!has_runtimes)
		json_object_object_add(object, RUNTIMES, json_object_new_object());
	set_text(between, printed(object, indent_of(to)));
	json_object_put(object);
	return true;
}
