/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/check.h"

#include "base/num.h"
#include "host/facts.h"
#include "resource/field.h"
#include "sysctl/known.h"

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
static bool sysctl_check_at_most(const struct sysctl_word *w, int64_t *ret)
{
	return w->bound != SYSCTL_MIN && !w->unknown && num_i64(w->text, ret) == 0;
}

/* Return: false if it is out of range, which is then reported. */
static bool check_range(const struct sysctl_known *known, const struct sysctl_word *w,
                        struct diagnostics *diag)
{
	int64_t x = INT64_MAX;
	int code;

	if (!known->why || w->unknown)
		return true;
	code = num_i64(w->text, &x);
	if (code == 0 && x >= known->min && x <= known->max)
		return true;
	if (code == -EINVAL)
		diag_error(diag, w->at, "sysctl %s \"%s\": must be a whole number",
		           known->key, w->text);
	else if (x < known->min && known->max >= INT32_MAX)
		diag_error(diag, w->at,
		           "sysctl %s \"%s\": must be %" PRId64 " or more (%s)",
		           known->key, w->text, known->min, known->why);
	else
		diag_error(diag, w->at,
		           "sysctl %s \"%s\": must be %" PRId64 " to %" PRId64 " (%s)",
		           known->key, w->text, known->min, known->max, known->why);
	return false;
}

static void check_floor(const struct sysctl_known *known, int64_t floor,
                        const struct sysctl_word *w, struct diagnostics *diag)
{
	int64_t x;

	if (sysctl_check_at_most(w, &x) && x < floor)
		diag_warn(diag, w->at,
		          "sysctl %s \"%s\": is lower than the default of a "
		          "Bottlerocket node (use {min: %" PRId64 "})",
		          known->key, w->text, floor);
}

/* The kernel accepts larger values and uses the limit. */
static void check_clamp(const struct sysctl_known *known, const struct sysctl_word *w,
                        struct diagnostics *diag)
{
	int64_t x;

	if (known->clamp && at_least(w, &x) && x > known->clamp)
		diag_warn(diag, w->at,
		          "sysctl %s \"%s\": the kernel uses at most %" PRId64,
		          known->key, w->text, known->clamp);
}

/* --- one sysctl -----------------------------------------------------------------------
 */

static void check_count(const struct sysctl_known *known, const struct sysctl_wanted *w,
                        struct diagnostics *diag)
{
	size_t n = known->words ? known->words : known->why ? 1 : w->value->n;

	if (w->value->n != n)
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
		if (at_least(word, &x) && x > lowest)
			lowest = x;
	}
}

void sysctl_check(const struct sysctl_wanted *w, struct diagnostics *diag)
{
	const struct sysctl_known *known = sysctl_known_find(w->key);
	size_t n = w->value->n;

	if (!known)
		return;
	check_count(known, w, diag);
	if (known->ascending)
		check_order(w, diag);
	for (size_t i = 0; i < n; i++) {
		const struct sysctl_word *word = &w->value->words[i];

		if (!check_range(known, word, diag))
			continue;
		if (i < ARRAY_SIZE(known->floor))
			check_floor(known, known->floor[i], word, diag);
		check_clamp(known, word, diag);
	}
	if (known->deprecated)
		diag_warn(diag, w->at, "sysctl %s: deprecated: %s", w->key,
		          known->deprecated);
	if (known->node_only)
		diag_note(diag, w->at,
		          "sysctl %s: applies to the node only: a pod has its own "
		          "value, which starts as the kernel's default",
		          w->key);
}

/* --- several --------------------------------------------------------------------------
 */

/* The sysctl `key` whose condition can be true together with that of `w` (NULL: any). */
static const struct sysctl_wanted *sysctl_check_find(const struct sysctl_wanted *list,
                                                     size_t n, const char *key,
                                                     const struct sysctl_wanted *w)
{
	for (size_t i = 0; key && i < n; i++)
		if (strcmp(list[i].key, key) == 0 &&
		    field_when_meet(list[i].when, w ? w->when : NULL))
			return &list[i];
	return NULL;
}

static void check_below(const struct sysctl_wanted *w, const struct sysctl_wanted *above,
                        struct diagnostics *diag)
{
	int64_t x, limit;

	if (w->value->n == 1 && above->value->n == 1 &&
	    at_least(&w->value->words[0], &x) &&
	    sysctl_check_at_most(&above->value->words[0], &limit) && x >= limit)
		diag_error(diag, w->at,
		           "sysctl %s: %" PRId64 " must be below %s, which is %" PRId64
		           " at %s:%u (the kernel would use half of that)",
		           w->key, x, above->key, limit, above->at.file, above->at.line);
}

/* --- memory of TCP --------------------------------------------------------------------
 */

#define MIB       (INT64_C(1) << 20)
#define PAGE_SIZE 4096 /* where no facts are given: x86-64, and Bottlerocket's arm64 */

/* The most bytes a buffer may use, its third value; 0: unknown. */
static int64_t buffer_max(const struct sysctl_wanted *w)
{
	int64_t x;

	return w && w->value->n == 3 && at_least(&w->value->words[2], &x) ? x : 0;
}

/* The most bytes all connections together may use; 0: unknown. */
static int64_t tcp_limit(const struct sysctl_wanted *mem, const struct host_facts *facts)
{
	int64_t pages, bytes;

	/* tcp_init_mem() in net/ipv4/tcp.c: 9.37 % of memory */
	if (!mem)
		return facts ? facts->memory / 32 * 3 : 0;
	if (mem->value->n != 3 || !sysctl_check_at_most(&mem->value->words[2], &pages) ||
	    __builtin_mul_overflow(pages, facts ? facts->page_size : PAGE_SIZE, &bytes))
		return 0;
	return bytes;
}

static void check_tcp_memory(const struct sysctl_wanted *list, size_t n,
                             const struct host_facts *facts, struct diagnostics *diag)
{
	const struct sysctl_wanted *mem = sysctl_check_find(list, n, "net.ipv4.tcp_mem",
	                                                    NULL),
				   *read = sysctl_check_find(list, n, "net.ipv4.tcp_rmem",
	                                                     mem),
				   *write = sysctl_check_find(list, n,
	                                                      "net.ipv4.tcp_wmem", mem);
	int64_t each = buffer_max(read) + buffer_max(write), all = tcp_limit(mem, facts);

	if (all == 0 || each == 0 || all / each >= SYSCTL_CHECK_FLOWS)
		return;
	diag_warn(diag, (read ? read : write)->at,
	          "sysctl %s: a connection can use %" PRId64
	          " MiB (tcp_rmem and tcp_wmem) of %" PRId64
	          " MiB in total (tcp_mem%s): enough for %" PRId64
	          " connections, should be %d or more",
	          (read ? read : write)->key, each / MIB, all / MIB,
	          mem ? "" : ", the kernel's default", all / each, SYSCTL_CHECK_FLOWS);
}

/* The other one may come from a file that this one includes: then it can be dropped. */
static void report_excluded(const struct sysctl_wanted *w,
                            const struct sysctl_wanted *other, struct diagnostics *diag)
{
	bool included = strcmp(w->at.file, other->at.file) != 0;

	diag_error(
		diag, w->at,
		"sysctl %s: excludes %s at %s:%u (the kernel uses the one written last, "
		"the other reads 0%s%s%s)",
		w->key, other->key, other->at.file, other->at.line,
		included ? "; add `unset: [" : "", included ? other->key : "",
		included ? "]`" : "");
}

void sysctl_check_all(const struct sysctl_wanted *list, size_t n,
                      const struct host_facts *facts, struct diagnostics *diag)
{
	check_tcp_memory(list, n, facts, diag);
	for (size_t i = 0; i < n; i++) {
		const struct sysctl_known *known = sysctl_known_find(list[i].key);
		const struct sysctl_wanted *other;

		if (!known)
			continue;
		/* reported once, at the later one */
		other = sysctl_check_find(list, i, known->excludes, &list[i]);
		if (other)
			report_excluded(&list[i], other, diag);
		other = sysctl_check_find(list, n, known->below, &list[i]);
		if (other)
			check_below(&list[i], other, diag);
	}
}
