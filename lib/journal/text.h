/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef JOURNAL_TEXT_H
#define JOURNAL_TEXT_H

/*
 * A journal as the text of its file: a first line with format, version and checksum, then
 * one JSON document. The checksum recognises a file that is cut short or damaged.
 */

#include "base/err.h"

#include <stddef.h>

struct journal;

/* No file is longer, so no run can fill a disk with its journal. */
#define JOURNAL_BYTES_MAX (4 * 1024 * 1024)

/* In the text of each run on trial: a quote inside of a JSON string has a backslash. */
#define JOURNAL_TRY "\"try\""

/* Format it, but for its id, which the file name has. Owned by the caller. */
char *journal_format(const struct journal *j);

/*
 * Parse the text of a file. Call journal_done() after success.
 * Return: 0; -EBADMSG if it is no journal, or damaged; -EPROTONOSUPPORT if another
 * version wrote it. The text of the error has no file name.
 */
int journal_parse(const char *text, size_t len, struct journal *ret, struct err *e);

#endif
