// SPDX-License-Identifier: GPL-2.0
/*
 * uring_open inline|async|sqpoll FILE: opens FILE by an io_uring operation.
 *   inline  in the system call that submits it
 *   async   in a worker thread (io-wq)
 *   sqpoll  in the thread that polls the submission queue
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *map(int fd, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
}

int main(int argc, char **argv)
{
	struct io_uring_params p = { 0 };
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	unsigned int *tail;
	struct stat known;
	char *sq, *cq;
	int fd, submit = 1;

	if (argc != 3 ||
	    (strcmp(argv[1], "inline") && strcmp(argv[1], "async") && strcmp(argv[1], "sqpoll"))) {
		fputs("usage: uring_open inline|async|sqpoll FILE\n", stderr);
		return 2;
	}
	/* "inline" is only tried with what is in the cache */
	if (stat(argv[2], &known)) {
		perror(argv[2]);
		return 1;
	}
	if (!strcmp(argv[1], "sqpoll")) {
		p.flags = IORING_SETUP_SQPOLL;
		p.sq_thread_idle = 10000;
		submit = 0;
	}
	fd = syscall(SYS_io_uring_setup, 4, &p);
	if (fd < 0) {
		perror("io_uring_setup");
		return 1;
	}
	sq = map(fd, p.sq_off.array + p.sq_entries * sizeof(unsigned int), IORING_OFF_SQ_RING);
	cq = map(fd, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), IORING_OFF_CQ_RING);
	sqe = map(fd, p.sq_entries * sizeof(*sqe), IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sqe->opcode = IORING_OP_OPENAT;
	sqe->flags = strcmp(argv[1], "async") ? 0 : IOSQE_ASYNC;
	sqe->fd = AT_FDCWD;
	sqe->addr = (unsigned long)argv[2];
	sqe->open_flags = O_RDONLY;
	((unsigned int *)(sq + p.sq_off.array))[0] = 0;
	tail = (unsigned int *)(sq + p.sq_off.tail);
	__atomic_store_n(tail, 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, submit, 1,
		    IORING_ENTER_GETEVENTS | (submit ? 0 : IORING_ENTER_SQ_WAKEUP), NULL, 0) < 0) {
		perror("io_uring_enter");
		return 1;
	}
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	if (cqe->res < 0) {
		errno = -cqe->res;
		perror(argv[2]);
		return 1;
	}
	return 0;
}
