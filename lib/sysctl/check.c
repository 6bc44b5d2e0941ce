/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/check.h"

#include "base/macro.h"
#include "base/mem.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/known/shape.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- words ----------------------------------------------------------------------------
 */

bool sysctl_check_at_least(const struct sysctl_word *w, int64_t *ret)
{
	return w->bound != SYSCTL_MAX && !w->unknown &&
	       sysctl_number_i64(w->text, ret) == 0;
}

bool sysctl_check_at_most(const struct sysctl_word *w, int64_t *ret)
{
	return w->bound != SYSCTL_MIN && !w->unknown &&
	       sysctl_number_i64(w->upper ? w->upper : w->text, ret) == 0;
}

/* What YAML readers take for a truth value or for nothing: "true", "off", "~". */
static bool is_yaml_word(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no",
	                                    "on",   "off",   "null"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return strcmp(text, "~") == 0;
}

static bool is_yaml_null(const char *text)
{
	return strcasecmp(text, "null") == 0 || strcmp(text, "~") == 0;
}

/* 1 or 0 for a truth value, else NULL. */
static const char *digit_for(const char *text)
{
	static const char *const ones[] = {"true", "yes", "on"};

	if (is_yaml_null(text))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(ones); i++)
		if (strcasecmp(text, ones[i]) == 0)
			return "1";
	return "0";
}

/* Whether the commas at and after `p` separate thousands. */
static bool has_thousands(const char *p)
{
	for (; *p == ','; p += 4)
		if (strspn(p + 1, "0123456789") != 3)
			return false;
	return !*p || strcmp(p, ";") == 0;
}

/* "1048576" for "1_048_576" and "1,048,576;": what was probably meant; NULL: unclear. */
static char *digits_in(const char *text)
{
	_free_ char *digits = mem_dup(text);
	const char *comma = strchr(text, ',');
	char *to = digits;

	if (text[strspn(text, "0123456789_,;")] || (comma && !has_thousands(comma)))
		return NULL;
	for (const char *p = text; *p; p++)
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
	*to = '\0';
	return *digits ? TAKE_PTR(digits) : NULL;
}

static void report_no_number(const char *key, const struct sysctl_word *w,
                             const char *fault, struct diagnostics *diag)
{
	bool truth = is_yaml_word(w->text);
	_free_ char *digits = NULL;
	const char *meant = truth ? digit_for(w->text) : NULL;

	if (!truth)
		meant = digits = digits_in(w->text);
	diag_error(diag, w->at, "sysctl %s \"%s\": %s%s%s%s", key, w->text, fault,
	           meant ? " (write " : "", meant ? meant : "", meant ? ")" : "");
}

/*
 * A plain word that YAML readers disagree about. Words of a known key with text are text,
 * as in "kernel.printk_devkmsg: on", but null is never meant.
 */
static bool check_yaml(const char *key, enum sysctl_shape shape,
                       const struct sysctl_word *w, struct diagnostics *diag)
{
	if (!w->plain || w->unknown || !is_yaml_word(w->text) ||
	    (shape != SHAPE_UNKNOWN && !is_yaml_null(w->text)))
		return true;
	diag_error(diag, w->at, "sysctl %s \"%s\": is %s in YAML (quote it, or write %s)",
	           key, w->text, is_yaml_null(w->text) ? "null" : "a truth value",
	           is_yaml_null(w->text) ? "\"\" for an empty value" : "0 or 1");
	return false;
}

static bool check_type(const char *key, enum sysctl_shape shape,
                       const struct sysctl_word *w, struct diagnostics *diag)
{
	const char *fault = w->unknown ? NULL : sysctl_shape_fault(shape, w->text);

	if (!fault)
		return check_yaml(key, shape, w, diag);
	report_no_number(key, w, fault, diag);
	return false;
}

/* Return: false if it is out of range, which is then reported. */
static bool check_range(const char *key, const struct sysctl_known *known,
                        const struct sysctl_word *w, const char *text,
                        struct diagnostics *diag)
{
	int64_t x = INT64_MAX;
	int code;

	if (!known || !known->why || w->unknown)
		return true;
	code = sysctl_number_i64(text, &x);
	if (code == 0 && x >= known->min && x <= known->max)
		return true;
	/* 0 says that the other key is in effect: sysctl_check_all() */
	if (code == 0 && x == 0 && known->excludes && w->bound == SYSCTL_EXACT)
		return true;
	if (code == -EINVAL)
		diag_error(diag, w->at, "sysctl %s \"%s\": must be a whole number", key,
		           text);
	else if (x < known->min && known->max >= INT32_MAX)
		diag_error(diag, w->at,
		           "sysctl %s \"%s\": must be %" PRId64 " or more (%s)", key,
		           text, known->min, known->why);
	else
		diag_error(diag, w->at,
		           "sysctl %s \"%s\": must be %" PRId64 " to %" PRId64 " (%s)",
		           key, text, known->min, known->max, known->why);
	return false;
}

/* The range that the kernel accepts: keys.def. */
static bool check_accepted(const char *key, const struct sysctl_row *row,
                           const struct sysctl_known *known, const struct sysctl_word *w,
                           const char *text, struct diagnostics *diag)
{
	sysctl_number x;

	if (!row || row->shape > SHAPE_STAYS || w->unknown ||
	    (known && known->excludes && strcmp(text, "0") == 0))
		return true;
	if (sysctl_number_parse(text, &x) == 0 && x >= row->min && x <= row->max)
		return true;
	diag_error(diag, w->at,
	           "sysctl %s \"%s\": must be %" PRId64 " to %" PRIu64
	           " (the kernel refuses others)",
	           key, text, row->min, row->max);
	return false;
}

/* The kernel accepts larger values and uses the limit. */
static void check_clamp(const char *key, const struct sysctl_known *known,
                        const struct sysctl_word *w, struct diagnostics *diag)
{
	int64_t x;

	if (known && known->clamp && sysctl_check_at_least(w, &x) && x > known->clamp)
		diag_warn(diag, w->at,
		          "sysctl %s \"%s\": the kernel uses at most %" PRId64, key,
		          w->text, known->clamp);
}

static void check_word(const char *key, const struct sysctl_row *row,
                       const struct sysctl_known *known, const struct sysctl_word *w,
                       struct diagnostics *diag)
{
	if (!check_type(key, row ? row->shape : SHAPE_UNKNOWN, w, diag))
		return;
	for (const char *text = w->text; text; text = text == w->text ? w->upper : NULL)
		if (!check_range(key, known, w, text, diag) ||
		    !check_accepted(key, row, known, w, text, diag))
			return;
	check_clamp(key, known, w, diag);
}

/* --- one sysctl -----------------------------------------------------------------------
 */

/* How many words the key has; 0: unknown. */
static size_t count_of(const struct sysctl_row *row, const struct sysctl_known *known)
{
	if (known && (known->words || known->why))
		return known->words ? known->words : 1;
	if (!row || row->shape > SHAPE_HEX)
		return 0;
	return row->words;
}

static void check_count(const struct sysctl_wanted *w, size_t n, struct diagnostics *diag)
{
	if (n > 0 && w->value->n != n)
		diag_error(diag, w->at,
		           "sysctl %s: must have %zu value%s, not %zu "
		           "(the kernel accepts it silently)",
		           w->key, n, n == 1 ? "" : "s", w->value->n);
}

static void check_order(const struct sysctl_wanted *w, struct diagnostics *diag)
{
	int64_t x, lowest = INT64_MIN;

	for (size_t i = 0; i < w->value->n; i++) {
		const struct sysctl_word *word = &w->value->words[i];

		if (sysctl_check_at_most(word, &x) && x < lowest) {
			diag_error(diag, word->at,
			           "sysctl %s \"%s\": is less than the value before it, "
			           "%" PRId64,
			           w->key, word->text, lowest);
			return;
		}
		if (sysctl_check_at_least(word, &x) && x > lowest)
			lowest = x;
	}
}

/* Neither kernel has the key. It may be one of a newer kernel, unless it looks misspelt.
 */
static void check_unknown(const struct sysctl_wanted *w, const struct sysctl_known *known,
                          struct diagnostics *diag)
{
	_free_ char *near = known ? NULL : sysctl_table_near(w->key);

	if (!near)
		return;
	if (w->optional)
		diag_warn(diag, w->at, "sysctl %s: no such key (did you mean \"%s\"?)",
		          w->key, near);
	else
		diag_error(diag, w->at, "sysctl %s: no such key (did you mean \"%s\"?)",
		           w->key, near);
}

void sysctl_check(const struct sysctl_wanted *w, struct diagnostics *diag)
{
	const struct sysctl_known *known = sysctl_known_find(w->key);
	const struct sysctl_row *row = sysctl_table_find(w->key);

	if (!row)
		check_unknown(w, known, diag);
	if (row && row->shape == SHAPE_READ_ONLY)
		diag_warn(
			diag, w->at,
			"sysctl %s: is read-only: hosttune compares it, but cannot set it",
			w->key);
	check_count(w, count_of(row, known), diag);
	if (known && known->ascending)
		check_order(w, diag);
	for (size_t i = 0; i < w->value->n; i++)
		check_word(w->key, row, known, &w->value->words[i], diag);
	if (known && known->deprecated)
		diag_warn(diag, w->at, "sysctl %s: deprecated: %s", w->key,
		          known->deprecated);
	if (known && known->node_only)
		diag_note(diag, w->at,
		          "sysctl %s: applies to the node only: a pod has its own "
		          "value, which starts as the kernel's default",
		          w->key);
}
