/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/suggest.h"
#include "test.h"

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct row {
	const char *typed; /* also the test's name */
	const char *best;
	const char *candidates[4];
} rows[] = {
	{"sysctl", "sysctl", {"modules", "sysctl", "storage"}},
	{"sysclt", "sysctl", {"modules", "sysctl", "storage"}}, /* two swapped */
	{"sysct", "sysctl", {"modules", "sysctl"}},             /* one missing */
	{"ssysctl", "sysctl", {"modules", "sysctl"}},           /* one too many */
	{"sysctk", "sysctl", {"modules", "sysctl"}},            /* one wrong */
	{"ysctl", "sysctl", {"sysctl"}},                        /* the first missing */
	{"swapiness", "swappiness", {"swap", "swappiness"}},
	{"mounts", "mount", {"format", "mount", "mkfs"}},
	{"optoins", "options", {"option", "options"}}, /* the nearer, not the first */
	{"persits", "persist", {"persist"}},
	{"minn", "min", {"max", "min"}},
	{"abd", "abc", {"abc", "abe"}}, /* equally near: the first */
	{"ab", "ac", {"ac"}},           /* one edit is always accepted */
	{"a", NULL, {"b", "c"}},        /* but not if no letter matches */
	{"kernel", NULL, {"modules", "sysctl", "nfsd"}},
	{"abcdef", "abcxyf", {"abcxyf"}}, /* a third wrong */
	{"abcde", NULL, {"abcxy"}},       /* more than a third */
	{"abcdefghi", "abcxyzghi", {"abcxyzghi"}},
	{"abcdefghj", "abcdefghj", {"abcdefgh", "abcdefghj", "bacdefghj"}},
	{"", NULL, {"a"}},
	{"anything", NULL, {NULL}},
	{X64, X64, {X64}},
	{X64 "x", NULL, {X64}}, /* longer than the limit */
	{X64, NULL, {X64 "x"}},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct suggest s = {.typed = row->typed};

	for (size_t i = 0; i < ARRAY_SIZE(row->candidates) && row->candidates[i]; i++)
		suggest_offer(&s, row->candidates[i]);
	assert_text(s.best, row->best);
}

/* Further away than `most`, though a third of the letters could be wrong. */
static void test_most(void **state)
{
	struct suggest s = {.typed = "abcdefghi", .most = 2};

	(void)state;
	suggest_offer(&s, "abcdexyzi");
	suggest_offer(&s, "xyzdefghi");
	suggest_offer(&s, "abcdefghijkl");
	assert_null(s.best);
	suggest_offer(&s, "abcdefxyi");
	suggest_offer(&s, "bacdefghi");
	assert_text(s.best, "bacdefghi");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_test(&s, "most", test_most);
	return suite_run(&s);
}
