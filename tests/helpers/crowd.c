// SPDX-License-Identifier: GPL-2.0
/* crowd N: so many processes that do nothing, see crowd_main(), for a test. */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"

void fail(const char *what)
{
	perror(what);
	exit(125);
}

int main(int argc, char **argv)
{
	return argc == 2 ? crowd_main(atoi(argv[1])) : 2;
}
