/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_QDISC_H
#define NETWORK_QUEUES_QDISC_H

/*
 * The queueing disciplines of an interface as one line: "fq", or, with one for each send
 * queue, "mq fq" if all are the same, and "mq fq,pfifo" if not, in the order of queues.
 * "noop": none, as of an interface that was never up.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

/* What a profile can ask for: they need no parameters. Ended by NULL. */
extern const char *const qdisc_kinds[];

/*
 * Read them. *ret_text is owned by the caller. Return: 0; -ENODEV: no such interface;
 * -ENODATA: this is no live system, or another namespace; -errno.
 */
int qdisc_read(const struct host *h, const char *interface, char **ret_text,
               struct err *e);

/*
 * Return the line that `now` becomes where the profile asks for `kind`, owned by the
 * caller. mq stays; `queues` > 1 without it: gets it, with one of `kind` for each queue.
 */
char *qdisc_wanted(const char *now, const char *kind, unsigned queues);

/*
 * Return the first that hosttune could not restore, since it has classes, or parameters
 * that it needs. Owned by the caller; NULL: there is none.
 */
char *qdisc_configured(const char *text);

/* Whether a line, of a journal for example, is one that qdisc_write() takes. */
bool qdisc_is_text(const char *text);

/*
 * Set them of the interface with that number. `restore`: use the kernel's default, if it
 * is that line. Return: as above; -ENOENT: the kernel lacks the kind.
 */
int qdisc_write(struct host *h, const char *interface, unsigned index, const char *text,
                bool restore, struct err *e);

/* The same as a command for a shell. Owned by the caller. */
char *qdisc_command(const char *interface, const char *text, unsigned queues);

#endif
