/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/shown.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "sysctl/known/shape.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEX    "0123456789abcdefABCDEF"
#define DIGITS "0123456789"

/* --- choices -------------------------------------------------------------------------
 */

static bool is_chosen(const char *word, size_t len)
{
	return len > 2 && word[0] == '[' && word[len - 1] == ']';
}

void sysfs_shown_parse(const char *text, struct sysfs_shown *ret)
{
	_buf_ struct buf choices = {0};
	const char *rest = text, *word;
	size_t len, chosen = 0;

	*ret = (struct sysfs_shown){0};
	while ((word = words_next(&rest, ' ', &len))) {
		bool this = is_chosen(word, len);
		_free_ char *one = mem_dup_n(word + this, len - 2 * (size_t)this);

		buf_join(&choices, " ", one);
		chosen += this;
		if (this)
			mem_set(&ret->now, TAKE_PTR(one));
	}
	if (chosen == 1) {
		ret->choices = buf_take(&choices);
		return;
	}
	mem_set(&ret->now, mem_dup(text));
}

void sysfs_shown_done(struct sysfs_shown *s)
{
	mem_set(&s->now, NULL);
	mem_set(&s->choices, NULL);
}

/* --- masks and lists ------------------------------------------------------------------
 */

/* "00000000,0000000f": each group but the first has eight digits. */
static bool has_groups(const char *s)
{
	size_t first = strspn(s, HEX);

	if (first == 0 || first > 8 || s[first] != ',')
		return false;
	for (s += first; *s == ','; s += 9)
		if (strspn(s + 1, HEX) < 8)
			return false;
	return *s == '\0';
}

/* Names that the kernel prints with %*pb: a number there is hexadecimal. */
static bool is_mask_file(const char *path)
{
	static const char *const names[] = {"*/*_cpus", "*/*cpumask", "*/*_mask",
	                                    "*/*_map", "*/cpu*_affinity"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (fnmatch(names[i], path, 0) == 0)
			return true;
	return false;
}

static bool is_mask(const char *s)
{
	return *s && !s[strspn(s, HEX ",")];
}

static bool is_list(const char *s)
{
	return strpbrk(s, "-,") && isdigit((unsigned char)*s) &&
	       !s[strspn(s, DIGITS "-,")];
}

/* --- comparing ------------------------------------------------------------------------
 */

static bool same_word(const char *want, size_t n_want, const char *now, size_t n_now)
{
	_free_ char *a = mem_dup_n(want, n_want), *b = mem_dup_n(now, n_now);
	sysctl_number x, y;

	if (strcmp(a, b) == 0)
		return true;
	/* whether the kernel takes 010 for 8 or for 10 depends on the file */
	if ((a[0] == '0' && isdigit((unsigned char)a[1])) ||
	    (b[0] == '0' && isdigit((unsigned char)b[1])))
		return false;
	return sysctl_number_parse(a, &x) == 0 && sysctl_number_parse(b, &y) == 0 &&
	       x == y;
}

static bool same_words(const char *want, const char *now)
{
	for (;;) {
		size_t n_want, n_now;
		const char *a = words_next(&want, ' ', &n_want),
			   *b = words_next(&now, ' ', &n_now);

		if (!a || !b)
			return !a && !b;
		if (!same_word(a, n_want, b, n_now))
			return false;
	}
}

bool sysfs_shown_same(const char *path, const char *want, const char *now)
{
	if (strcmp(want, now) == 0)
		return true;
	if (is_mask(want) && is_mask(now) && (is_mask_file(path) || has_groups(now)))
		return sysctl_shape_same_set(SHAPE_MASK, want, now);
	if (is_list(want) || is_list(now))
		return sysctl_shape_same_set(SHAPE_CPUS, want, now);
	return same_words(want, now);
}

/* --- booleans -------------------------------------------------------------------------
 */

static const char *const pairs[][2] = {
	{"N", "Y"},
	{"n", "y"},
	{"0", "1"},
	{"off", "on"},
	{"no", "yes"},
	{"f", "t"},
	{"false", "true"},
	{"disabled", "enabled"},
	{"disable", "enable"},
};

/* Return: 0 or 1; -1: no boolean. */
static int truth_of(const char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		for (int b = 0; b < 2; b++)
			if (strcasecmp(s, pairs[i][b]) == 0)
				return b;
	return -1;
}

const char *sysfs_shown_bool(const char *want, const char *now)
{
	int truth = truth_of(want);

	for (size_t i = 0; i < ARRAY_SIZE(pairs) && truth >= 0; i++)
		if (strcmp(now, pairs[i][0]) == 0 || strcmp(now, pairs[i][1]) == 0)
			return pairs[i][truth];
	return NULL;
}
