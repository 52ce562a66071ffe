// SPDX-License-Identifier: GPL-2.0
/*
 * deep_exec LENGTH PROGRAM [ARGUMENT...]: executes a copy of PROGRAM whose whole path has so
 * many bytes, with a blank among them, in directories below this one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t left;

static void down(size_t len)
{
	char name[256];

	memset(name, 'd', len);
	name[len] = 0;
	name[1] = ' ';
	if (mkdir(name, 0755) || chdir(name)) {
		perror(name);
		exit(1);
	}
	left -= len + 1;
}

int main(int argc, char **argv)
{
	char here[4096], name[256] = "./";
	struct stat st;
	int in, out;

	if (argc < 3 || !getcwd(here, sizeof(here))) {
		fputs("usage: deep_exec LENGTH PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	in = open(argv[2], O_RDONLY);
	if (in < 0 || fstat(in, &st)) {
		perror(argv[2]);
		return 1;
	}
	/* for the slash and the name */
	left = atoi(argv[1]) - strlen(here);
	while (left > 400)
		down(200);
	if (left > 200)
		down(left / 2);
	memset(name + 2, 'p', left - 1);
	out = open(name, O_WRONLY | O_CREAT | O_EXCL, 0755);
	if (out < 0 || sendfile(out, in, NULL, st.st_size) != st.st_size || close(out)) {
		perror(name);
		return 1;
	}
	argv[2] = name;
	execv(name, argv + 2);
	perror(name);
	return 1;
}
