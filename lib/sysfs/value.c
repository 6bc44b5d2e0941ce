/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/value.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "sysfs/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the profile ---------------------------------------------------------------------
 */

/* A plain size such as 16MiB becomes bytes; other texts stay. */
static char *plain_text(const struct node *n)
{
	uint64_t bytes;

	if (n->plain && n->text[strspn(n->text, "0123456789")] &&
	    num_size(n->text, &bytes) == 0)
		return mem_format("%" PRIu64, bytes);
	return words_collapse(n->text);
}

static void parse_scalar(const char *what, const struct node *n, struct buf *b,
                         struct diagnostics *diag)
{
	_free_ char *text = NULL;
	char hint[NUM_HINT_BYTES];

	num_size_hint(n->plain ? n->text : "", hint);
	if (*hint)
		diag_error(diag, n->at,
		           "%s: \"%s\" is not a number or a size such as 16MiB%s", what,
		           n->text, hint);
	for (const char *p = n->text; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\t') || (unsigned char)*p > '~') {
			diag_error(diag, n->at, "%s: the value must be printable ASCII",
			           what);
			return;
		}
	text = plain_text(n);
	buf_join(b, " ", text);
}

void sysfs_value_parse(struct sysfs_value *v, const char *what, const struct node *n,
                       struct diagnostics *diag)
{
	_buf_ struct buf b = {0};

	if (n->type == NODE_SCALAR) {
		parse_scalar(what, n, &b, diag);
		v->unknown = n->unknown;
	} else if (n->type == NODE_LIST) {
		node_for_each (item, n) {
			v->unknown |= item->unknown;
			if (item->type == NODE_SCALAR)
				parse_scalar(what, item, &b, diag);
			else
				diag_error(diag, item->at,
				           "%s: is %s in a list, should be a value", what,
				           node_type_name(item));
		}
	}
	if (b.len > SYSFS_VALUE_MAX)
		diag_error(diag, n->at, "%s: the value is longer than %d bytes", what,
		           SYSFS_VALUE_MAX);
	mem_set(&v->text, buf_take(&b));
}

static void parse_bound(struct sysfs_value *v, const char *what, const struct node *n,
                        uint64_t *ret, struct diagnostics *diag)
{
	char hint[NUM_HINT_BYTES] = "";

	if (!n)
		return;
	v->unknown |= n->unknown;
	if (n->unknown || (n->type == NODE_SCALAR && num_size(n->text, ret) == 0))
		return;
	if (n->type == NODE_SCALAR)
		num_size_hint(n->text, hint);
	diag_error(diag, n->at, "%s: a bound must be a number or a size such as 16MiB%s",
	           what, hint);
}

void sysfs_value_parse_bounds(struct sysfs_value *v, const char *what,
                              const struct node *min, const struct node *max,
                              struct diagnostics *diag)
{
	v->min = 0;
	v->max = UINT64_MAX;
	parse_bound(v, what, min, &v->min, diag);
	parse_bound(v, what, max, &v->max, diag);
	if (min && max && v->min > v->max)
		diag_error(diag, max->at, "%s: max, %s, must not be less than min, %s",
		           what, max->text, min->text);
}

char *sysfs_value_describe(const struct sysfs_value *v)
{
	if (v->text)
		return mem_dup(v->text);
	if (v->unknown)
		return mem_dup("");
	if (v->min == v->max)
		return mem_format("%" PRIu64, v->min);
	if (v->max == UINT64_MAX)
		return mem_format(">=%" PRIu64, v->min);
	if (v->min == 0)
		return mem_format("<=%" PRIu64, v->max);
	return mem_format("%" PRIu64 "..%" PRIu64, v->min, v->max);
}

/* --- what to write -------------------------------------------------------------------
 */

static char *resolve_bounds(const struct sysfs_value *v, const char *now,
                            char **ret_fault)
{
	uint64_t number;

	if (num_u64(now, &number) < 0) {
		*ret_fault = mem_format("shows \"%s\", which is no number that a bound "
		                        "could be compared with",
		                        now);
		return NULL;
	}
	if (number < v->min || number > v->max)
		return mem_format("%" PRIu64, number < v->min ? v->min : v->max);
	return mem_dup(now);
}

static char *resolve_choice(const struct sysfs_value *v, const struct sysfs_shown *s,
                            char **ret_fault)
{
	if (words_have(s->choices, ' ', v->text))
		return mem_dup(v->text);
	*ret_fault = mem_format("has no \"%s\"; available: %s", v->text, s->choices);
	return NULL;
}

char *sysfs_value_resolve(const struct sysfs_value *v, const char *path,
                          const struct sysfs_shown *s, char **ret_fault)
{
	const char *boolean;

	if (!v->text)
		return resolve_bounds(v, s->now, ret_fault);
	if (sysfs_shown_same(path, v->text, s->now) ||
	    (v->also && strcmp(v->also, s->now) == 0))
		return mem_dup(s->now);
	if (s->choices)
		return resolve_choice(v, s, ret_fault);
	boolean = sysfs_shown_bool(v->text, s->now);
	return mem_dup(boolean ? boolean : v->text);
}

void sysfs_value_done(struct sysfs_value *v)
{
	mem_set(&v->text, NULL);
}
