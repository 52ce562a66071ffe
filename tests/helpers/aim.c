// SPDX-License-Identifier: GPL-2.0
/*
 * aim HOW PID [SIGNAL]: reaches for PID by one of the calls that send a signal, or by
 * ptrace. Without a signal it does it no harm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

static long aim(const char *how, pid_t pid, int sig)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE, .si_pid = getpid() };

	if (!strcmp(how, "kill"))
		return kill(pid, sig);
	if (!strcmp(how, "tkill"))
		return syscall(SYS_tkill, pid, sig);
	if (!strcmp(how, "tgkill"))
		return syscall(SYS_tgkill, pid, pid, sig);
	if (!strcmp(how, "pidfd"))
		return syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, pid, 0), sig, NULL,
			       0);
	if (!strcmp(how, "rt_sigqueueinfo"))
		return syscall(SYS_rt_sigqueueinfo, pid, sig, &info);
	if (!strcmp(how, "rt_tgsigqueueinfo"))
		return syscall(SYS_rt_tgsigqueueinfo, pid, pid, sig, &info);
	if (!strcmp(how, "timer")) {
		/* as if a timer had sent it */
		info.si_code = SI_TIMER;
		return syscall(SYS_rt_sigqueueinfo, pid, sig, &info);
	}
	if (!strcmp(how, "ptrace"))
		return ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 4)
		return 2;
	if (aim(argv[1], atoi(argv[2]), argc > 3 ? atoi(argv[3]) : 0) < 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
