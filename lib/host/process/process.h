/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_PROCESS_H
#define HOST_PROCESS_PROCESS_H

/* Entries of a /proc; only for lib/host. */

#include "base/err.h"

#include <stddef.h>

/* The number of a process by its directory's name; 0: it is none. */
int process_number(const char *name);

/*
 * Call `fn` for each process of the directory `proc`, which is closed. Return: 0; -errno
 * if the directory could not be read to its end.
 */
int processes_each(int proc, void (*fn)(int proc, int pid, void *arg), void *arg,
                   struct err *e);

/* Read its command, "" if it is gone. A process can give itself any name: unprintable
 * bytes become "?". */
void process_command(int proc, int pid, char *ret, size_t size);

#endif
