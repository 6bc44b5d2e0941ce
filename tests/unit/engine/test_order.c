/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The order in which resources of one kind are applied. */
#include "engine/order.h"
#include "resource/kind.h"
#include "test.h"

#include <string.h>

/* "b2" must precede "a2": a letter later in the alphabet, and the same digit. */
static bool later_letter(const struct resource *a, const struct resource *b)
{
	return a->name[1] == b->name[1] && a->name[0] > b->name[0];
}

static const struct kind ordered = {.name = "ordered", .precedes = later_letter};
static const struct kind plain = {.name = "plain"};

/* Names before and after; a capital letter: in sync; '-' first: of the other kind. */
static const struct row {
	const char *name;
	const char *before[5], *after[5];
} rows[] = {
	{"unrelated ones stay", {"a1", "b2", "c3"}, {"a1", "b2", "c3"}},
	{"one moves up to the other", {"a1", "x2", "b1", "y3"}, {"b1", "a1", "x2", "y3"}},
	{"right already", {"b1", "a1"}, {"b1", "a1"}},
	{"two pairs", {"a1", "a2", "b2", "b1"}, {"b1", "a1", "b2", "a2"}},
	{"another kind", {"-1", "a1", "b1"}, {"-1", "b1", "a1"}},
	{"one that is in sync", {"A1", "b1"}, {"A1", "b1"}},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct resource all[5] = {0}, *list[5];
	char names[5][3];
	size_t n = 0;

	for (; n < ARRAY_SIZE(all) && row->before[n]; n++) {
		memcpy(names[n], row->before[n], 3);
		all[n].name = names[n];
		all[n].kind = names[n][0] == '-' ? &plain : &ordered;
		all[n].run.change.state =
			names[n][0] >= 'A' && names[n][0] <= 'Z' ? STATE_OK : STATE_DRIFT;
		list[n] = &all[n];
	}
	order_resources(list, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(list[i]->name, row->after[i]);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	return suite_run(&s);
}
