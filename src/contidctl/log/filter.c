// SPDX-License-Identifier: GPL-2.0
/* Words of one kind are alternatives; the kinds have to match all, as ausearch has it. */
#include <ctype.h>
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "words.h"

#define NO_NUMBER (-1) /* it is a name */
#define UNSET	  4294967295LL
#define EXE_MAX	  4096

/* Only what is all digits is a number. */
static long long number_of(const char *word)
{
	return *word && !word[strspn(word, "0123456789")] && strlen(word) <= 10 ? atoll(word) :
										  NO_NUMBER;
}

/* Is it the name of a system call on any machine? */
static bool is_syscall(const char *word)
{
	for (int machine = MACH_X86; machine <= MACH_AARCH64; machine++) {
		if (audit_name_to_syscall(word, machine) >= 0)
			return true;
	}
	return false;
}

/**
 * filter_add - one more word that an event may have
 * @filter: gets it
 * @kind: what it is
 * @word: the word, which stays where it is
 *
 * Return: NULL, or what is wrong with it.
 */
const char *filter_add(struct filter *filter, enum filter_kind kind, const char *word)
{
	long long number = number_of(word);
	size_t at = filter->counts[kind];

	if (at == FILTER_WORDS)
		return "is one too many";
	switch (kind) {
	case FILTER_TYPE:
		number = audit_name_to_msg_type(word);
		if (number <= 0)
			return "is no type of record that libaudit knows";
		break;
	case FILTER_PID:
		if (number == NO_NUMBER)
			return "is no process ID";
		break;
	case FILTER_USER:
		if (!strcmp(word, "root"))
			number = 0;
		if (!strcmp(word, "unset") || !strcmp(word, "-1"))
			number = UNSET;
		break;
	case FILTER_SYSCALL:
		if (number == NO_NUMBER && !is_syscall(word))
			return "is no system call";
		break;
	default:
		break;
	}
	filter->words[kind][at] = word;
	filter->numbers[kind][at] = number;
	filter->counts[kind]++;
	return NULL;
}

/**
 * filter_outcome_parse - read "yes" or "no"
 * @filter: gets it
 * @word: was it a success?
 */
bool filter_outcome_parse(struct filter *filter, const char *word)
{
	filter->outcome = OUTCOME_NONE;
	if (!strcmp(word, "yes"))
		filter->outcome = OUTCOME_SUCCESS;
	if (!strcmp(word, "no"))
		filter->outcome = OUTCOME_FAILURE;
	return filter->outcome != OUTCOME_NONE;
}

static bool slice_is_number(struct slice slice, long long number)
{
	long long value = 0;

	if (!slice.len || slice.len > 10)
		return false;
	for (size_t i = 0; i < slice.len; i++) {
		if (!isdigit((unsigned char)slice.at[i]))
			return false;
		value = value * 10 + slice.at[i] - '0';
	}
	return value == number;
}

/* The whole path, or what stands behind its last slash. */
static bool has_exe(const struct record *record, const char *word, long long number)
{
	char path[EXE_MAX];
	struct slice value;
	const char *name;

	(void)number;
	if (!record_field(record, "exe", &value) || !word_decode(value, path, sizeof(path)))
		return false;
	name = strrchr(path, '/');
	return !strcmp(path, word) || (name && !strcmp(name + 1, word));
}

static bool has_pid(const struct record *record, const char *word, long long number)
{
	struct slice value;

	(void)word;
	return record_field(record, "pid", &value) && slice_is_number(value, number);
}

static bool is_user_field(struct slice name)
{
	return slice_is(name, "auid") || slice_is(name, "uid") || slice_is(name, "euid");
}

/* A name counts if auditd has written it beside the number: this machine has users of its own. */
static bool has_user(const struct record *record, const char *word, long long number)
{
	struct slice tail = record->tail, name;
	const char *at = NULL;
	struct word field;

	while (words_next(record, &at, &field)) {
		char text[64];
		bool named;

		if (field.name.len >= sizeof(text))
			continue;
		memcpy(text, field.name.at, field.name.len);
		text[field.name.len] = '\0';
		named = names_next(&tail, text, &name);
		if (!is_user_field(field.name))
			continue;
		if (number != NO_NUMBER && slice_is_number(field.value, number))
			return true;
		if (named && name.len == strlen(word) + 2 && *name.at == '"' &&
		    !memcmp(name.at + 1, word, strlen(word)))
			return true;
	}
	return false;
}

static bool has_syscall(const struct record *record, const char *word, long long number)
{
	struct slice value, arch;
	char text[16];

	if (record->type != AUDIT_SYSCALL || !record_field(record, "syscall", &value))
		return false;
	if (number != NO_NUMBER)
		return slice_is_number(value, number);
	if (!record_field(record, "arch", &arch) || arch.len >= sizeof(text))
		return false;
	memcpy(text, arch.at, arch.len);
	text[arch.len] = '\0';
	number = audit_name_to_syscall(word, audit_elf_to_machine(strtoul(text, NULL, 16)));
	return number >= 0 && slice_is_number(value, number);
}

static bool has_key(const struct record *record, const char *word, long long number)
{
	(void)number;
	return record_has_key(record, word);
}

static bool has_type(const struct record *record, const char *word, long long number)
{
	(void)word;
	return record->type == number;
}

static bool (*const matches[])(const struct record *record, const char *word, long long number) = {
	[FILTER_TYPE] = has_type, [FILTER_KEY] = has_key,   [FILTER_EXE] = has_exe,
	[FILTER_PID] = has_pid,	  [FILTER_USER] = has_user, [FILTER_SYSCALL] = has_syscall,
};

/* What only accompanies a record has numbers of others: of the object, of the parent. */
static bool is_asked(const struct record *record, enum filter_kind kind)
{
	return kind == FILTER_TYPE || kind == FILTER_KEY || !record_is_auxiliary(record);
}

/* Has it one of the words of a kind? */
static bool has_kind(const struct filter *filter, enum filter_kind kind, const struct event *event)
{
	struct record record;
	size_t at = 0;

	while (filter->counts[kind] && event_next(event, &at, &record)) {
		for (size_t i = 0; is_asked(&record, kind) && i < filter->counts[kind]; i++) {
			if (matches[kind](&record, filter->words[kind][i],
					  filter->numbers[kind][i]))
				return true;
		}
	}
	return false;
}

/**
 * filter_takes - does all hold that is asked for?
 * @filter: what is asked for
 * @event: the event
 */
bool filter_takes(const struct filter *filter, const struct event *event)
{
	for (enum filter_kind kind = 0; kind < FILTER_KINDS; kind++) {
		if (filter->counts[kind] && !has_kind(filter, kind, event))
			return false;
	}
	return filter->outcome == OUTCOME_NONE || event_outcome(event) == filter->outcome;
}

/**
 * filter_excludes - does any of it hold?
 * @filter: what is not wanted
 * @event: the event
 */
bool filter_excludes(const struct filter *filter, const struct event *event)
{
	for (enum filter_kind kind = 0; kind < FILTER_KINDS; kind++) {
		if (has_kind(filter, kind, event))
			return true;
	}
	return filter->outcome != OUTCOME_NONE && event_outcome(event) == filter->outcome;
}
