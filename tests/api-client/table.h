/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef API_CLIENT_TABLE_H
#define API_CLIENT_TABLE_H

/* The table of requests and answers. Its first lines describe its format. */

#include "base/err.h"

#include <stddef.h>

#include "answer.h"

/* The first is the version whose answers stand for the others' where these are missing.
 */
#define VERSIONS 2
extern const char *const versions[VERSIONS];

struct row {
	const char *section; /* of the table; equal pointers are the same section */
	char *method, *target, *body;
	char *differs; /* NULL: the stub must answer as the real server */
	struct answer answers[VERSIONS];
};

struct table {
	struct word {
		char *name, *text;
	} * words;
	char **sections;
	struct row *rows;
	size_t n_words, n_sections, n_rows;
	size_t cap_words, cap_sections, cap_rows;
};

/* Read a table. Return: 0 or -errno; table_done() must follow in both cases. */
int table_read(struct table *table, const char *path, struct err *e);

/* Return: the text of a "let" line, NULL if there is none. */
const char *table_word(const struct table *table, const char *name, size_t len);

void table_done(struct table *table);

#endif
