// SPDX-License-Identifier: GPL-2.0
/* The arguments of each ioctl, the answers that they may get, and what is in these. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz_call.h"

#ifndef MAP_32BIT /* where no 32-bit call is made either, see ioctl_32() */
#define MAP_32BIT 0
#endif
#define GARBAGE 0xa5
#define OURS	8

/* Now and then one that is refused, before the target is looked at. */
static void add_label(struct call *call, struct audit_contid_register *arg)
{
	struct random *random = &call->caller->random;
	uint32_t len = 1 + below(random, AUDIT_CONTID_LABEL_MAX);
	char *text = call->room + below(random, 64);

	for (uint32_t i = 0; i < len; i++)
		text[i] = 1 + below(random, 255);
	arg->label = (uintptr_t)text;
	arg->label_len = len;
	switch (below(random, 30)) {
	case 0:
		arg->label_len =
			AUDIT_CONTID_LABEL_MAX + 1 + below(random, 1U << below(random, 32));
		call->may = ONE(E2BIG);
		break;
	case 1:
		text[below(random, len)] = 0;
		call->may = ONE(EINVAL);
		break;
	case 2:
		arg->label = random_next(random) | 1ULL << 63;
		call->may = ONE(EFAULT);
		break;
	case 3:
		arg->label = (uintptr_t)call->room + ROOM - below(random, len);
		call->may = ONE(EFAULT);
		break;
	case 4:
		arg->label = 0;
		call->may = ONE(EINVAL);
		break;
	case 5:
		arg->label_len = 0;
		call->may = ONE(EINVAL);
	}
	if (arg->flags & AUDIT_CONTID_JOIN)
		call->may = ONE(EINVAL);
}

static void call_register(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_register arg = {}, before;
	struct aim aim = take_aim(call->caller);
	bool join = one_in(random, 3), tree = one_in(random, 100), bad = one_in(random, 6);

	call->request = AUDIT_CONTID_IOC_REGISTER;
	call->size = sizeof(arg);
	arg.flags = aim.flags | (join ? AUDIT_CONTID_JOIN : 0) | (tree ? AUDIT_CONTID_TREE : 0);
	arg.flags |= one_in(random, 8) ? AUDIT_CONTID_RESTORE : 0;
	arg.target = aim.number;
	contid_of_pool(below(random, POOL), &arg.contid);
	if (one_in(random, 4))
		*(uint64_t *)arg.contid.b = random_next(random);
	call->may = aim.may ?: ONE(0) | ONE(ESRCH) | ONE(EEXIST);
	if (!aim.may) {
		call->may |= join ? ONE(ENOENT) : NOTUNIQ | ONE(EMLINK) | ONE(ENOSPC);
		call->may |= tree ? ONE(EAGAIN) : ONE(EBUSY);
		if (join || call->caller->role == IN_CONTAINER)
			call->may |= ONE(EXDEV);
	}
	if (one_in(random, join ? 24 : 3))
		add_label(call, &arg);
	if (bad) {
		call->may = ONE(EINVAL);
		switch (below(random, 6)) {
		case 0:
			arg.flags |= 1U << (5 + below(random, 27));
			break;
		case 1:
			arg.flags ^= AUDIT_CONTID_PID | AUDIT_CONTID_PIDFD;
			arg.flags |= aim.flags;
			break;
		case 2:
			arg.flags &= ~(AUDIT_CONTID_PID | AUDIT_CONTID_PIDFD);
			break;
		case 3:
			((char *)arg.reserved)[below(random, sizeof(arg.reserved))] =
				1 + below(random, 255);
			break;
		default:
			memset(&arg.contid, one_in(random, 2) ? 0 : 0xff, sizeof(arg.contid));
		}
	}
	before = arg;
	if (!call_send(call, &arg) && memcmp(&arg, &before, sizeof(arg)))
		wrong("REGISTER has changed its argument");
	if (aim.opened >= 0)
		close(aim.opened);
}

static void call_get(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_get arg = {};
	struct aim aim = take_aim(call->caller);
	size_t rest = sizeof(arg) - offsetof(struct audit_contid_get, depth);
	int err;

	call->request = AUDIT_CONTID_IOC_GET;
	call->size = sizeof(arg);
	arg.flags = aim.flags;
	arg.target = aim.number;
	/* one's own can be read */
	call->may = aim.may == ONE(EXDEV) ? ONE(0) : aim.may ?: ONE(0) | ONE(ESRCH);
	if (!aim.may && call->caller->role == IN_CONTAINER)
		call->may |= ONE(EXDEV);
	if (one_in(random, 6)) {
		call->may = ONE(EINVAL);
		if (one_in(random, 2))
			arg.flags |= 1U << (2 + below(random, 30));
		else
			((char *)&arg.depth)[below(random, rest)] = 1 + below(random, 255);
	}
	err = call_send(call, &arg);
	if (!err) {
		if (arg.depth > info.max_depth || arg.origin > AUDIT_CONTID_ORIGIN_ADOPTED ||
		    !arg.origin != !arg.depth || arg.flags != aim.flags || arg.target != aim.number)
			wrong("GET: depth %u, origin %u", arg.depth, arg.origin);
		else if (!is_zero(arg.contid + arg.depth,
				  (AUDIT_CONTID_DEPTH_MAX - arg.depth) * sizeof(*arg.contid)) ||
			 !is_zero(arg.reserved, sizeof(arg.reserved)))
			wrong("GET: what is not used is not zero");
	}
	if (aim.opened >= 0)
		close(aim.opened);
}

static void look_at_list(const struct audit_contid_list *list, uint64_t after,
			 const struct audit_contid_container *found, uint32_t room)
{
	for (uint32_t i = 0; i < list->count && i < room; i++) {
		const struct audit_contid_container *c = &found[i];

		if (c->serial <= after || !c->depth || c->depth > info.max_depth ||
		    !is_zero(c->reserved, sizeof(c->reserved)) ||
		    is_zero(&c->contid, sizeof(c->contid)) || c->first_pid <= 0)
			wrong("LIST: container %u has serial %llu after %llu, depth %u, first %d",
			      i, c->serial, (unsigned long long)after, c->depth, c->first_pid);
		after = c->serial;
	}
	if (list->count > room || (list->more && list->count < room) || list->after < after)
		wrong("LIST: %u of room for %u, more %u, after %llu", list->count, room, list->more,
		      list->after);
}

static void call_list(struct call *call)
{
	static const uint32_t counts[] = { 1, 2, 3, 7, 64, 511, 512, 513, 65536, UINT32_MAX };
	struct random *random = &call->caller->random;
	struct audit_contid_list arg = {};
	uint32_t fits = (ROOM / 2) / sizeof(struct audit_contid_container);
	char *buffer = call->room;
	uint64_t after;
	int err;

	call->request = AUDIT_CONTID_IOC_LIST;
	call->size = sizeof(arg);
	call->may = ONE(0);
	arg.count = counts[below(random, sizeof(counts) / sizeof(*counts))];
	arg.after = one_in(random, 3) ? random_next(random) >> below(random, 64) : 0;
	arg.buffer = (uintptr_t)buffer;
	if (one_in(random, 8)) {
		/* only if there is something to copy */
		arg.buffer = one_in(random, 2) ? random_next(random) | 1ULL << 63 :
						 below(random, 4096);
		call->may |= ONE(EFAULT);
	}
	if (one_in(random, 8)) {
		call->may = ONE(EINVAL);
		if (one_in(random, 3))
			arg.count = 0;
		else if (one_in(random, 2))
			*(one_in(random, 2) ? &arg.live : &arg.changes) = random_next(random) | 1;
		else
			((char *)arg.reserved)[below(random, sizeof(arg.reserved))] = 1;
	}
	fits = arg.count < fits ? arg.count : fits;
	memset(buffer, GARBAGE, ROOM / 2);
	after = arg.after;
	err = call_send(call, &arg);
	if (err || arg.buffer != (uintptr_t)buffer)
		return;
	look_at_list(&arg, after, (void *)buffer, fits);
	for (size_t i = arg.count * sizeof(struct audit_contid_container); i < ROOM / 2; i++) {
		if ((unsigned char)buffer[i] != GARBAGE) {
			wrong("LIST: wrote %zu bytes for %u", i, arg.count);
			break;
		}
	}
}

static void call_stats(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_stats arg = {};
	struct audit_contid_probe *probes = (void *)call->room;
	size_t rest = sizeof(arg) - offsetof(struct audit_contid_stats, hooks_on);
	uint32_t room = below(random, 20);

	call->request = AUDIT_CONTID_IOC_STATS;
	call->size = sizeof(arg);
	call->may = ONE(0);
	arg.count = one_in(random, 8) ? UINT32_MAX : room;
	arg.buffer = one_in(random, 3) ? 0 : (uintptr_t)probes;
	if (arg.buffer && one_in(random, 8)) {
		arg.buffer = random_next(random) | 1ULL << 63;
		call->may = arg.count ? ONE(EFAULT) : ONE(0);
	}
	if (one_in(random, 8)) {
		((char *)&arg.hooks_on)[below(random, rest)] = 1 + below(random, 255);
		call->may = ONE(EINVAL);
	}
	if (!call_send(call, &arg) &&
	    (!arg.count || arg.hooks_on != 1 || arg.containers > info.max_containers ||
	     !is_zero(arg.reserved, sizeof(arg.reserved))))
		wrong("STATS: %u probes, hooks_on %u, %llu containers", arg.count, arg.hooks_on,
		      arg.containers);
}

/* Never the right moment: that would end all containers. */
static void call_release(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_release arg = { .changes = random_next(random) | 1ULL << 63 };

	call->request = AUDIT_CONTID_IOC_RELEASE;
	call->size = sizeof(arg);
	call->may = ONE(call->caller->role == IN_CONTAINER ? EPERM : EAGAIN);
	if (one_in(random, 4)) {
		((char *)arg.reserved)[below(random, sizeof(arg.reserved))] = 1;
		call->may = ONE(EINVAL);
	}
	call_send(call, &arg);
}

static void call_label(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_label arg = {}, before;
	size_t rest = sizeof(arg) - offsetof(struct audit_contid_label, label_len);

	call->request = AUDIT_CONTID_IOC_LABEL;
	call->size = sizeof(arg);
	call->may = ONE(0) | ONE(ENOENT);
	contid_of_pool(below(random, POOL), &arg.contid);
	if (one_in(random, 6)) {
		((char *)&arg.label_len)[below(random, rest)] = 1 + below(random, 255);
		call->may = ONE(EINVAL);
	}
	before = arg;
	if (call_send(call, &arg))
		return;
	if (arg.label_len > AUDIT_CONTID_LABEL_MAX || strlen(arg.label) != arg.label_len ||
	    !is_zero(arg.label + arg.label_len, sizeof(arg.label) - arg.label_len))
		wrong("LABEL: %u bytes", arg.label_len);
	memset(arg.label, 0, sizeof(arg.label));
	arg.label_len = 0;
	if (memcmp(&arg, &before, sizeof(arg)))
		wrong("LABEL has changed more than its answer");
}

/*
 * Rates that make hardly anybody wait for long: who is frozen has to come to a stop, and the
 * crowd to go on.
 */
static void call_rate(struct call *call)
{
	struct random *random = &call->caller->random;
	struct audit_contid_rate arg = {}, before;

	call->request = AUDIT_CONTID_IOC_RATE;
	call->size = sizeof(arg);
	call->may = ONE(0) | ONE(ENOENT);
	if (call->caller->role == IN_CONTAINER)
		call->may |= ONE(EXDEV);
	contid_of_pool(below(random, POOL), &arg.contid);
	arg.rate = one_in(random, 2) ? 0 : 1000 + below(random, AUDIT_CONTID_RATE_MAX - 999);
	if (arg.rate && one_in(random, 2))
		arg.burst = 1 + below(random, AUDIT_CONTID_RATE_MAX);
	switch (below(random, 12)) {
	case 0:
		arg.rate = AUDIT_CONTID_RATE_MAX + 1 + random_next(random) % UINT64_MAX / 2;
		call->may = ONE(ERANGE);
		break;
	case 1:
		arg.burst = AUDIT_CONTID_RATE_MAX + 1 + random_next(random) % UINT64_MAX / 2;
		call->may = ONE(ERANGE);
		break;
	case 2:
		arg.rate = 0;
		arg.burst = 1;
		call->may = ONE(EINVAL);
		break;
	case 3:
		arg.flags = 1U << below(random, 32);
		call->may = ONE(EINVAL);
		break;
	case 4:
		((char *)&arg
			 .reserved0)[below(random, sizeof(arg.reserved0) + sizeof(arg.reserved))] =
			1;
		call->may = ONE(EINVAL);
	}
	before = arg;
	if (!call_send(call, &arg) && memcmp(&arg, &before, sizeof(arg)))
		wrong("RATE has changed its argument");
}

static void call_info(struct call *call)
{
	struct audit_contid_info arg;

	memset(&arg, GARBAGE, sizeof(arg));
	call->request = AUDIT_CONTID_IOC_INFO;
	call->size = sizeof(arg);
	call->may = ONE(0);
	if (!call_send(call, &arg) && memcmp(&arg, &info, sizeof(arg)))
		wrong("INFO has changed");
}

/* A number that is none, or one of ours with another size or direction. */
static void call_nothing(struct call *call)
{
	static const unsigned long ours[] = { AUDIT_CONTID_IOC_INFO,  AUDIT_CONTID_IOC_REGISTER,
					      AUDIT_CONTID_IOC_GET,   AUDIT_CONTID_IOC_LIST,
					      AUDIT_CONTID_IOC_STATS, AUDIT_CONTID_IOC_RELEASE,
					      AUDIT_CONTID_IOC_LABEL, AUDIT_CONTID_IOC_RATE };
	struct random *random = &call->caller->random;
	char argument[64] = "";

	do {
		call->request = (uint32_t)random_next(random);
	} while (_IOC_TYPE(call->request) == 'f' || _IOC_TYPE(call->request) == 'T' ||
		 _IOC_TYPE(call->request) == 'X' || call->request < 0x10000);
	if (one_in(random, 2))
		call->request = ours[below(random, OURS)] ^ 1UL << below(random, 32);
	for (int i = 0; i < OURS; i++) {
		if (call->request == ours[i])
			call->request ^= 0x80;
	}
	call->size = sizeof(argument);
	call->may = ONE(ENOTTY);
	call->at = argument;
	call_make(call, (unsigned long)argument);
}

/* The right is each thread's own. */
static void lose_right(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		fail("capget");
	data[0].effective &= ~(1U << CAP_AUDIT_CONTROL);
	if (syscall(SYS_capset, &head, data))
		fail("capset");
}

/**
 * caller_run - call
 * @data: a struct caller
 */
void *caller_run(void *data)
{
	static void (*const kinds[])(struct call * call) = {
		[INFO] = call_info,   [REGISTER] = call_register, [GET] = call_get,
		[LIST] = call_list,   [STATS] = call_stats,	  [RELEASE] = call_release,
		[LABEL] = call_label, [RATE] = call_rate,	  [NO_IOCTL] = call_nothing,
	};
	struct caller *caller = data;
	char *room = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (room == MAP_FAILED || mprotect(room + ROOM, 4096, PROT_NONE))
		fail("mmap");
	if (caller->role == WITHOUT_RIGHT)
		lose_right();
	for (unsigned long i = 0; i < caller->count && !shared->failed; i++) {
		struct call call = { .caller = caller, .room = room };

		switch (below(&caller->random, 32)) {
		case 0:
			call.kind = INFO;
			break;
		case 1 ... 16:
			call.kind = REGISTER;
			break;
		case 17 ... 26:
			call.kind = GET;
			break;
		case 27 ... 28:
			call.kind = LIST;
			break;
		case 29:
			call.kind = one_in(&caller->random, 2) ? STATS : RELEASE;
			if (one_in(&caller->random, 3))
				call.kind = LABEL;
			else if (one_in(&caller->random, 3))
				call.kind = RATE;
			break;
		default:
			call.kind = NO_IOCTL;
		}
		kinds[call.kind](&call);
	}
	munmap(room, ROOM + 4096);
	return NULL;
}
