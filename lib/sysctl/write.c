/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Writing a sysctl, and restoring what it was. */
#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/shape.h"
#include "sysctl/sysctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int write_value(const char *key, struct host *h, const char *text, struct err *e)
{
	_free_ char *path = sysctl_key_path(key);

	return host_file_write(h, path, text, e);
}

/* The first number of a value; false if it has none. */
static bool first_number(const char *value, sysctl_number *ret)
{
	_free_ char *word = value ? mem_dup(value) : NULL;

	if (!word)
		return false;
	word[strcspn(word, " ")] = '\0';
	return sysctl_number_parse(word, ret) == 0;
}

/* --- why the kernel refuses a value ---------------------------------------------------
 */

/* "must be at least net.ipv4.ipfrag_low_thresh, which is 3145728"; NULL: it is not that.
 */
static char *limit_text(const struct sysctl *s, const struct host *h)
{
	const struct sysctl_limit *l = NULL;
	sysctl_number value, limit;

	while ((l = sysctl_relation_limit(s->r.name, l))) {
		bool upper = strcmp(l->upper, s->r.name) == 0;
		const char *other = upper ? l->lower : l->upper;
		_free_ char *path = sysctl_key_path(other), *live = NULL;
		struct err ignored;

		if (host_file_read_line(h, path, &live, &ignored) == 0 &&
		    first_number(live, &limit) && first_number(s->write, &value) &&
		    (upper ? value < limit : value > limit))
			return mem_format("must be %s %s, which is %s (set that key too)",
			                  upper ? "at least" : "at most", other, live);
	}
	return NULL;
}

static int explain_refusal(const struct sysctl *s, const struct host *h, int code,
                           struct err *e)
{
	const struct sysctl_row *row = sysctl_table_find(s->r.name);
	_free_ char *limit = limit_text(s, h);
	const char *why = sysctl_relation_refusal(s->r.name);

	if (limit)
		return err_set(e, code, "the kernel refuses \"%s\": it %s", s->write,
		               limit);
	if (why)
		return err_set(e, code, "the kernel refuses \"%s\": it does so %s",
		               s->write, why);
	if (row && row->shape == SHAPE_INT)
		return err_set(e, code,
		               "the kernel refuses \"%s\" (Linux 6.1 and 6.12 accept "
		               "%" PRId64 " to %" PRIu64 ")",
		               s->write, row->min, row->max);
	return code;
}

/* --- writing --------------------------------------------------------------------------
 */

static int write_one(struct sysctl *s, struct host *h, enum reason *ret_reason,
                     struct err *e)
{
	const struct sysctl_known *known = sysctl_known_find(s->r.name);
	_free_ char *text = NULL, *path = NULL;
	struct err ignored;
	int code;

	mem_set(&s->other, NULL);
	if (known && known->excludes) {
		path = sysctl_key_path(known->excludes);
		(void)host_file_read_line(h, path, &s->other, &ignored);
	}
	code = write_value(s->r.name, h, s->write, e);
	if (code < 0)
		*ret_reason = REASON_REFUSED_BY_KERNEL;
	/* the kernel's "No such file" refers to the module, which is misleading */
	if (code == -ENOENT && known && known->module_prefix) {
		*ret_reason = REASON_MODULE_MISSING;
		text = sysctl_module_missing(h, known, s->write);
		return err_set(e, code, "%s", text);
	}
	return code == -EINVAL || code == -EPERM || code == -EBUSY
	               ? explain_refusal(s, h, code, e)
	               : code;
}

int sysctl_write_apply(struct sysctl *s, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	int code;

	if (!sysctl_table_is_wildcard(s->r.name))
		return write_one(s, h, ret_reason, e);
	code = sysctl_interfaces_apply(&s->interfaces, h, e);
	if (code < 0)
		*ret_reason = REASON_REFUSED_BY_KERNEL;
	return code;
}

int sysctl_write_revert(struct sysctl *s, struct host *h, struct err *e)
{
	const struct sysctl_known *known = sysctl_known_find(s->r.name);

	if (sysctl_table_is_wildcard(s->r.name))
		return sysctl_interfaces_revert(&s->interfaces, h, e);
	if (s->other && strcmp(s->r.seen.had, "0") == 0)
		return write_value(known->excludes, h, s->other, e);
	return write_value(s->r.name, h, s->r.seen.had, e);
}

/* --- order ----------------------------------------------------------------------------
 */

/*
 * Of a lower and an upper limit, both valid before and after, one order is valid at each
 * step: upper first where it rises above, else lower first.
 */
static bool limit_precedes(const struct sysctl *a, const struct sysctl *b,
                           const struct sysctl_limit *l)
{
	sysctl_number written, live;

	if (!first_number(b->write, &written) || !first_number(a->r.seen.now, &live))
		return false;
	/* `b` would pass the live value of `a`: `a` has to move first */
	if (strcmp(l->upper, a->r.name) == 0 && strcmp(l->lower, b->r.name) == 0)
		return written > live;
	return strcmp(l->lower, a->r.name) == 0 && strcmp(l->upper, b->r.name) == 0 &&
	       written < live;
}

bool sysctl_write_precedes_any(const struct sysctl *a)
{
	const struct sysctl_known *known = sysctl_known_find(a->r.name);

	/* of two keys that exclude each other, each names the other */
	return (known && known->excludes) || sysctl_relation_limit(a->r.name, NULL);
}

bool sysctl_write_precedes(const struct sysctl *a, const struct sysctl *b)
{
	const struct sysctl_known *known =
		b->yields ? sysctl_known_find(b->r.name) : NULL;
	const struct sysctl_limit *l = NULL;

	/* writing `a` makes `b` read 0, which cannot be written */
	if (known && strcmp(known->excludes, a->r.name) == 0)
		return true;
	while ((l = sysctl_relation_limit(a->r.name, l)))
		if (limit_precedes(a, b, l))
			return true;
	return false;
}
