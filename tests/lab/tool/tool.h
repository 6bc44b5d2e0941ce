/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef LAB_TOOL_H
#define LAB_TOOL_H

/*
 * What the experiments of tests/lab measure with: each command of the program lab-tool is
 * a file. Times are CLOCK_MONOTONIC in microseconds; results are lines "NAME VALUE" on
 * stdout.
 */

#include <stddef.h>
#include <stdint.h>

typedef int command_fn(int argc, char **argv);

command_fn tool_files, tool_probe, tool_hold, tool_gauge, tool_copy, tool_walk,
	tool_drain, tool_serve, tool_send, tool_transfer, tool_ask, tool_random,
	tool_memory;

/* Microseconds since boot. */
int64_t now_us(void);

void sleep_us(int64_t us);

/* Print why, with errno, and end the process. */
_Noreturn void die(const char *what);

/* A number of the command line, or end the process. */
long number(const char *text);

/* Set by SIGTERM after catch_term: print what was measured, and end. */
extern volatile int stopped;
void catch_term(void);

/* Times of one operation; their memory lasts as long as the process. */
struct times {
	const char *name;
	int64_t *us;
	size_t n, size;
};

void times_add(struct times *t, int64_t us);

/* Print "NAME.p50", "NAME.p99" and "NAME.max"; nothing if there are none. */
void times_print(struct times *t);

/* The next number of a sequence that `state` (not 0) determines. */
uint64_t random_next(uint64_t *state);

#endif
