/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_JOURNAL_H
#define DIAGNOSE_LOG_JOURNAL_H

/* One entry of a journal, as its readers collect it field by field. */

#include "diagnose/log/record.h"

#include <stdbool.h>

#define JOURNAL_MESSAGE_MAX 4096
#define JOURNAL_BOOT_ID     33

struct journal_entry {
	char message[JOURNAL_MESSAGE_MAX + 1];
	size_t len;                /* of message: the start of it */
	bool has_message, foreign; /* foreign: of another program than the kernel */
	char boot_id[JOURNAL_BOOT_ID];
	struct log_time time; /* since boot if the entry has it */
};

/* Whether an entry's field matters. */
bool journal_wants(const char *name, size_t len);

/* Take a field. `name` has `len` bytes; the value ends with NUL, and its other NULs are
 * blanks. */
void journal_set(struct journal_entry *j, const char *name, size_t len, const char *value,
                 size_t value_len);

/*
 * Take the entry as a record, but for its boot and line. Return: false: it is not of the
 * kernel.
 */
bool journal_record(const struct journal_entry *j, struct log_record *ret);

#endif
