// SPDX-License-Identifier: GPL-2.0
/*
 * make_log NODES CONTAINERS EVENTS [enriched]: print an audit log in which so many
 * machines have so many containers each, of which each causes so many events. Eight of a
 * machine live at a time. The same arguments give the same bytes; how many records and
 * bytes they are is said on stderr. NODES of 0 is one machine whose name is not in the log.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE   8 /* of a machine, at a time */
#define BEGIN  1790000000000ULL /* of the log, in milliseconds */
#define BUFFER (1 << 20)

static char buffer[BUFFER];
static size_t filled;
static uint64_t records, bytes;

static void flush_buffer(void)
{
	if (fwrite(buffer, 1, filled, stdout) != filled)
		exit(1); /* the reader has gone */
	bytes += filled;
	filled = 0;
}

static void add_text(const char *text)
{
	size_t len = strlen(text);

	memcpy(buffer + filled, text, len);
	filled += len;
}

static void add_number(uint64_t number, int digits)
{
	char text[20], *at = text + sizeof(text);

	for (; number || digits > 0; number /= 10, digits--)
		*--at = '0' + number % 10;
	memcpy(buffer + filled, at, text + sizeof(text) - at);
	filled += text + sizeof(text) - at;
}

/**
 * struct event - one of one container
 * @node: its machine; nodes are counted from 1 on, 0 has no name
 * @container: which one of that machine
 * @milli: when
 * @serial: its number
 */
struct event {
	unsigned int node;
	uint64_t container, milli, serial;
};

static void add_contid(const struct event *event)
{
	static const char hex[] = "0123456789abcdef";
	uint64_t id = event->container;

	for (int i = 7; i >= 0; i--, id >>= 4)
		buffer[filled + i] = hex[id & 15];
	filled += 8;
	add_text("-0123-4123-8123-000000");
	add_number(event->node, 6);
}

static bool enriched;

/*
 * A record: $ in the text is the container's ID, % its first process, # the next argument,
 * which is a number. @names is what auditd adds, in its form ENRICHED.
 */
static void record(const struct event *event, const char *type, const char *names, const char *text,
		   ...)
{
	va_list numbers;

	if (filled > BUFFER - 4096)
		flush_buffer();
	if (event->node) {
		add_text("node=node");
		add_number(event->node, 1);
		add_text(" ");
	}
	add_text("type=");
	add_text(type);
	add_text(" msg=audit(");
	add_number(event->milli / 1000, 1);
	add_text(".");
	add_number(event->milli % 1000, 3);
	add_text(":");
	add_number(event->serial, 1);
	add_text("): ");
	va_start(numbers, text);
	for (; *text; text++) {
		if (*text == '$')
			add_contid(event);
		else if (*text == '%')
			add_number(2000 + event->container % 30000 * 10, 1);
		else if (*text == '#')
			add_number(va_arg(numbers, int), 1);
		else
			buffer[filled++] = *text;
	}
	va_end(numbers);
	if (enriched)
		add_text(names);
	buffer[filled++] = '\n';
	records++;
}

#define IDS "auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=3 "

static const char call_names[] =
	"\035ARCH=x86_64 SYSCALL=openat AUID=\"alice\" UID=\"root\" GID=\"root\" EUID=\"root\" "
	"SUID=\"root\" FSUID=\"root\" EGID=\"root\" SGID=\"root\" FSGID=\"root\"";

static void begin(const struct event *event)
{
	record(event, "KERNEL_OTHER", "",
	       "op=register opid=% ocontid=$ old-ocontid=-1 nsdev=0:4 mntns=4026532201 "
	       "pidns=4026532204 ppid=1 pid=999 " IDS
	       "comm=\"crun\" exe=\"/usr/bin/crun\" subj=unconfined res=1 vm=\"web-#\"",
	       (int)event->container);
}

static void end(const struct event *event)
{
	record(event, "KERNEL_OTHER", "",
	       "op=drop opid=% ocontid=$ ppid=999 pid=% " IDS
	       "comm=\"sh\" exe=\"/bin/sh\" subj=unconfined res=1 vm=\"web-#\" contid=$",
	       (int)event->container);
}

static void opening(const struct event *event, int number)
{
	record(event, "SYSCALL", call_names,
	       "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd0836ce9c a2=0 a3=0 "
	       "items=1 ppid=999 pid=% " IDS
	       "comm=\"cat\" exe=\"/usr/bin/cat\" subj=unconfined key=\"files\" contid=$");
	record(event, "CWD", "", "cwd=\"/srv/data\"");
	record(event, "PATH", "\035OUID=\"root\" OGID=\"shadow\"",
	       "item=0 name=\"/etc/file-#\" inode=5# dev=fe:00 mode=0100640 ouid=0 ogid=42 "
	       "rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
	       number, number);
	record(event, "PROCTITLE", "", "proctitle=636174002F6574632F736861646F77");
	record(event, "EOE", "", "");
}

static void execution(const struct event *event, int number)
{
	record(event, "SYSCALL", "",
	       "arch=c000003e syscall=59 success=yes exit=0 a0=55d0c0ffee a1=55d0c0ff10 "
	       "a2=55d0c0ff20 a3=0 items=1 ppid=999 pid=% " IDS
	       "comm=\"sh\" exe=\"/usr/bin/sh\" subj=unconfined key=\"exec\" contid=$");
	record(event, "EXECVE", "", "argc=3 a0=\"sh\" a1=\"-c\" a2=6C73202D6C");
	record(event, "CWD", "", "cwd=\"/srv/data\"");
	record(event, "PATH", "",
	       "item=0 name=\"/usr/bin/sh\" inode=7# dev=fe:00 mode=0100755 ouid=0 ogid=0 "
	       "rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
	       number);
	record(event, "PROCTITLE", "", "proctitle=7368002D63006C73202D6C");
	record(event, "EOE", "", "");
}

/* Step 0 begins a container, the last one ends it. Each machine does the same at that time. */
static void each_node(unsigned int nodes, uint64_t container, uint64_t step, uint64_t events)
{
	static uint64_t serial;

	serial++;
	for (unsigned int node = nodes ? 1 : 0; node <= nodes; node++) {
		const struct event event = {
			.node = node,
			.container = container,
			.milli = BEGIN + serial * 10,
			.serial = serial,
		};

		if (!step)
			begin(&event);
		else if (step > events)
			end(&event);
		else if (step % 10 == 1)
			execution(&event, serial % 1000);
		else
			opening(&event, serial % 1000);
	}
}

int main(int argc, char **argv)
{
	unsigned int nodes = argc > 1 ? atoi(argv[1]) : 0;
	uint64_t containers = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t events = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;

	if (!containers || !events) {
		fprintf(stderr, "usage: make_log NODES CONTAINERS EVENTS [enriched]\n");
		return 2;
	}
	enriched = argc > 4;
	for (uint64_t wave = 0; wave < containers; wave += LIVE) {
		for (uint64_t step = 0; step < events + 2; step++) {
			for (uint64_t which = 0; which < LIVE && wave + which < containers; which++)
				each_node(nodes, wave + which, step, events);
		}
	}
	flush_buffer();
	fprintf(stderr, "%" PRIu64 " records, %" PRIu64 " bytes\n", records, bytes);
	return 0;
}
