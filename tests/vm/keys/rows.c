/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "rows.h"

#include "base/macro.h"
#include "base/mem.h"
#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "net.ipv4.conf.eth0.mtu" is one key for all interfaces. */
static char *pattern_of(const char *key)
{
	static const char *const before[] = {"net.ipv4.conf.", "net.ipv4.neigh.",
	                                     "net.ipv6.conf.", "net.ipv6.neigh.",
	                                     "net.mpls.conf.", "net.mpls.neigh."};

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		size_t len = strlen(before[i]);
		const char *rest = strchr(key + (strlen(key) < len ? 0 : len), '.');

		if (strncmp(key, before[i], len) == 0 && rest)
			return mem_format("%s*%s", before[i], rest);
	}
	return mem_dup(key);
}

static bool read_row(struct rows *rows, const char *text)
{
	struct row r = {.line = mem_dup_n(text, strcspn(text, "\n")), .order = rows->n};
	char *rest = r.line;
	const char *key = strsep(&rest, "\t"), *words;

	r.shape = strsep(&rest, "\t");
	r.rounds = strsep(&rest, "\t");
	r.low = strsep(&rest, "\t");
	r.high = strsep(&rest, "\t");
	words = strsep(&rest, "\t");
	r.module = strsep(&rest, "\t");
	if (!r.module) {
		free(r.line);
		return false;
	}
	r.words = (size_t)keys_number(words);
	r.pattern = pattern_of(key);
	rows->list = mem_grow(rows->list, &rows->cap, rows->n, sizeof(r));
	rows->list[rows->n++] = r;
	return true;
}

bool rows_read(struct rows *rows, const char *file)
{
	FILE *in = fopen(file, "re");
	_free_ char *line = NULL;
	size_t room = 0;
	bool ok = in;

	while (ok && getline(&line, &room, in) > 0)
		ok = read_row(rows, line);
	if (in)
		(void)fclose(in);
	if (!ok)
		(void)fprintf(stderr, "sysctl-keys: %s: not a scan\n", file);
	return ok;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int r = strcmp(x->pattern, y->pattern);

	return r ? r : (x->order > y->order) - (x->order < y->order);
}

void rows_sort(struct rows *rows)
{
	if (rows->n > 0)
		qsort(rows->list, rows->n, sizeof(*rows->list), compare_rows);
}

void rows_done(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		free(rows->list[i].line);
		free(rows->list[i].pattern);
	}
	free(rows->list);
	*rows = (struct rows){0};
}
