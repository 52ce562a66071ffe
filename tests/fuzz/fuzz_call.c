// SPDX-License-Identifier: GPL-2.0
/*
 * Calls while everything moves. The right answer is not known beforehand, but each
 * call has answers that it must never get. If the argument itself is wrong, that is
 * known, and so is which error comes first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz_call.h"

#define KTHREADD 2
#define PIDS_END 4194304
#define DEAD_FD	 4000 /* nobody opens so many */

static uint64_t bit_of(int err)
{
	if (err == ENOTUNIQ)
		return NOTUNIQ;
	if (err == EOPNOTSUPP)
		return NOTSUPP;
	return err < 60 ? ONE(err) : ONE(63);
}

void count_call(enum kind kind, int err)
{
	atomic_fetch_add(&shared->calls[kind][err < ERRNOS ? err : ERRNOS - 1], 1);
}

void count_register(int err)
{
	if (!err)
		atomic_fetch_add(&shared->registered, 1);
	else if (err != EPERM)
		atomic_fetch_add(&shared->refused, 1);
}

/* As a 32-bit process calls: the compat ioctl. */
static int ioctl_32(int fd, unsigned long request, unsigned long argument)
{
#ifdef __x86_64__
	long answer = 54;

	asm volatile("int $0x80"
		     : "+a"(answer)
		     : "b"((long)fd), "c"(request), "d"(argument)
		     : "memory", "r8", "r9", "r10", "r11");
	errno = answer < 0 ? -answer : 0;
	return answer < 0 ? -1 : answer;
#else
	return ioctl(fd, request, argument);
#endif
}

int call_make(struct call *call, unsigned long argument)
{
	struct caller *caller = call->caller;
	bool narrow = argument >> 32 == 0 && one_in(&caller->random, 8);
	int answer = narrow ? ioctl_32(caller->device, call->request, argument) :
			      ioctl(caller->device, call->request, argument);
	int err = answer ? errno : 0;

	if (caller->role == WITHOUT_RIGHT)
		call->may = ONE(EPERM);
	count_call(call->kind, err);
	if (call->kind == REGISTER && !call->unread)
		count_register(err);
	if (!(bit_of(err) & call->may))
		wrong("ioctl %#lx, role %d, flags %#x, target %d: %s is no answer to it (%#lx)",
		      call->request, caller->role, *(unsigned int *)call->at, ((int *)call->at)[1],
		      err ? strerrorname_np(err) : "OK", call->may);
	return err;
}

/* --- where the argument lies */

/* So that its last byte is the last that can be touched. */
static void *end_of(char *room, size_t size)
{
	return room + ROOM - size;
}

/*
 * Makes the call with the argument somewhere; mostly where it can be read and
 * written. Return: 0 if it succeeded, with the answer in @arg; else the errno.
 */
int call_send(struct call *call, void *arg)
{
	struct random *random = &call->caller->random;
	uint64_t may = call->may;
	size_t cut;
	int err;

	call->at = arg;
	if (one_in(random, 24)) {
		static const unsigned long bad[] = { 0,
						     1,
						     -1UL,
						     0xffff888000000000UL,
						     1UL << 47,
						     (1UL << 47) - 8,
						     0x7fffffff000UL };

		call->may = ONE(EFAULT);
		call->unread = true;
		return call_make(call, bad[below(random, sizeof(bad) / sizeof(*bad))]);
	}
	if (call->size && one_in(random, 48)) {
		cut = 1 + below(random, call->size);
		call->may = ONE(EFAULT);
		call->unread = true;
		memcpy(end_of(call->room, call->size - cut), arg, call->size - cut);
		return call_make(call, (unsigned long)end_of(call->room, call->size - cut));
	}
	/* at an address that is not aligned, too */
	call->at = (char *)end_of(call->room, call->size) - below(random, 4);
	memcpy(call->at, arg, call->size);
	call->may = may;
	err = call_make(call, (unsigned long)call->at);
	if (err && memcmp(call->at, arg, call->size) && call->kind != INFO)
		wrong("ioctl %#lx has failed with %s and changed its argument", call->request,
		      strerrorname_np(err));
	memcpy(arg, call->at, call->size);
	return err;
}

bool is_zero(const void *from, size_t size)
{
	static const char zeros[512];

	return !memcmp(from, zeros, size);
}

/* --- targets */

static pid_t somebody(struct random *random)
{
	for (int i = 0; i < 4; i++) {
		pid_t pid = shared->slot[below(random, SLOTS)];

		if (pid > 0)
			return pid;
	}
	return PIDS_END + 7;
}

static void aim_by_pid(struct caller *caller, struct aim *aim)
{
	static const int nobody[] = { 0, -1, INT32_MIN, INT32_MAX, PIDS_END + 1 };

	aim->flags = AUDIT_CONTID_PID;
	switch (below(&caller->random, 16)) {
	case 0:
		aim->number = nobody[below(&caller->random, sizeof(nobody) / sizeof(*nobody))];
		aim->may = ONE(ESRCH);
		break;
	case 1:
		aim->number = one_in(&caller->random, 2) ? getpid() : (pid_t)syscall(SYS_gettid);
		aim->may = ONE(EXDEV);
		break;
	case 2:
		aim->number = KTHREADD;
		aim->may = ONE(EINVAL);
		break;
	default:
		aim->number = somebody(&caller->random);
		aim->may = 0;
	}
}

static void aim_by_fd(struct caller *caller, struct aim *aim)
{
	pid_t pid;

	aim->flags = AUDIT_CONTID_PIDFD;
	switch (below(&caller->random, 16)) {
	case 0:
		aim->number = one_in(&caller->random, 2) ? -1 : DEAD_FD;
		aim->may = ONE(EBADF);
		break;
	case 1:
		aim->number = one_in(&caller->random, 2) ? caller->device : MEMORY_FD;
		aim->may = ONE(EBADF);
		break;
	default:
		pid = one_in(&caller->random, 16) ? getpid() : somebody(&caller->random);
		aim->opened = syscall(SYS_pidfd_open, pid, 0);
		aim->number = aim->opened;
		aim->may = aim->opened < 0 ? ONE(EBADF) : pid == getpid() ? ONE(EXDEV) : 0;
	}
}

struct aim take_aim(struct caller *caller)
{
	struct aim aim = { .opened = -1 };

	if (one_in(&caller->random, 2))
		aim_by_pid(caller, &aim);
	else
		aim_by_fd(caller, &aim);
	return aim;
}
