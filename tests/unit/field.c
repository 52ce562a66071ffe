// SPDX-License-Identifier: GPL-2.0
/*
 * src/module/field.c outside of a kernel: each length at which a record can meet its
 * room, each byte that a name can have, and no memory. What stands behind a record is
 * 'S', for stale, and ends where its room ends.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <stdio.h>

#include "field.h"
#include "record_place.h"

#define A     "0123abcd-0123-4123-8123-0123456789ab"
#define OUTER "11111111-0123-4123-8123-0123456789ab"
#define STAMP "audit(1795596028.339:18): "

static const char *test;
static unsigned int wrong;

#define expect(condition, skb)                                                                 \
	do {                                                                                   \
		if (!(condition)) {                                                            \
			printf("%s: line %d: not so: %s: %u bytes: %.300s ... %.150s\n", test, \
			       __LINE__, #condition, (skb)->len, text(skb),                    \
			       text(skb) + ((skb)->len > 166 ? (skb)->len - 166 : 0));         \
			wrong++;                                                               \
		}                                                                              \
	} while (0)

static char *text(const struct sk_buff *skb)
{
	return (char *)skb->data + NLMSG_HDRLEN;
}

/* A record of a type, with a text, and so many bytes of room behind it. */
static struct sk_buff *record(u16 type, const char *said, size_t len, unsigned int room)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	skb->len = NLMSG_HDRLEN + strlen(STAMP) + len;
	skb->size = skb->len + room;
	skb->data = malloc(skb->size);
	memset(skb->data, 'S', skb->size);
	memset(skb->data, 0, NLMSG_HDRLEN);
	((struct nlmsghdr *)skb->data)->nlmsg_type = type;
	memcpy(text(skb), STAMP, strlen(STAMP));
	memcpy(text(skb) + strlen(STAMP), said, len);
	return skb;
}

static enum field_fate put(struct sk_buff *skb, const char *label, unsigned int len)
{
	u16 type = ((struct nlmsghdr *)skb->data)->nlmsg_type;

	return field_put(skb, record_place(type), label, len);
}

static void gone(struct sk_buff *skb)
{
	free(skb->data);
	free(skb);
}

/* The text is this, and a NUL within the room follows it. */
static bool is(const struct sk_buff *skb, const char *said)
{
	return skb->len == NLMSG_HDRLEN + strlen(said) && skb_tailroom(skb) > 0 &&
	       !strcmp(text(skb), said);
}

static bool begins(const struct sk_buff *skb, const char *how)
{
	return !strncmp(text(skb), how, strlen(how));
}

static bool ends(const struct sk_buff *skb, const char *how)
{
	size_t len = skb->len - NLMSG_HDRLEN;

	return skb_tailroom(skb) > 0 && strlen(text(skb)) == len && len > strlen(how) &&
	       !strcmp(text(skb) + len - strlen(how), how);
}

static char *many(char what, unsigned int count)
{
	char *said = malloc(count + 64);

	memset(said, what, count);
	said[count] = 0;
	return said;
}

static void a_field_is_in_its_place_with_a_nul_behind_whatever_room_there_was(void)
{
	static const char said[] = "arch=c000003e key=\"mk\"";
	struct sk_buff *skb;
	unsigned int room;

	for (room = 0; room < 100; room++) {
		skb = record(AUDIT_SYSCALL, said, strlen(said), room);
		expect(put(skb, A, strlen(A)) == FIELD_PLACED, skb);
		expect(is(skb, STAMP "arch=c000003e key=\"mk\" contid=" A), skb);
		gone(skb);
		skb = record(AUDIT_USER_AVC, "pid=1 msg='x'", 13, room);
		expect(put(skb, A, strlen(A)) == FIELD_PLACED, skb);
		expect(is(skb, STAMP "contid=" A " pid=1 msg='x'"), skb);
		gone(skb);
		skb = record(AUDIT_OBJ_PID, "opid=1", 6, room);
		expect(field_append(skb, " ocontid=", "?", 1) == FIELD_PLACED, skb);
		expect(is(skb, STAMP "opid=1 ocontid=?"), skb);
		gone(skb);
	}
}

static void no_control_byte_is_left_wherever_it_stands(void)
{
	unsigned int byte, at, len, i;
	struct sk_buff *skb;

	for (byte = 1; byte < 256; byte++) {
		for (len = 1; len < 36; len++) {
			for (at = 0; at < len; at++) {
				char said[36];
				bool control = byte < 0x20 || byte == 0x7f;

				memset(said, 'n', sizeof(said));
				said[at] = byte;
				skb = record(AUDIT_NETFILTER_CFG, said, len, 0);
				field_clean(skb);
				for (i = 0; i < len; i++) {
					unsigned char now = text(skb)[strlen(STAMP) + i];

					expect(now == (i != at ? 'n' : control ? '?' : byte), skb);
				}
				gone(skb);
			}
		}
	}
}

static void bytes_do_not_hide_one_another(void)
{
	static const unsigned char bytes[] = { 0x01, '\t', '\n', 0x0b, 0x1d, 0x1f, ' ', '!',
					       '~',  0x7f, 0x80, 0x8a, 0x9f, 0xfe, 0xff };
	const unsigned int len = 40;
	unsigned int round, i;
	struct sk_buff *skb;
	char said[40];

	srand(1);
	for (round = 0; round < 100000; round++) {
		for (i = 0; i < len; i++)
			said[i] = rand() % 3 ? 'n' : bytes[rand() % sizeof(bytes)];
		skb = record(AUDIT_NETFILTER_CFG, said, len, 0);
		field_clean(skb);
		for (i = 0; i < len; i++) {
			unsigned char byte = said[i], now = text(skb)[strlen(STAMP) + i];

			expect(now == (byte < 0x20 || byte == 0x7f ? '?' : byte), skb);
		}
		gone(skb);
		skb = record(AUDIT_USER_AVC, said, len, 0);
		expect(put(skb, A, strlen(A)) == FIELD_PLACED, skb);
		for (i = 0; i < len; i++) {
			char now = text(skb)[strlen(STAMP "contid=" A " ") + i];

			expect(now == (said[i] == '\n' ? ' ' : said[i]), skb);
		}
		gone(skb);
	}
}

static void the_numbers_of_a_system_call_are_passed_over_and_no_name_is(void)
{
	/* as short as a kernel prints it */
	static const char numbers[] =
		"arch=1 syscall=1 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=1 auid=0 uid=0 gid=0 "
		"euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=a ses=1 comm=";
	static const char stamp[] = "audit(1.000:1): ";
	struct sk_buff *skb = record(AUDIT_SYSCALL, numbers, strlen(numbers), 120);
	char *said = text(skb);

	/* what stands behind has the record pass any number that might be passed over */
	skb->len = sprintf(said, "%s%s\001 subj=\035 key=%0100d", stamp, numbers, 0) + NLMSG_HDRLEN;
	field_clean(skb);
	said += strlen(stamp) + strlen(numbers);
	expect(!strncmp(said, "? subj=?", 8), skb);
	gone(skb);
	/* what is shorter has no numbers */
	skb = record(AUDIT_SYSCALL, "\001", 1, 0);
	field_clean(skb);
	expect(text(skb)[strlen(STAMP)] == '?', skb);
	gone(skb);
}

static void no_control_byte_is_left_behind_the_numbers(void)
{
	static const unsigned char bytes[] = { 0x01, '\n', 0x1d, 0x1f, 0x7f, 0x80, 0xff };
	const unsigned int numbers = 152;
	unsigned int len, at, i;
	char said[300];

	memset(said, '1', sizeof(said));
	for (len = numbers; len < numbers + 100; len++) {
		for (at = numbers - strlen(STAMP); at < len; at++) {
			for (i = 0; i < sizeof(bytes); i++) {
				bool control = bytes[i] < 0x20 || bytes[i] == 0x7f;
				struct sk_buff *skb;

				said[at] = bytes[i];
				skb = record(AUDIT_SYSCALL, said, len, 0);
				field_clean(skb);
				said[at] = control ? '?' : bytes[i];
				expect(!memcmp(text(skb) + strlen(STAMP), said, len), skb);
				gone(skb);
			}
			said[at] = '1';
		}
	}
}

static void no_word_reads_as_a_field_of_ours(void)
{
	static const char *const said[][2] = {
		{ "table=x contid=B\035", "table=x contid?B?" },
		{ "contid=contid=x ocontid=y", "contid?contid?x ocontid?y" },
		{ "netcontid=y =contid= contid", "netcontid?y =contid? contid" },
		{ "a= contid =b contid==c", "a= contid =b contid?=c" },
	};
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < sizeof(said) / sizeof(*said); i++) {
		skb = record(AUDIT_NETFILTER_CFG, said[i][0], strlen(said[i][0]), 1);
		field_clean(skb);
		expect(!strncmp(text(skb) + strlen(STAMP), said[i][1], strlen(said[i][1])), skb);
		gone(skb);
	}
	/* the module's own */
	skb = record(AUDIT_KERNEL_OTHER, "op=register ocontid=x", 21, 0);
	field_clean(skb);
	expect(!strncmp(text(skb) + strlen(STAMP), "op=register ocontid=x", 21), skb);
	gone(skb);
}

static void a_message_without_room_loses_its_end_and_keeps_its_quote(void)
{
	unsigned int len, seen[3] = { 0 };
	enum field_fate fate;
	struct sk_buff *skb;
	char *said;

	for (len = 8700; len < 9300; len++) {
		said = many('x', len);
		memcpy(said, "pid=1 msg='", 11);
		said[len - 1] = '\'';
		skb = record(AUDIT_USER_AVC, said, len, len % 97);
		fate = put(skb, A, strlen(A));
		seen[fate]++;
		expect(fate != FIELD_UNPLACED, skb);
		expect(begins(skb, STAMP "contid=" A " pid=1 msg='xxx"), skb);
		expect(ends(skb, "xxx'"), skb);
		expect(skb->len <= NLMSG_HDRLEN + 8900, skb);
		expect(fate == FIELD_CUT || skb->len == NLMSG_HDRLEN + strlen(STAMP) + len + 44,
		       skb);
		gone(skb);
		free(said);
	}
	skb = record(AUDIT_USER_AVC, "", 0, 0);
	expect(seen[FIELD_PLACED] && seen[FIELD_CUT], skb);
	gone(skb);
}

static void a_terminals_message_of_any_length_has_the_field_and_whole_bytes(void)
{
	static const unsigned int lens[] = { 8840, 8841, 20000, 400000 };
	struct sk_buff *skb;
	unsigned int i;
	char *said;

	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		said = many('4', lens[i]);
		memcpy(said, "pid=1 data=", 11);
		skb = record(AUDIT_USER_TTY, said, 11 + (lens[i] - 11) / 2 * 2, 0);
		expect(put(skb, A, strlen(A)) == FIELD_CUT || lens[i] < 8850, skb);
		expect(begins(skb, STAMP "contid=" A " pid=1 data=44"), skb);
		expect(ends(skb, "4444"), skb);
		expect((skb->len - NLMSG_HDRLEN - strlen(STAMP "contid=" A " pid=1 data=")) % 2 ==
			       0,
		       skb);
		expect(skb->len <= NLMSG_HDRLEN + 8900, skb);
		gone(skb);
		free(said);
	}
}

static void a_newline_of_a_sender_is_a_blank(void)
{
	struct sk_buff *skb = record(AUDIT_USER_AVC, "pid=1 msg='\nx\035\n'", 16, 3);

	put(skb, A, strlen(A));
	expect(is(skb, STAMP "contid=" A " pid=1 msg=' x\035 '"), skb);
	gone(skb);
}

/* The end of a record of the kernel whose text is so long. */
static void what_stands_last_is_cut_and_the_field_is_there(void)
{
	static const char *const last[][3] = {
		/* what stands last, how it goes on, how it ends then */
		{ " key=\"", "kkkkkkkk\"", "kkk\" contid=" A },
		{ " key=", "4B4B4B4B4B4B4B4B4B4B4B", "4B4B contid=" A },
		{ " fsuid=", "1234567890123", "b=1 contid=" A },
		{ " subj", "=unconfined", "b=1 contid=" A },
	};
	struct sk_buff *skb;
	unsigned int i, len;
	char *said;

	for (i = 0; i < sizeof(last) / sizeof(*last); i++) {
		for (len = 8700; len < 9300; len++) {
			said = many('a', len);
			memcpy(said + len - 4, " b=1", 4);
			strcpy(said + len, last[i][0]);
			strcat(said, last[i][1]);
			skb = record(AUDIT_AVC, said, strlen(said), len % 97);
			expect(put(skb, A, strlen(A)) != FIELD_UNPLACED, skb);
			expect(ends(skb, " contid=" A), skb);
			expect(skb->len <= NLMSG_HDRLEN + 8900, skb);
			/* a field that has room stays whole */
			if (strlen(STAMP) + len + 44 <= 8900)
				expect(strstr(text(skb), "a b=1"), skb);
			/* no half of a quoted text, a number or a byte */
			if (skb->len > NLMSG_HDRLEN + strlen(STAMP) + len + 44) {
				char *end = strstr(text(skb), " contid=");
				char *field = text(skb) + strlen(STAMP) + len;

				if (i == 0)
					expect(end[-1] == '"' && end > field + 6, skb);
				if (i == 1)
					expect((end - field - 5) % 2 == 0, skb);
				if (i > 1)
					expect(ends(skb,
						    i == 2 ? "0123 contid=" A : "ned contid=" A),
					       skb);
			}
			gone(skb);
			free(said);
		}
	}
}

static void a_record_without_room_for_all_names_the_nearest(void)
{
	static const char label[] = A ",^" OUTER;
	char *said = many('a', 8900 - 44 - strlen(STAMP) - 10);
	struct sk_buff *skb = record(AUDIT_AVC, said, strlen(said), 0);

	expect(put(skb, label, strlen(label)) == FIELD_PLACED, skb);
	expect(ends(skb, "aa contid=" A ",^?"), skb);
	gone(skb);
	free(said);
}

static void without_memory_the_text_pays(void)
{
	char *said = many('a', 300);
	struct sk_buff *skb;
	unsigned int room;

	for (room = 0; room < 60; room++) {
		memcpy(said + 290, " key=\"kkk\"", 10);
		skb = record(AUDIT_SYSCALL, said, 300, room);
		skb->no_memory = true;
		expect(put(skb, A, strlen(A)) == (room > 44 ? FIELD_PLACED : FIELD_CUT), skb);
		expect(ends(skb, " contid=" A), skb);
		gone(skb);
	}
	free(said);
	/* too short to cut: it stays as it is */
	skb = record(AUDIT_SYSCALL, "a=1", 3, 0);
	skb->no_memory = true;
	expect(put(skb, A, strlen(A)) == FIELD_UNPLACED, skb);
	expect(skb->len == NLMSG_HDRLEN + strlen(STAMP "a=1"), skb);
	gone(skb);
}

static void no_stamp_no_field(void)
{
	struct sk_buff *skb = record(AUDIT_USER_AVC, "x", 1, 100);

	memset(text(skb), 'x', strlen(STAMP));
	expect(put(skb, A, strlen(A)) == FIELD_UNPLACED, skb);
	gone(skb);
}

static void a_record_without_a_field_is_cut_to_what_auditd_takes(void)
{
	static const char head[] = "op=drop res=1 vm=";
	unsigned int count, room = NLMSG_HDRLEN + 8900, with = room - NLMSG_HDRLEN - strlen(STAMP);
	struct sk_buff *skb;
	char *said;

	for (count = with - 40; count < with + 600; count++) {
		said = many('7', count);
		memcpy(said, head, strlen(head));
		skb = record(AUDIT_KERNEL_OTHER, said, count, count % 3);
		if (count <= with) {
			expect(field_fit(skb) == FIELD_PLACED, skb);
			expect(skb->len == NLMSG_HDRLEN + strlen(STAMP) + count, skb);
		} else {
			expect(field_fit(skb) == FIELD_CUT, skb);
			expect(skb->len <= room && skb->len + 4 > room, skb);
			expect(ends(skb, "77"), skb);
			/* whole bytes */
			expect(strlen(strstr(text(skb), "vm=") + 3) % 2 == 0, skb);
		}
		expect(begins(skb, STAMP "op=drop res=1 vm=7"), skb);
		gone(skb);
		free(said);
	}
}

#define RUN(name)             \
	do {                  \
		test = #name; \
		name();       \
	} while (0)

int main(void)
{
	RUN(a_field_is_in_its_place_with_a_nul_behind_whatever_room_there_was);
	RUN(no_control_byte_is_left_wherever_it_stands);
	RUN(bytes_do_not_hide_one_another);
	RUN(the_numbers_of_a_system_call_are_passed_over_and_no_name_is);
	RUN(no_control_byte_is_left_behind_the_numbers);
	RUN(no_word_reads_as_a_field_of_ours);
	RUN(a_message_without_room_loses_its_end_and_keeps_its_quote);
	RUN(a_terminals_message_of_any_length_has_the_field_and_whole_bytes);
	RUN(a_newline_of_a_sender_is_a_blank);
	RUN(what_stands_last_is_cut_and_the_field_is_there);
	RUN(a_record_without_room_for_all_names_the_nearest);
	RUN(without_memory_the_text_pays);
	RUN(no_stamp_no_field);
	RUN(a_record_without_a_field_is_cut_to_what_auditd_takes);
	return wrong != 0;
}
