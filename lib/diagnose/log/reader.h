/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_READER_H
#define DIAGNOSE_LOG_READER_H

/* Records of a kernel log in any form, one after the other, in constant memory. */

#include "base/err.h"
#include "diagnose/log/boots.h"
#include "diagnose/log/journal.h"
#include "diagnose/log/lines.h"

struct log_reader {
	struct lines lines;
	bool journal;
	enum { JOURNAL_UNKNOWN, JOURNAL_EXPORT, JOURNAL_JSON } form;
	struct boots boots;
	struct log_time member_time; /* of a record in JSON, before its message */
	uint64_t known;              /* records, lines without a known form aside */
	uint64_t raw;                /* lines without a known form */
	uint64_t damaged;            /* entries of a journal that cannot be read */
	uint64_t sequence;           /* of the next record of /dev/kmsg */
	uint64_t lost;               /* records that the kernel overwrote */
	struct journal_entry entry;

	/*
	 * Whether the line can matter; NULL: each can. An entry in JSON is only parsed if
	 * it does.
	 */
	bool (*wants)(const char *line, size_t len, void *arg);
	void *wants_arg;
};

/* Begin to read; at `until`, that fails with -ETIME. Free with log_reader_done(). */
void log_reader_begin(struct log_reader *r, int fd, bool journal, struct deadline until);

/* Read the next record of the kernel. Return: 1; 0 at the end; -errno with `e` set. */
int log_reader_next(struct log_reader *r, struct log_record *ret, struct err *e);

void log_reader_done(struct log_reader *r);

#endif
