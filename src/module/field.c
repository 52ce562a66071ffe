// SPDX-License-Identifier: GPL-2.0
/*
 * A field in the bytes of a record, and nothing else: field.c knows of no process
 * and no container. tests/unit/field.c tries it outside of a kernel.
 *
 * The kernel escapes most of what others choose, but not all of it (docs/records.md).
 * So a record's text is cleaned before a field is put behind it: no byte ends the
 * record for a reader, and no word of it reads as one of our fields.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include <net/netlink.h>

#include "field.h"
#include "record_place.h"

#define FIELD "contid="
/* Bytes that are looked at together */
#define CHUNK (4 * sizeof(u64))
/* What stands for a byte that may not be there. */
#define DIRT '?'
/* "audit(<seconds>.<milliseconds>:<serial>): " is shorter than this */
#define STAMP_MAX 64
/* "audit(" and the first of these digits are longer */
#define STAMP_MIN 6
/*
 * What auditd takes: it cuts the end off a line of more than 8,937 bytes, and has put
 * "type=NAME msg=" before the record: 37 bytes, if the name is the longest there is.
 */
#define ROOM (NLMSG_HDRLEN + 8900)
/*
 * So much of a SYSCALL record stands before its comm= at the least: the names of twenty
 * fields with a digit each.
 */
#define NUMBERS 128
/* No number of the kernel's in capital hexadecimal digits is as long. */
#define NUMBER_MAX 16

static char *text_of(const struct sk_buff *skb)
{
	return (char *)skb->data + NLMSG_HDRLEN;
}

static char *end_of(const struct sk_buff *skb)
{
	return (char *)skb->data + skb->len;
}

static u16 type_of(const struct sk_buff *skb)
{
	return ((const struct nlmsghdr *)skb->data)->nlmsg_type;
}

#define EACH_BYTE(byte) (0x0101010101010101ULL * (byte))

static bool is_control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f;
}

static bool is_newline(unsigned char byte)
{
	return byte == '\n';
}

/*
 * Eight bytes at once: a top bit in the result is a byte outside of 0x20 to 0x7e, or
 * stands above one. Without such a byte nothing is borrowed and nothing carried.
 */
static __always_inline u64 not_plain(u64 bytes)
{
	return bytes | (bytes - EACH_BYTE(0x20)) | (bytes + EACH_BYTE(1));
}

/* Likewise for one byte: only in a byte that is zero a one is borrowed from the top. */
static __always_inline u64 equal_to(u64 bytes, unsigned char byte)
{
	bytes ^= EACH_BYTE(byte);
	return (bytes - EACH_BYTE(1)) & ~bytes;
}

static __always_inline u64 newlines(u64 bytes)
{
	return equal_to(bytes, '\n');
}

static __always_inline u64 word_at(const char *at)
{
	u64 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Has any byte of a chunk a top bit in @suspect? */
static __always_inline bool any_suspect(const char *at, u64 (*suspect)(u64))
{
	return (suspect(word_at(at)) | suspect(word_at(at + 8)) | suspect(word_at(at + 16)) |
		suspect(word_at(at + 24))) &
	       EACH_BYTE(0x80);
}

static __always_inline void replace_each(char *at, const char *end, char good,
					 bool (*is_bad)(unsigned char))
{
	for (; at < end; at++)
		if (is_bad(*at))
			*at = good;
}

/*
 * Put @good in the place of each byte that @is_bad. All of a record is looked through,
 * and in few is anything to do: a chunk without a suspect is passed over. The last one
 * begins in the one before, so that no byte has to be looked at alone.
 */
static __always_inline void replace(char *text, const char *end, char good,
				    bool (*is_bad)(unsigned char), u64 (*suspect)(u64))
{
	char *last = (char *)end - CHUNK, *at;

	if (last < text) {
		replace_each(text, end, good, is_bad);
		return;
	}
	for (at = text; at < last; at += CHUNK)
		if (unlikely(any_suspect(at, suspect)))
			replace_each(at, at + CHUNK, good, is_bad);
	if (unlikely(any_suspect(last, suspect)))
		replace_each(last, end, good, is_bad);
}

/* contid=, ocontid= and the like */
static void clean_fields(char *text, const char *end)
{
	const size_t name_len = strlen(FIELD) - 1;
	char *at = text;

	while ((at = memchr(at, '=', end - at))) {
		if (at - text >= (ptrdiff_t)name_len && !memcmp(at - name_len, FIELD, name_len))
			*at = DIRT;
		at++;
	}
}

/**
 * field_clean - take from a record of the kernel what a reader could mistake
 * @skb: the record, which does not have a field of ours yet
 *
 * A control byte becomes a question mark, as does the equals sign of a field that
 * only the module writes. The record stays as long as it is.
 *
 * Context: the handler of a record's end.
 */
void field_clean(struct sk_buff *skb)
{
	u16 type = type_of(skb);
	char *text = text_of(skb);

	/* numbers alone, and long before the first name */
	if (type == AUDIT_SYSCALL && skb->len > NLMSG_HDRLEN + NUMBERS)
		text += NUMBERS;
	replace(text, end_of(skb), DIRT, is_control, not_plain);
	/*
	 * Records of operations have such fields. In what each system call leaves,
	 * nothing but subj= is not escaped (docs/records.md): there the last contid=
	 * counts, which is ours.
	 */
	if (type != AUDIT_KERNEL_OTHER && type != AUDIT_SYSCALL && type != AUDIT_URINGOP)
		clean_fields(text, end_of(skb));
}

static void record_shorten(struct sk_buff *skb, const char *end)
{
	skb_trim(skb, end - (char *)skb->data);
	*end_of(skb) = 0;
}

/* A user message ends with what its sender said; the quote that closes that stays. */
static void cut_message(struct sk_buff *skb, unsigned int excess)
{
	char last = end_of(skb)[-1];

	if (last == '\'' || last == '"') {
		record_shorten(skb, end_of(skb) - excess);
		end_of(skb)[-1] = last;
	} else {
		/* two hexadecimal digits are a byte */
		record_shorten(skb, end_of(skb) - (excess + excess % 2));
	}
}

static bool is_hex(const char *at, const char *end)
{
	while (at < end && ((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'F')))
		at++;
	return at == end;
}

/* Another record ends with a field: one that is text is made shorter, others go. */
static void cut_fields(struct sk_buff *skb, unsigned int excess)
{
	char *text = text_of(skb), *end = end_of(skb) - excess, *field, *value;

	if (*end == ' ') {
		record_shorten(skb, end);
		return;
	}
	for (field = end; field > text && field[-1] != ' '; field--)
		;
	value = memchr(field, '=', end - field);
	value = value ? value + 1 : end;
	if (end - value > 1 && *value == '"')
		end[-1] = '"';
	else if (end - value > NUMBER_MAX && is_hex(value, end))
		end -= (end - value) % 2;
	else
		end = max(field - 1, text);
	record_shorten(skb, end);
}

/* Cut @excess bytes, or some more, off the end; false if not so much is there. */
static bool record_cut(struct sk_buff *skb, unsigned int excess)
{
	if (skb->len <= NLMSG_HDRLEN + STAMP_MAX + excess + 1)
		return false;
	if (record_place(type_of(skb)) == RECORD_FIRST)
		cut_message(skb, excess);
	else
		cut_fields(skb, excess);
	return true;
}

/*
 * Make room for @len bytes, and for the NUL that is kept behind a record, if it may
 * become as long as @room. If it cannot grow, what stands last in it pays.
 */
static enum field_fate record_room(struct sk_buff *skb, unsigned int len, unsigned int room)
{
	unsigned int excess = skb->len + len > room ? skb->len + len - room : 0;
	int missing;

	if (excess && !record_cut(skb, excess))
		return FIELD_UNPLACED;
	missing = (int)len + 1 - skb_tailroom(skb);
	if (missing <= 0 || (!skb_shared(skb) && !skb_cloned(skb) &&
			     !pskb_expand_head(skb, 0, missing, GFP_ATOMIC)))
		return excess ? FIELD_CUT : FIELD_PLACED;
	return record_cut(skb, missing) ? FIELD_CUT : FIELD_UNPLACED;
}

/**
 * field_fit - cut the end off a record that auditd would drop as a whole
 * @skb: a record that gets no field
 *
 * Context: the handler of a record's end.
 * Return: FIELD_PLACED if it had room.
 */
enum field_fate field_fit(struct sk_buff *skb)
{
	return skb->len > ROOM ? record_room(skb, 0, ROOM) : FIELD_PLACED;
}

/* Open a gap of @len bytes, for which there is room, at @offset of the text. */
static char *record_open(struct sk_buff *skb, unsigned int offset, unsigned int len)
{
	unsigned int behind = end_of(skb) - text_of(skb) - offset;
	char *at;

	skb_put(skb, len);
	at = text_of(skb) + offset;
	memmove(at + len, at, behind);
	/* the kernel's log prints up to it */
	*end_of(skb) = 0;
	return at;
}

/**
 * field_append - make a field the last one of a record
 * @skb: the record
 * @name: with the equals sign
 * @value: its text
 * @len: the length of that
 *
 * Context: the handler of a record's end.
 * Return: what became of it.
 */
enum field_fate field_append(struct sk_buff *skb, const char *name, const char *value,
			     unsigned int len)
{
	unsigned int name_len = strlen(name);
	enum field_fate fate = record_room(skb, 1 + name_len + len, ROOM);
	char *at;

	if (fate == FIELD_UNPLACED)
		return fate;
	at = record_open(skb, end_of(skb) - text_of(skb), 1 + name_len + len);
	*at = ' ';
	memcpy(at + 1, name, name_len);
	memcpy(at + 1 + name_len, value, len);
	return fate;
}

/* How long the stamp is that a record begins with; 0 if there is none. */
static unsigned int stamp_len(const struct sk_buff *skb)
{
	const char *text = text_of(skb), *at = text + STAMP_MIN;
	const char *end = text + min_t(ptrdiff_t, STAMP_MAX, end_of(skb) - text);

	while (end - at >= (ptrdiff_t)sizeof(u64) &&
	       !(equal_to(word_at(at), ')') & EACH_BYTE(0x80)))
		at += sizeof(u64);
	while (at < end && *at != ')')
		at++;
	if (end - at < 3 || at[1] != ':' || at[2] != ' ')
		return 0;
	return at + 3 - text;
}

/*
 * Before all that the sender of a user message chose, right after the stamp. A
 * newline of the sender's would begin a line in the kernel's log; auditd, too, makes
 * a blank of it.
 */
static enum field_fate field_prepend(struct sk_buff *skb, const char *label, unsigned int len)
{
	unsigned int name_len = strlen(FIELD), stamp = stamp_len(skb);
	enum field_fate fate;
	char *at;

	if (!stamp)
		return FIELD_UNPLACED;
	fate = record_room(skb, name_len + len + 1, ROOM);
	if (fate == FIELD_UNPLACED)
		return fate;
	at = record_open(skb, stamp, name_len + len + 1);
	memcpy(at, FIELD, name_len);
	memcpy(at + name_len, label, len);
	at += name_len + len;
	*at = ' ';
	replace(at, end_of(skb), ' ', is_newline, newlines);
	return fate;
}

/**
 * field_put - put contid= where the record's type has it
 * @skb: the record
 * @label: the container and those that enclose it
 * @len: the length of that
 *
 * In a record of the kernel that has no room for the whole label stand its first
 * contid and ",^?".
 *
 * Context: the handler of a record's end.
 * Return: what became of it; FIELD_PLACED also if the type has no place for it.
 */
enum field_fate field_put(struct sk_buff *skb, const char *label, unsigned int len)
{
	char brief[UUID_STRING_LEN + sizeof(",^?")];

	switch (record_place(type_of(skb))) {
	case RECORD_NOWHERE:
		return FIELD_PLACED;
	case RECORD_FIRST:
		return field_prepend(skb, label, len);
	case RECORD_LAST:
		break;
	}
	if (skb->len + 1 + strlen(FIELD) + len > ROOM && len > UUID_STRING_LEN) {
		len = scnprintf(brief, sizeof(brief), "%.*s,^?", UUID_STRING_LEN, label);
		label = brief;
	}
	return field_append(skb, FIELD, label, len);
}
