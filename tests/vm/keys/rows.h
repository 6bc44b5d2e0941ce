/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef VM_ROWS_H
#define VM_ROWS_H

/* The lines of scans. */

#include <stdbool.h>
#include <stddef.h>

/* One line of a scan; its texts are parts of `line`. */
struct row {
	char *line, *pattern; /* the key, with * for an interface */
	const char *shape, *rounds, *low, *high, *module;
	size_t words;
	size_t order; /* in the scans */
};

struct rows {
	struct row *list;
	size_t n, cap;
};

/* Add the rows of a scan. Return: false if it is none, as printed. */
bool rows_read(struct rows *rows, const char *file);

/* Sort by key, then in the order of the scans. */
void rows_sort(struct rows *rows);

void rows_done(struct rows *rows);

#endif
