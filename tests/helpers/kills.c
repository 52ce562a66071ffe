// SPDX-License-Identifier: GPL-2.0
/*
 * kills COUNT: COUNT children, fifty at a time, that are killed by SIGKILL one after
 * the other. SIGCHLD is ignored, so each is released as soon as it is dead, and its
 * number is free.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define AT_ONCE 50

int main(int argc, char **argv)
{
	pid_t child[AT_ONCE];

	if (argc != 2)
		return 2;
	signal(SIGCHLD, SIG_IGN);
	for (int left = atoi(argv[1]); left > 0; left -= AT_ONCE) {
		for (int i = 0; i < AT_ONCE; i++) {
			child[i] = fork();
			if (child[i] < 0)
				return 1;
			if (!child[i]) {
				for (;;)
					pause();
			}
		}
		/* older than the clock tick that the events' stamps are taken from */
		usleep(10000);
		for (int i = 0; i < AT_ONCE; i++) {
			if (kill(child[i], SIGKILL))
				return 1;
		}
	}
	return 0;
}
