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

#define FIELD	   "contid="
#define NEXT_FIELD (" " FIELD)
/* Bytes that are looked at together */
#define CHUNK (4 * sizeof(u64))
/* What stands for a byte that may not be there. */
#define DIRT '?'
/* "audit(<seconds>.<milliseconds>:<serial>): " is shorter than this */
#define STAMP_MAX 64
/* The point is here from 2001 to 2286; then the serial number begins so far behind it. */
#define STAMP_POINT  16
#define STAMP_SERIAL (STAMP_POINT + 5)
/* "audit(" is shorter */
#define STAMP_MIN 6
/*
 * What auditd takes: it cuts the end off a line of more than 8,937 bytes, and has put
 * "type=NAME msg=" before the record: 37 bytes, if the name is the longest there is.
 */
#define ROOM (NLMSG_HDRLEN + 8900)
/*
 * So much of a SYSCALL record stands before the value of its comm= at the least: the shortest
 * stamp, and the names of twenty fields with a digit each.
 */
#define NUMBERS 152
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

static __always_inline u64 word_at(const char *at)
{
	u64 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/**
 * struct look - the bytes that were looked at, eight at once
 * @low: a top bit is missing if one of them was below 0x20
 * @high: a top bit is set if one of them was above 0x7e
 *
 * Of bytes from 0x20 to 0x7e no sum carries into its neighbour. Of the others the one that
 * stands lowest in its word is seen: nothing is carried into it, and 0xff, which becomes 0
 * above, misses its top bit below.
 */
struct look {
	u64 low;
	u64 high;
};

#define NOTHING_SEEN ((struct look){ .low = ~0ULL })

static __always_inline void look_at(struct look *look, const char *at)
{
	u64 word = word_at(at);

	look->low &= word + EACH_BYTE(0x60);
	look->high |= word + EACH_BYTE(1);
}

static __always_inline void look_at_chunk(struct look *look, const char *at)
{
	look_at(look, at);
	look_at(look, at + 8);
	look_at(look, at + 16);
	look_at(look, at + 24);
}

/*
 * Are all bytes from 0x20 to 0x7e, as in nearly each record? From the end in chunks, so that
 * no byte has to be looked at alone: less than one before @text has to be plain, too.
 */
static __always_inline bool is_plain_back_to(struct look look, const char *text, const char *end)
{
	while (end > text) {
		end -= CHUNK;
		look_at_chunk(&look, end);
	}
	return !(EACH_BYTE(0x80) & ~(look.low & ~look.high));
}

/* Likewise, whatever stands before. False if there are too few to tell. */
static __always_inline bool is_plain(const char *text, const char *end)
{
	struct look look = NOTHING_SEEN;

	if (end - text < (ptrdiff_t)CHUNK)
		return false;
	look_at_chunk(&look, text);
	return is_plain_back_to(look, text + CHUNK, end);
}

/* Put @good in the place of each byte that @is_bad, which none is that is plain. */
static __always_inline void replace(char *text, const char *end, char good,
				    bool (*is_bad)(unsigned char))
{
	for (; text < end; text++)
		if (is_bad(*text))
			*text = good;
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
	char *text = text_of(skb), *end = end_of(skb);
	bool plain;

	/* which begins with numbers alone, and the kernel's own name for a terminal */
	if (likely(type == AUDIT_SYSCALL && end - text > NUMBERS))
		plain = is_plain_back_to(NOTHING_SEEN, text + NUMBERS, end);
	else
		plain = is_plain(text, end);
	if (unlikely(!plain))
		replace(text, end, DIRT, is_control);
	/*
	 * Records of operations have such fields. In what each system call leaves,
	 * nothing but subj= is not escaped (docs/records.md): there the last contid=
	 * counts, which is ours.
	 */
	if (type != AUDIT_KERNEL_OTHER && type != AUDIT_SYSCALL && type != AUDIT_URINGOP)
		clean_fields(text, end);
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

/* Make a record longer by @len bytes, for which there is room. */
static __always_inline void record_lengthen(struct sk_buff *skb, unsigned int len)
{
	__skb_put(skb, len);
	/* the kernel's log prints up to it */
	*end_of(skb) = 0;
}

/* Once there is room: inline, as most lengths are known where this is called. */
static __always_inline void append(struct sk_buff *skb, const char *name, unsigned int name_len,
				   const char *value, unsigned int len)
{
	char *at = end_of(skb);

	record_lengthen(skb, name_len + len);
	memcpy(at, name, name_len);
	memcpy(at + name_len, value, len);
}

/**
 * field_append - make a field the last one of a record
 * @skb: the record
 * @name: with a blank before, and the equals sign
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
	enum field_fate fate = record_room(skb, name_len + len, ROOM);

	if (fate != FIELD_UNPLACED)
		append(skb, name, name_len, value, len);
	return fate;
}

/* How long the stamp is that a record begins with; 0 if there is none. */
static unsigned int stamp_len(const struct sk_buff *skb)
{
	const char *text = text_of(skb);
	const char *end = text + min_t(ptrdiff_t, STAMP_MAX, end_of(skb) - text);
	const char *at = text + STAMP_MIN;

	if (likely(end - text > STAMP_SERIAL && text[STAMP_POINT] == '.'))
		at = text + STAMP_SERIAL;
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
static noinline enum field_fate field_prepend(struct sk_buff *skb, const char *label,
					      unsigned int len)
{
	unsigned int name_len = strlen(FIELD), stamp = stamp_len(skb);
	enum field_fate fate;
	char *at, *end;

	if (!stamp)
		return FIELD_UNPLACED;
	fate = record_room(skb, name_len + len + 1, ROOM);
	if (fate == FIELD_UNPLACED)
		return fate;
	end = end_of(skb);
	record_lengthen(skb, name_len + len + 1);
	at = text_of(skb) + stamp;
	memmove(at + name_len + len + 1, at, end - at);
	memcpy(at, FIELD, name_len);
	memcpy(at + name_len, label, len);
	at += name_len + len;
	*at = ' ';
	end = end_of(skb);
	if (unlikely(!is_plain(at, end)))
		replace(at, end, ' ', is_newline);
	return fate;
}

/* To a record without much room */
static noinline enum field_fate field_append_label(struct sk_buff *skb, const char *label,
						   unsigned int len)
{
	char brief[UUID_STRING_LEN + sizeof(",^?")];

	if (skb->len + strlen(NEXT_FIELD) + len > ROOM && len > UUID_STRING_LEN) {
		len = scnprintf(brief, sizeof(brief), "%.*s,^?", UUID_STRING_LEN, label);
		label = brief;
	}
	return field_append(skb, NEXT_FIELD, label, len);
}

/**
 * field_put - put contid= where the record's type has it
 * @skb: the record
 * @place: that, of record_place(), which has one
 * @label: the container and those that enclose it
 * @len: the length of that
 *
 * In a record of the kernel that has no room for the whole label stand its first
 * contid and ",^?".
 *
 * Context: the handler of a record's end.
 * Return: what became of it.
 */
enum field_fate field_put(struct sk_buff *skb, enum record_place place, const char *label,
			  unsigned int len)
{
	const unsigned int name_len = strlen(NEXT_FIELD);

	if (place == RECORD_FIRST)
		return field_prepend(skb, label, len);
	if (unlikely(skb->len + name_len + len > ROOM ||
		     skb_tailroom(skb) <= (int)(name_len + len)))
		return field_append_label(skb, label, len);
	/* few containers are nested: a length that the compiler knows is copied at once */
	if (likely(len == UUID_STRING_LEN))
		append(skb, NEXT_FIELD, name_len, label, UUID_STRING_LEN);
	else
		append(skb, NEXT_FIELD, name_len, label, len);
	return FIELD_PLACED;
}
