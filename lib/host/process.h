/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_H
#define HOST_PROCESS_H

/* Entries of a /proc; only for lib/host. */

#include <stddef.h>

/* The number of a process by its directory's name; 0: it is none. */
int process_number(const char *name);

/* Read its command, "" if it is gone. A process can give itself any name: unprintable
 * bytes become "?". */
void process_command(int proc, int pid, char *ret, size_t size);

#endif
