// SPDX-License-Identifier: GPL-2.0
/*
 * libauparse knows what a value means, but it takes a long time to say so: it compares the
 * field's name with all that auditd has added, looks its type up, and allocates the answer.
 * Most fields of a log have few values. So its answers are kept, for fields whose meaning
 * depends on nothing but their value.
 */
#define _GNU_SOURCE /* mempcpy */
#include <ctype.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interpretation.h"
#include "printable.h"
#include "words.h"

#define UNSET	       "4294967295"
#define ANSWERS_BITS   8 /* of the number of a place */
#define ANSWERS_PLACES 2 /* beside each other, for two that have one number */
#define ANSWER_TEXT    120

/**
 * struct answer - what libauparse has said about a field
 * @type: of the record; 0 if there is no answer here
 * @is_user: it is the number of a user or a group
 * @name_len: length of the field's name
 * @raw_len: of its value in the log
 * @value_len: of what that means
 * @text: these three, with a NUL behind the last
 */
struct answer {
	int type;
	bool is_user;
	unsigned char name_len, raw_len, value_len;
	char text[ANSWER_TEXT];
};

/**
 * struct interpreter - libauparse, and its answers so far
 * @au: stands at a field
 * @local_names: numbers of users are those of this machine
 * @named: of which fields of the event auditd has added the meaning, see name_bit()
 * @answers: the latest ones
 * @user: how a user is called, if there is room
 */
struct interpreter {
	auparse_state_t *au;
	bool local_names;
	uint64_t named;
	struct answer answers[1 << ANSWERS_BITS][ANSWERS_PLACES];
	char user[64];
};

/** interpreter_new - make one; @local_names: see parser_new(); NULL without memory */
struct interpreter *interpreter_new(bool local_names)
{
	struct interpreter *interpreter = calloc(1, sizeof(*interpreter));

	if (interpreter)
		interpreter->local_names = local_names;
	return interpreter;
}

/** interpreter_free - give it back; NULL is allowed */
void interpreter_free(struct interpreter *interpreter)
{
	free(interpreter);
}

/** text_borrowed - a string that somebody else frees; or NULL */
struct text text_borrowed(const char *at)
{
	return (struct text){ .at = at, .len = at ? strlen(at) : 0 };
}

/** text_owned - a string that was made; or NULL */
struct text text_owned(char *made)
{
	struct text text = text_borrowed(made);

	text.own = made;
	return text;
}

/* Two names of one bit are rare, and cost time alone. */
static uint64_t name_bit(const char *name, size_t len)
{
	unsigned int first = tolower((unsigned char)name[0]);
	unsigned int last = tolower((unsigned char)name[len - 1]);

	return 1ULL << ((first + 7 * last + 4 * len) & 63);
}

static uint64_t names_in(struct slice tail)
{
	const char *at = tail.at, *end = at + tail.len;
	uint64_t names = 0;

	/* libauparse gets another byte for it */
	if (memchr(at, '\0', tail.len))
		return UINT64_MAX;
	while (at < end) {
		const char *blank = memchr(at, ' ', end - at) ?: end;
		const char *equals = memchr(at, '=', blank - at);

		if (equals && equals > at)
			names |= name_bit(at, equals - at);
		at = blank + 1;
	}
	return names;
}

/**
 * interpreter_begin - the next event
 * @interpreter: the interpreter
 * @au: has it, and will stand at each field that interpret() is asked about
 * @event: the same event
 *
 * libauparse may leave out one of two records that auditd's words alone tell apart, so it
 * is not known whose words it has.
 */
void interpreter_begin(struct interpreter *interpreter, auparse_state_t *au,
		       const struct event *event)
{
	struct record record;
	size_t at = 0;

	interpreter->au = au;
	interpreter->named = 0;
	while (event_next(event, &at, &record))
		interpreter->named |= names_in(record.tail);
}

/*
 * Does what a field means depend on its value alone? The records of these types are most of
 * a log. In them it does, but for a call and its arguments.
 */
static bool is_lasting(int type, const struct text *name)
{
	switch (type) {
	case AUDIT_SYSCALL:
		return !(name->len == 2 && name->at[0] == 'a') && !text_is(name, "arch") &&
		       !text_is(name, "syscall");
	case AUDIT_PATH:
	case AUDIT_CWD:
	case AUDIT_EXECVE:
	case AUDIT_PROCTITLE:
		return true;
	default:
		return false;
	}
}

/* In these most names differ, and most values. */
static uint64_t last_bytes(const struct text *text)
{
	uint64_t bytes = 0;
	size_t len = text->len < sizeof(bytes) ? text->len : sizeof(bytes);

	memcpy(&bytes, text->at + text->len - len, len);
	return bytes;
}

/* Where the answer is if there is one, the latest first; NULL if none is kept. */
static struct answer *answer_places(struct interpreter *interpreter, int type,
				    const struct text *name, const struct text *raw)
{
	uint64_t hash;

	if (name->len + raw->len + 1 > ANSWER_TEXT || !is_lasting(type, name))
		return NULL;
	hash = (last_bytes(name) + type) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ hash >> 32 ^ last_bytes(raw)) * 0xbf58476d1ce4e5b9ULL;
	return interpreter->answers[hash >> (64 - ANSWERS_BITS)];
}

static bool is_answer(const struct answer *answer, int type, const struct text *name,
		      const struct text *raw)
{
	return answer->type == type && answer->name_len == name->len &&
	       answer->raw_len == raw->len && !memcmp(answer->text, name->at, name->len) &&
	       !memcmp(answer->text + name->len, raw->at, raw->len);
}

static const struct answer *find_answer(const struct answer *places, int type,
					const struct text *name, const struct text *raw)
{
	for (int i = 0; places && i < ANSWERS_PLACES; i++) {
		if (is_answer(&places[i], type, name, raw))
			return &places[i];
	}
	return NULL;
}

/* @value is NULL for a user, of whom auditd may say something else in the next record. */
static void keep_answer(struct answer *places, int type, const struct text *name,
			const struct text *raw, const struct text *value)
{
	size_t len = value ? value->len : 0;
	char *to = places->text;

	if (name->len + raw->len + len + 1 > ANSWER_TEXT ||
	    (value && (!value->at || !is_printable(value->at, len))))
		return;
	memmove(places + 1, places, (ANSWERS_PLACES - 1) * sizeof(*places));
	to = mempcpy(to, name->at, name->len);
	to = mempcpy(to, raw->at, raw->len);
	if (value)
		memcpy(to, value->at, len + 1);
	places->type = type;
	places->is_user = !value;
	places->name_len = name->len;
	places->raw_len = raw->len;
	places->value_len = len;
}

/* "alice", or in hexadecimal digits what has a blank in it */
static struct text name_text(struct interpreter *interpreter, struct slice name)
{
	char *text;

	if (name.len >= 2 && name.at[0] == '"' && name.len < sizeof(interpreter->user)) {
		memcpy(interpreter->user, name.at + 1, name.len - 2);
		interpreter->user[name.len - 2] = '\0';
		return text_borrowed(interpreter->user);
	}
	if (name.len >= 2 && name.at[0] == '"')
		return text_owned(strndup(name.at + 1, name.len - 2));
	text = strndup(name.at, name.len);
	if (text && name.len % 2 == 0 && strspn(text, "0123456789ABCDEF") == name.len) {
		for (size_t i = 0; i < name.len / 2; i++)
			sscanf(name.at + 2 * i, "%2hhx", &text[i]);
		text[name.len / 2] = '\0';
	}
	return text_owned(text);
}

/*
 * Whom a number means is known on the machine that wrote the log. That one may have
 * written it down; the one that reads it has users of its own.
 */
static struct text user_text(struct interpreter *interpreter, const struct text *raw,
			     const struct slice *name)
{
	const char *value;

	if (name)
		return name_text(interpreter, *name);
	if (interpreter->local_names) {
		value = auparse_interpret_field(interpreter->au);
		return value ? text_borrowed(value) : *raw;
	}
	if (text_is(raw, UNSET) || text_is(raw, "-1"))
		return text_borrowed("unset");
	return *raw;
}

/**
 * is_user_number - is a field the number of a user or a group?
 * @au: stands at it
 * @field: its name: of the others it need not be asked, as each name of such a field ends so
 */
bool is_user_number(auparse_state_t *au, const char *field)
{
	size_t len = strlen(field);
	int type;

	if (len < 2 || memcmp(field + len - 2, "id", 2))
		return false;
	type = auparse_get_field_type(au);
	return type == AUPARSE_TYPE_UID || type == AUPARSE_TYPE_GID;
}

/* libauparse leaves the quotes if it does not know what a field is. */
static struct text unquoted(struct text value)
{
	if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
		return text_owned(strndup(value.at + 1, value.len - 2));
	return value;
}

/* What says which container it is gets no interpretation. */
static bool is_ours(const struct text *name)
{
	return text_is(name, "contid") || text_is(name, "ocontid") ||
	       text_is(name, "old-ocontid") || text_is(name, "netcontid");
}

/*
 * libauparse reads beyond the end of a command line that begins with digits and is
 * not all of them, as in a record that was cut.
 */
static bool is_cut(const struct text *name, const struct text *raw)
{
	size_t digits;

	if (!text_is(name, "proctitle"))
		return false;
	digits = strspn(raw->at, "0123456789ABCDEFabcdef");
	return digits && (digits < raw->len || digits % 2);
}

static struct text ask(struct interpreter *interpreter, const struct text *name,
		       const struct text *raw)
{
	const char *value = NULL;

	if (!is_ours(name) && !is_cut(name, raw))
		value = auparse_interpret_field(interpreter->au);
	return unquoted(value ? text_borrowed(value) : *raw);
}

/**
 * interpret - what a field's value means
 * @interpreter: the interpreter
 * @type: of the record
 * @name: the field's name
 * @raw: its value in the log
 * @user: how auditd calls whom it means, if it is a user; NULL if it does not say
 *
 * Return: until libauparse goes on, or longer if it is owned; at is NULL without memory.
 */
struct text interpret(struct interpreter *interpreter, int type, const struct text *name,
		      const struct text *raw, const struct slice *user)
{
	struct answer *places = answer_places(interpreter, type, name, raw);
	const struct answer *answer = find_answer(places, type, name, raw);
	bool named = name->len && interpreter->named & name_bit(name->at, name->len);
	struct text value;

	if (answer ? answer->is_user : is_user_number(interpreter->au, name->at)) {
		if (places && !answer)
			keep_answer(places, type, name, raw, NULL);
		return user_text(interpreter, raw, user);
	}
	if (answer && !named)
		return (struct text){
			.at = answer->text + name->len + raw->len,
			.len = answer->value_len,
			.safe = true,
		};
	value = ask(interpreter, name, raw);
	if (places && !named)
		keep_answer(places, type, name, raw, &value);
	return value;
}
