/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef JOURNAL_STORE_H
#define JOURNAL_STORE_H

/*
 * Where journals are kept: in the persistent directory of the bootstrap or host container
 * that hosttune runs in, else in /var/lib/hosttune of the host; one file for each run.
 *
 * A file that root does not own, or that others may write, is not read: whoever can write
 * a journal decides what revert writes.
 */

#include "base/err.h"
#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct host;
struct journal;

/* On the host, unless there is a container's persistent directory. */
#define JOURNAL_DIR "/var/lib/hosttune/journal"

struct journal_store {
	int fd;     /* of the directory; -1: not open */
	char *path; /* for messages */
};

/*
 * Open the directory `dir` (a path of this process, --state-dir; NULL: the default of the
 * host `h`). `create`: make it if it does not exist.
 *
 * Return: 0; -ENOENT if it does not exist and `create` is false; -EROFS if this process
 * has no place that it could be made in; -EPERM if others may write there; -errno. Call
 * journal_store_close() after success.
 */
int journal_store_open(struct journal_store *s, struct host *h, const char *dir,
                       bool create, struct err *e);
void journal_store_close(struct journal_store *s);

#define _journal_store_ _cleanup_(journal_store_close)

/* List the ids of all journals, in rising order; owned by the caller. */
int journal_store_list(const struct journal_store *s, unsigned **ret, size_t *ret_n,
                       struct err *e);

/*
 * Read a journal. Return: 0, and call journal_done(); -ENOENT; -EPERM if it is not root's
 * own; as journal_parse().
 */
int journal_store_load(const struct journal_store *s, unsigned id, struct journal *ret,
                       struct err *e);

/*
 * Read its text, which journal_parse() takes, and which the caller owns. Return: its
 * length; as journal_store_load().
 */
ssize_t journal_store_read(const struct journal_store *s, unsigned id, char **ret,
                           struct err *e);

/*
 * The same as journal_store_load() of a run on trial (apply --try), or of one that was.
 * -ENODATA: it never was, and is not parsed: each apply asks all journals.
 */
int journal_store_load_trial(const struct journal_store *s, unsigned id,
                             struct journal *ret, struct err *e);

/*
 * Write a journal so that it survives a crash: the file is complete, or the older one is
 * still there. A journal without an id gets the next one.
 * Return: 0; -EFBIG if it exceeds JOURNAL_BYTES_MAX or JOURNAL_RECORDS_MAX; -errno. The
 * older file is unchanged after an error.
 */
int journal_store_save(const struct journal_store *s, struct journal *j, struct err *e);

int journal_store_remove(const struct journal_store *s, unsigned id, struct err *e);

#endif
