/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef JOURNAL_STORE_PART_H
#define JOURNAL_STORE_PART_H

/* What the files of the store share. */

#include <stdbool.h>

struct stat;

/* "000000017.journal" */
#define NAME_BYTES 32

/* The name of a journal; `ret` has NAME_BYTES bytes. */
void journal_store_file_name(char *ret, unsigned id);

/* Whether only this user may write it. */
bool journal_store_is_safe(const struct stat *st);

#endif
