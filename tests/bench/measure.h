/* SPDX-License-Identifier: GPL-2.0 */
/* What is measured, where, and in whose company. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <sys/types.h>

/* The program that does nothing: this one, with this argument. */
#define NOTHING "nothing"

/**
 * struct line - a line of the table
 * @name: as it is named on the command line
 * @iterations: how often it is done in one repetition
 * @prepare: done once before all, or NULL
 * @once: does it once
 */
struct line {
	const char *name;
	unsigned int iterations;
	void (*prepare)(void);
	void (*once)(void);
};

extern const struct line process_lines[];
extern const struct line audit_lines[];

void fail(const char *what) __attribute__((noreturn));
uint64_t now(void);
int measure_line(const struct line *line, unsigned int iterations, unsigned int repetitions,
		 unsigned int region);
int reap(pid_t pid);

int open_device(void);
void register_pid(int device, pid_t pid);
int place(unsigned int depth, int (*fn)(void *data), void *data);

pid_t crowd_add(unsigned int count, pid_t *pids);
int crowd_main(unsigned int count);
int device_lines(unsigned int count, unsigned int repetitions);

#endif
