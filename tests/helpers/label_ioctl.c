// SPDX-License-Identifier: GPL-2.0
/*
 * label_ioctl COMMAND [KEY=VALUE...]: one call of /dev/audit_contid that has to do with a
 * label. Prints "OK" and the result, or the errno's name and number.
 *
 *   register  pid=N, contid=UUID, join
 *             text=TEXT   the label, with \xHH for any byte
 *             len=N       what is said of its length
 *             at=null|kernel|edge|readonly  where the label lies: edge puts its last byte
 *                         on a page that is not there; else that begins right behind it
 *   get       contid=UUID: the label's length, and itself with \xHH
 *             at=null|kernel|edge|readonly  where the argument lies
 *             poke=N      with the byte at this offset set
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/audit_contid.h>

#define TEXT_MAX 4096

static struct {
	int device;
	const char *at;
	char text[TEXT_MAX];
	size_t text_len;
	long len;
	int pid;
	unsigned int flags;
	struct audit_contid contid;
	long poke;
} arguments = { .at = "", .len = -1, .flags = AUDIT_CONTID_PID, .poke = -1 };

static void answer(int err)
{
	if (err)
		printf("%s %d\n", strerrorname_np(errno), errno);
}

/* So that the last byte is the last that can be touched, or that one beyond it. */
static void *place(const void *from, size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE), room = 2 * page,
	       beyond = !strcmp(arguments.at, "edge");
	char *p =
		mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *to = p + room - size + beyond;

	if (!strcmp(arguments.at, "null"))
		return NULL;
	if (!strcmp(arguments.at, "kernel"))
		return (void *)-page;
	if (p == MAP_FAILED || mprotect(p + room, page, PROT_NONE)) {
		perror("mmap");
		exit(2);
	}
	memcpy(to, from, size - beyond);
	if (!strcmp(arguments.at, "readonly"))
		mprotect(p, room, PROT_READ);
	return to;
}

static void command_register(void)
{
	size_t len = arguments.text_len;
	struct audit_contid_register arg = {
		.flags = arguments.flags,
		.target = arguments.pid,
		.contid = arguments.contid,
		.label = len || *arguments.at ? (uintptr_t)place(arguments.text, len) : 0,
		.label_len = arguments.len >= 0 ? (unsigned long)arguments.len : len,
	}, before = arg;
	int err = ioctl(arguments.device, AUDIT_CONTID_IOC_REGISTER, &arg);

	answer(err);
	if (!err)
		puts("OK");
	if (memcmp(&arg, &before, sizeof(arg)))
		puts("the argument was changed");
}

static void command_get(void)
{
	struct audit_contid_label label = { .contid = arguments.contid }, *arg;
	int err;

	if (arguments.poke >= 0)
		((char *)&label)[arguments.poke] = 1;
	arg = place(&label, sizeof(label));
	err = ioctl(arguments.device, AUDIT_CONTID_IOC_LABEL, arg);
	answer(err);
	if (err)
		return;
	printf("OK %u ", arg->label_len);
	for (uint32_t i = 0; i < arg->label_len && i < sizeof(arg->label); i++) {
		unsigned char byte = arg->label[i];

		printf(byte > ' ' && byte <= '~' && byte != '\\' ? "%c" : "\\x%02x", byte);
	}
	putchar('\n');
	for (uint32_t i = arg->label_len; i < sizeof(arg->label); i++) {
		if (arg->label[i])
			printf("byte %u behind the label is %#x\n", i, arg->label[i]);
	}
	memset(arg->label, 0, sizeof(arg->label));
	arg->label_len = 0;
	if (memcmp(arg, &label, sizeof(label)))
		puts("more than the answer was changed");
}

static void contid_parse(const char *text)
{
	unsigned int byte;

	for (size_t n = 0; n < sizeof(arguments.contid.b) && *text;) {
		if (*text == '-') {
			text++;
		} else if (sscanf(text, "%2x", &byte) == 1) {
			arguments.contid.b[n++] = byte;
			text += 2;
		} else {
			break;
		}
	}
}

static void text_parse(const char *text)
{
	unsigned int byte;

	for (; *text && arguments.text_len < TEXT_MAX; arguments.text_len++) {
		if (sscanf(text, "\\x%2x", &byte) == 1) {
			arguments.text[arguments.text_len] = byte;
			text += strlen("\\xHH");
		} else {
			arguments.text[arguments.text_len] = *text++;
		}
	}
}

static void argument(const char *word)
{
	const char *value = strchr(word, '=');

	value = value ? value + 1 : "";
	if (!strncmp(word, "pid=", 4))
		arguments.pid = atoi(value);
	else if (!strncmp(word, "contid=", 7))
		contid_parse(value);
	else if (!strncmp(word, "text=", 5))
		text_parse(value);
	else if (!strncmp(word, "len=", 4))
		arguments.len = strtol(value, NULL, 0);
	else if (!strncmp(word, "at=", 3))
		arguments.at = value;
	else if (!strncmp(word, "poke=", 5))
		arguments.poke = strtol(value, NULL, 0);
	else if (!strcmp(word, "join"))
		arguments.flags |= AUDIT_CONTID_JOIN;
	else
		fprintf(stderr, "label_ioctl: what is %s?\n", word);
}

int main(int argc, char **argv)
{
	arguments.device = open(AUDIT_CONTID_DEVICE, O_RDWR);
	if (arguments.device < 0) {
		answer(-1);
		return 0;
	}
	for (int i = 2; i < argc; i++)
		argument(argv[i]);
	if (argc > 1 && !strcmp(argv[1], "register"))
		command_register();
	else
		command_get();
	return 0;
}
