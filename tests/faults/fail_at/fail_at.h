/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FAULTS_FAIL_AT_H
#define FAULTS_FAIL_AT_H

/* What the parts of fail-at share: main.c says what it is for. */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>

#ifndef SYS_poll
#define SYS_poll SYS_ppoll
#endif

#define NO_CALL UINT64_MAX
#define N_TOOLS 64

/* How a call names what it reads, and which argument is its length. */
enum how { BY_FD, BY_PATH, BY_NAME /* a path comes first */, BY_NUMBER };

struct call {
	uint64_t number;
	const char *name; /* NULL: it has no row */
	enum how how;
	unsigned length; /* its argument, from 1; 0: none */
};

struct fault {
	const char *name;
	int error; /* 0: the length is changed */
};

struct trace {
	pid_t pid, command;
	unsigned long at, seen;
	const struct fault *fault;
	bool once;     /* all calls count, and one fails */
	bool step;     /* it must be ended when it waits */
	uint64_t only; /* count this call; NO_CALL: all */
	unsigned slow_ms;
	bool filtered;        /* the kernel stops only at what counts */
	pid_t tools[N_TOOLS]; /* with a filter: they run another program, behind the
	                       * filter
	                       */
	size_t n_tools;
	bool takes_signals;
	unsigned children;
	bool counting;
	bool over;         /* nothing more fails: what runs need not be traced */
	pid_t failing;     /* in the call that fails; 0: none */
	char spoilt[4200]; /* what must not be read any more, as in the list; "": none */
	FILE *list;
	const char *list_name;
};

/* Print what failed, with the reason of errno, and exit with 125. */
_noreturn_ void die(const char *what);

/* --- calls.c --------------------------------------------------------------------------
 */

/* The calls that count without "once". */
#define N_READS 15
uint64_t call_that_reads(size_t i);

/* The row of a call; NULL: it is not counted. With `once`, each is, but those that
 * cannot fail. */
const struct call *call_of(bool once, uint64_t number);

/* The number of a call by its name, or of a number as text. */
uint64_t call_number(const char *name);

/* Describe a call of a process: "pread64 /dev/nvme0n1 4096". */
void call_describe(pid_t pid, const struct call *c, const uint64_t *args, char *text,
                   size_t size);

/* The fault of the first `len` bytes of a name; exits if there is none. */
const struct fault *fault_of(const char *name, size_t len);

/* --- spoil.c --------------------------------------------------------------------------
 */

/* At the entry of a call: count it, and spoil it if it is the one. */
void spoil_enter(struct trace *t, uint64_t number, const uint64_t *args);

/* At its end: set the result. */
void spoil_leave(struct trace *t);

/* --- follow.c -------------------------------------------------------------------------
 */

/* Follow the command, and its children, until it ends. Return: its status. */
int follow(struct trace *t);

#endif
