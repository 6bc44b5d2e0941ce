/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_JOURNALS_H
#define CMD_JOURNALS_H

#include "base/err.h"
#include "cmd.h"

struct journal_store;

/* Print the journals of a store; NULL: there is none. */
enum exit_code journals_list(const struct options *o, const struct journal_store *s);

/* Print why a journal cannot be used, and return the exit code for it. */
enum exit_code journals_failed(const struct err *e);

#endif
