/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The sysctls of a profile against each other, and against the node. */
#include "base/macro.h"
#include "base/mem.h"
#include "host/facts.h"
#include "resource/field.h"
#include "sysctl/check.h"
#include "sysctl/check_node.h"
#include "sysctl/known/known.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/shape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
	    sysctl_check_at_least(&w->value->words[0], &x) &&
	    sysctl_check_at_most(&above->value->words[0], &limit) && x >= limit)
		diag_error(diag, w->at,
		           "sysctl %s: %" PRId64 " must be below %s, which is %" PRId64
		           " at %s:%u (the kernel would use half of that)",
		           w->key, x, above->key, limit, above->at.file, above->at.line);
}

/* Whether the value is exactly 0. */
static bool is_zero(const struct sysctl_wanted *w)
{
	int64_t low, high;

	return w->value->n == 1 && sysctl_check_at_least(&w->value->words[0], &low) &&
	       sysctl_check_at_most(&w->value->words[0], &high) && low == 0 && high == 0;
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

/* Of two keys that exclude each other, one may be given as 0: the other one rules. */
static void check_excludes(struct sysctl_wanted *w, const struct sysctl_known *known,
                           const struct sysctl_wanted *list, size_t n,
                           struct diagnostics *diag)
{
	const struct sysctl_wanted *other =
		sysctl_check_find(list, n, known->excludes, w);

	w->yields = other && is_zero(w) && !is_zero(other);
	if (!other && known->min > 0 && is_zero(w))
		diag_error(diag, w->value->words[0].at,
		           "sysctl %s: 0 cannot be written (set %s, which makes it 0)",
		           w->key, known->excludes);
	/* reported once, at the later one */
	if (other && other < w && !w->yields && (!is_zero(other) || is_zero(w)))
		report_excluded(w, other, diag);
}

/* The values of two names must agree. */
static bool same_value(const struct sysctl_wanted *a, const struct sysctl_wanted *b)
{
	_free_ char *text_a = sysctl_value_describe(a->value),
		    *text_b = sysctl_value_describe(b->value);

	return sysctl_shape_same_word(a->value->shape, text_a, text_b);
}

static void check_names(const struct sysctl_wanted *w, const struct sysctl_wanted *list,
                        size_t n, struct diagnostics *diag)
{
	_free_ char *unit = sysctl_relation_other_unit(w->key);
	const struct sysctl_wanted *other = sysctl_check_find(list, n, unit, w);
	const char *name = sysctl_relation_other_name(w->key);

	if (other)
		diag_error(diag, w->at,
		           "sysctl %s: sets the same value as %s at %s:%u, in another "
		           "unit (remove one)",
		           w->key, other->key, other->at.file, other->at.line);
	for (size_t i = 0; name && i < n; i++)
		if (strcmp(list[i].key, name) == 0 &&
		    field_when_meet(list[i].when, w->when) && !same_value(&list[i], w))
			diag_error(diag, w->at,
			           "sysctl %s: is another name of %s, which has another "
			           "value at %s:%u (remove one)",
			           w->key, list[i].key, list[i].at.file, list[i].at.line);
}

/* The lower one of a pair must not be above the upper one. */
static void check_limits(const struct sysctl_wanted *w, const struct sysctl_wanted *list,
                         size_t n, struct diagnostics *diag)
{
	const struct sysctl_limit *l = NULL;
	int64_t low, high;

	while ((l = sysctl_relation_limit(w->key, l))) {
		const struct sysctl_wanted *upper =
			sysctl_check_find(list, n, l->upper, w);

		if (upper && upper != w && w->value->n > 0 && upper->value->n > 0 &&
		    sysctl_check_at_least(&w->value->words[0], &low) &&
		    sysctl_check_at_most(&upper->value->words[0], &high) && low > high)
			diag_error(diag, w->at,
			           "sysctl %s: %" PRId64 " is above %s, which is %" PRId64
			           " at %s:%u (%s: %s)",
			           w->key, low, l->upper, high, upper->at.file,
			           upper->at.line, sysctl_relation_otherwise(l),
			           l->source);
	}
}

/* --- memory of TCP --------------------------------------------------------------------
 */

#define MIB       (INT64_C(1) << 20)
#define PAGE_SIZE 4096 /* where no facts are given: x86-64, and Bottlerocket's arm64 */

/* The most bytes a buffer may use, its third value; 0: unknown. */
static int64_t buffer_max(const struct sysctl_wanted *w)
{
	int64_t x;

	return w && w->value->n == 3 && sysctl_check_at_least(&w->value->words[2], &x)
	               ? x
	               : 0;
}

/* The most bytes all connections together may use; 0: unknown. */
static int64_t tcp_limit(const struct sysctl_wanted *mem, const struct host_facts *facts)
{
	const struct host_size *size;
	struct err ignored;
	int64_t pages, bytes;

	/* tcp_init_mem() in net/ipv4/tcp.c: 9.37 % of memory */
	if (!mem)
		return facts && host_facts_size(facts, &size, &ignored) == 0
		               ? size->memory / 32 * 3
		               : 0;
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
	int64_t each, all;

	if (__builtin_add_overflow(buffer_max(read), buffer_max(write), &each))
		each = INT64_MAX;
	all = each ? tcp_limit(mem, facts) : 0;
	if (all == 0 || all / each >= SYSCTL_CHECK_FLOWS)
		return;
	diag_warn(diag, (read ? read : write)->at,
	          "sysctl %s: a connection can use %" PRId64
	          " MiB (tcp_rmem and tcp_wmem) of %" PRId64
	          " MiB in total (tcp_mem%s): enough for %" PRId64
	          " connections, should be %d or more",
	          (read ? read : write)->key, each / MIB, all / MIB,
	          mem ? "" : ", the kernel's default", all / each, SYSCTL_CHECK_FLOWS);
}

void sysctl_check_all(struct sysctl_wanted *list, size_t n,
                      const struct host_facts *facts, struct diagnostics *diag)
{
	check_tcp_memory(list, n, facts, diag);
	for (size_t i = 0; i < n; i++) {
		const struct sysctl_known *known = sysctl_known_find(list[i].key);
		const struct sysctl_wanted *above =
			known ? sysctl_check_find(list, n, known->below, &list[i]) : NULL;

		sysctl_check_node(&list[i], facts, diag);
		check_names(&list[i], list, i, diag);
		check_limits(&list[i], list, n, diag);
		if (known && known->excludes)
			check_excludes(&list[i], known, list, n, diag);
		if (above && !list[i].yields && !is_zero(above))
			check_below(&list[i], above, diag);
	}
}
