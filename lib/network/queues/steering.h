/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_STEERING_H
#define NETWORK_QUEUES_STEERING_H

/*
 * What steers packets to CPUs or queues: a file of each queue, all together as one line,
 * "8-15" if they are the same, else one value for each queue, "0,4 1,5 none". A value is
 * a list of CPUs or "none", or a number.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

struct steering {
	const char *name;      /* as its kind: "rps" */
	const char *direction; /* of its queues: "rx" */
	const char *file;      /* of a queue: "rps_cpus" */
	bool mask;             /* CPUs; else a number */
};

#define STEERING_NONE "none"

/* Reading is bounded: a line has at most as many values. */
#define STEERING_QUEUES_MAX 4096

/*
 * Read the line. *ret is owned by the caller. Return: 0; -ENODEV: no such interface;
 * -EOPNOTSUPP: it has none; -errno.
 */
int steering_read(const struct host *h, const struct steering *s, const char *interface,
                  char **ret, struct err *e);

/* Write what differs. Return: as above. */
int steering_write(struct host *h, const struct steering *s, const char *interface,
                   const char *line, struct err *e);

/*
 * The files below `dir`, the directory of the interface, joined by "\n". Owned by the
 * caller; NULL: there are none.
 */
char *steering_files(const struct host *h, const struct steering *s,
                     const char *interface, const char *dir);

/* Whether a line, of a journal for example, is one. */
bool steering_is_line(const struct steering *s, const char *line);

/* Join the values of `n` queues to a line. Owned by the caller. */
char *steering_line(char *const *values, unsigned n);

/* The commands of a shell that write the line. Owned by the caller. */
char *steering_command(const struct steering *s, const char *interface, const char *line);

#endif
