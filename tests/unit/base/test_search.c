/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Searching a sorted list: always the first of equal elements. */
#include "base/search.h"

#include "base/macro.h"
#include "test.h"

static int compare(const void *key, const void *element)
{
	int x = *(const int *)key, y = *(const int *)element;

	return (x > y) - (x < y);
}

static const struct row {
	const char *name;
	int list[6];
	size_t n;
	int key, at; /* at: index; -1: none */
} rows[] = {
	{"empty", {0}, 0, 1, -1},
	{"one", {1}, 1, 1, 0},
	{"below", {1, 2}, 2, 0, -1},
	{"between", {1, 3}, 2, 2, -1},
	{"above", {1, 2}, 2, 3, -1},
	{"all equal", {1, 1, 1, 1, 1, 1}, 6, 1, 0},
	{"equal in the middle", {0, 1, 1, 1, 1, 2}, 6, 1, 1},
	{"equal at the end", {0, 0, 1, 2, 2, 2}, 6, 2, 3},
};

static void test_first(void **state)
{
	const struct row *row = *state;
	const int *found =
		search_first(&row->key, row->list, row->n, sizeof(*row->list), compare);

	assert_int_equal(found ? found - row->list : -1, row->at);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_first);
	return suite_run(&s);
}
