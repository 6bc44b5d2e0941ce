/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/sysctl_check.h"

#include "base/num.h"
#include "kinds/sysctl_known.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* --- words ----------------------------------------------------------------------------
 */

/* Whether the value will be `*ret` or more. */
static bool at_least(const struct sysctl_word *w, int64_t *ret)
{
	return w->bound != SYSCTL_MAX && !w->unknown && num_i64(w->text, ret) == 0;
}

/* Whether the value will be `*ret` or less. */
static bool at_most(const struct sysctl_word *w, int64_t *ret)
{
	return w->bound != SYSCTL_MIN && !w->unknown && num_i64(w->text, ret) == 0;
}

/* Return: false if it was told to be out of range. */
static bool check_range(const struct sysctl_known *known, const struct sysctl_word *w,
                        struct problems *ps)
{
	int64_t x = INT64_MAX;
	int code;

	if (!known->why || w->unknown)
		return true;
	code = num_i64(w->text, &x);
	if (code == 0 && x >= known->min && x <= known->max)
		return true;
	if (code == -EINVAL)
		problems_add(ps, w->at, "sysctl %s \"%s\": should be a whole number",
		             known->key, w->text);
	else if (x < known->min && known->max >= INT32_MAX)
		problems_add(ps, w->at,
		             "sysctl %s \"%s\": should be %" PRId64 " or more (%s)",
		             known->key, w->text, known->min, known->why);
	else
		problems_add(ps, w->at,
		             "sysctl %s \"%s\": should be %" PRId64 " to %" PRId64
		             " (%s)",
		             known->key, w->text, known->min, known->max, known->why);
	return false;
}

static void check_floor(const struct sysctl_known *known, int64_t floor,
                        const struct sysctl_word *w, struct problems *ps)
{
	int64_t x;

	if (at_most(w, &x) && x < floor)
		problems_warn(ps, w->at,
		              "sysctl %s \"%s\": lowers what a Bottlerocket node has "
		              "(say {min: %" PRId64 "})",
		              known->key, w->text, floor);
}

/* --- one sysctl -----------------------------------------------------------------------
 */

static void check_count(const struct sysctl_known *known, const struct sysctl_wanted *w,
                        struct problems *ps)
{
	size_t n = known->words ? known->words : known->why ? 1 : w->value->n;

	if (w->value->n != n)
		problems_add(ps, w->at,
		             "sysctl %s: should have %zu value%s, not %zu "
		             "(the kernel would not complain)",
		             w->key, n, n == 1 ? "" : "s", w->value->n);
}

static void check_order(const struct sysctl_wanted *w, struct problems *ps)
{
	int64_t x, lowest = INT64_MIN;

	for (size_t i = 0; i < w->value->n; i++) {
		const struct sysctl_word *word = &w->value->words[i];

		if (at_most(word, &x) && x < lowest) {
			problems_add(ps, word->at,
			             "sysctl %s \"%s\": is below %" PRId64
			             ", which stands before it",
			             w->key, word->text, lowest);
			return;
		}
		if (at_least(word, &x) && x > lowest)
			lowest = x;
	}
}

void sysctl_check(const struct sysctl_wanted *w, struct problems *ps)
{
	const struct sysctl_known *known = sysctl_known_find(w->key);
	size_t n = w->value->n;

	if (!known)
		return;
	check_count(known, w, ps);
	if (known->ascending)
		check_order(w, ps);
	for (size_t i = 0; i < n; i++) {
		const struct sysctl_word *word = &w->value->words[i];

		if (check_range(known, word, ps) && i < ARRAY_SIZE(known->floor))
			check_floor(known, known->floor[i], word, ps);
	}
	if (known->deprecated)
		problems_warn(ps, w->at, "sysctl %s: deprecated: %s", w->key,
		              known->deprecated);
	if (known->node_only)
		problems_note(
			ps, w->at,
			"sysctl %s: node only: a pod has its own, which starts with "
			"the kernel's default",
			w->key);
}

/* --- several --------------------------------------------------------------------------
 */

static const struct sysctl_wanted *find(const struct sysctl_wanted *list, size_t n,
                                        const char *key)
{
	for (size_t i = 0; key && i < n; i++)
		if (strcmp(list[i].key, key) == 0)
			return &list[i];
	return NULL;
}

static void check_below(const struct sysctl_wanted *w, const struct sysctl_wanted *above,
                        struct problems *ps)
{
	int64_t x, limit;

	if (w->value->n == 1 && above->value->n == 1 &&
	    at_least(&w->value->words[0], &x) &&
	    at_most(&above->value->words[0], &limit) && x >= limit)
		problems_add(ps, w->at,
		             "sysctl %s: %" PRId64 " is not below %s, %" PRId64
		             " at %s:%u (the kernel would use half of that)",
		             w->key, x, above->key, limit, above->at.file,
		             above->at.line);
}

void sysctl_check_all(const struct sysctl_wanted *list, size_t n, struct problems *ps)
{
	for (size_t i = 0; i < n; i++) {
		const struct sysctl_known *known = sysctl_known_find(list[i].key);
		const struct sysctl_wanted *other;

		if (!known)
			continue;
		/* told once, at the later one */
		other = find(list, i, known->excludes);
		if (other)
			problems_add(
				ps, list[i].at,
				"sysctl %s: excludes %s at %s:%u (the one written last "
				"is in force, the other reads 0)",
				list[i].key, other->key, other->at.file, other->at.line);
		other = find(list, n, known->below);
		if (other)
			check_below(&list[i], other, ps);
	}
}
