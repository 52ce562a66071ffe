// SPDX-License-Identifier: GPL-2.0
/*
 * json-c takes more than JSON for JSON, cuts integers to 64 bits and keys at a NUL, and
 * keeps the last of two members with one name. Who writes such a text again has changed
 * it. So the text is looked through first, in one pass. That pass knows the words of
 * JSON; their order is left to json-c.
 *
 * json-c's own strict mode is no help: 0.16 lets half of this through, and 0.18 takes
 * each letter beyond ASCII for a mistake.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "exact.h"
#include "json.h"

/* A runtime's configuration is some ten deep. */
#define DEPTH_MAX 64

/**
 * struct scan - a look through a text
 * @at: the next byte
 * @end: behind the last
 * @members: the colons outside of strings: one for each member of an object
 * @has_nul: the last string has a NUL, which json-c keeps in a value and not in a key
 * @wrong: NULL, or what cannot be kept
 */
struct scan {
	const char *at;
	const char *end;
	size_t members;
	bool has_nul;
	const char *wrong;
};

static const char not_json[] = "it is not JSON";
static const char no_object[] = "it is no JSON object";

static bool is_next(const struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(scan->end - scan->at) >= length && !memcmp(scan->at, word, length);
}

static void skip_string(struct scan *scan)
{
	scan->has_nul = false;
	for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++) {
		if ((unsigned char)*scan->at < ' ')
			scan->wrong = not_json;
		if (is_next(scan, "\\u0000"))
			scan->has_nul = true;
		if (*scan->at == '\\')
			scan->at++;
	}
	if (scan->at >= scan->end)
		scan->wrong = "it is cut off";
	scan->at++;
}

static size_t skip_digits(struct scan *scan)
{
	const char *from = scan->at;

	while (scan->at < scan->end && isdigit((unsigned char)*scan->at))
		scan->at++;
	return scan->at - from;
}

/* Are these digits more than a number of 64 bits? */
static bool is_too_large(const char *digits, size_t count, bool negative)
{
	const char *largest = negative ? "9223372036854775808" : "18446744073709551615";
	size_t most = strlen(largest);

	return count > most || (count == most && memcmp(digits, largest, most) > 0);
}

static void skip_number(struct scan *scan)
{
	bool negative = *scan->at == '-', whole = true;
	const char *digits;
	size_t count;

	scan->at += negative;
	digits = scan->at;
	count = skip_digits(scan);
	if (!count || (count > 1 && *digits == '0'))
		scan->wrong = not_json;
	if (is_next(scan, ".")) {
		scan->at++;
		whole = false;
		if (!skip_digits(scan))
			scan->wrong = not_json;
	}
	if (is_next(scan, "e") || is_next(scan, "E")) {
		scan->at++;
		scan->at += is_next(scan, "+") || is_next(scan, "-");
		whole = false;
		if (!skip_digits(scan))
			scan->wrong = not_json;
	}
	if (whole && is_too_large(digits, count, negative))
		scan->wrong = "a number in it has more than 64 bits";
}

static void skip_word(struct scan *scan)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is_next(scan, words[i])) {
			scan->at += strlen(words[i]);
			return;
		}
	}
	scan->wrong = not_json;
}

/* The words and signs of the text, one after the other. */
static void look_through(struct scan *scan)
{
	char before = 0;

	while (scan->at < scan->end && !scan->wrong) {
		char c = *scan->at;

		if (c && strchr(" \t\r\n", c)) {
			scan->at++;
			continue;
		}
		if (c == '"')
			skip_string(scan);
		else if (c == '-' || isdigit((unsigned char)c))
			skip_number(scan);
		else if (!c || !strchr("{}[],:", c))
			skip_word(scan);
		else
			scan->at++;
		scan->members += c == ':';
		if (c == ':' && scan->has_nul)
			scan->wrong = "a member's name in it has a NUL";
		if (before == ',' && (c == ']' || c == '}'))
			scan->wrong = not_json;
		if (!before && c != '{' && !scan->wrong)
			scan->wrong = no_object;
		before = c;
	}
}

static size_t count_members(struct json_object *of)
{
	size_t count = 0;

	if (json_object_is_type(of, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(of); i++)
			count += count_members(json_object_array_get_idx(of, i));
	} else if (json_object_is_type(of, json_type_object)) {
		json_object_object_foreach(of, key, value) {
			(void)key;
			count += 1 + count_members(value);
		}
	}
	return count;
}

static const char *parse(const char *text, size_t length, struct json_object **object)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	enum json_tokener_error err;
	const char *wrong = NULL;
	size_t end;

	if (!tokener)
		return strerror(ENOMEM);
	errno = 0;
	*object = json_tokener_parse_ex(tokener, text, length);
	err = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	/* json-c may call that another mistake, or none, and leave out members */
	if (errno == ENOMEM)
		wrong = strerror(ENOMEM);
	else if (err == json_tokener_continue)
		wrong = "it is cut off";
	else if (err == json_tokener_error_depth)
		wrong = "it is more than 64 deep";
	else if (err != json_tokener_success)
		wrong = not_json;
	if (!wrong && !json_is_blank(text + end, length - end))
		wrong = not_json;
	json_tokener_free(tokener);
	return wrong;
}

/**
 * exact_parse - parse JSON, unless json-c would change it
 * @text: the text
 * @length: of it
 * @object: out: an object, which printed again means the same as @text
 *
 * Return: NULL, or what is wrong with the text; then @object is NULL.
 */
const char *exact_parse(const char *text, size_t length, struct json_object **object)
{
	struct scan scan = { .at = text, .end = text + length };
	const char *wrong;

	*object = NULL;
	if (length > INT_MAX)
		return strerror(EFBIG);
	look_through(&scan);
	if (scan.wrong)
		return scan.wrong;
	if (!length)
		return "it is empty";
	wrong = parse(text, length, object);
	if (!wrong && count_members(*object) != scan.members)
		wrong = "an object in it has two members with one name";
	if (wrong) {
		json_object_put(*object);
		*object = NULL;
	}
	return wrong;
}
