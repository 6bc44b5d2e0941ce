/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the profile wants and what the files show, as text for reports. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "sysfs/sysfs.h"

#include <string.h>

/* "512", or "2MiB 512, 1GiB 4" if there are several. */
static void add_part(const struct sysfs_target *t, size_t n, const char *value,
                     struct buf *b)
{
	_free_ char *text = t->part && n > 1 ? mem_format("%s %s", t->part + 1, value)
	                                     : mem_dup(value);

	buf_join(b, ", ", text);
}

void sysfs_added(struct sysfs *s)
{
	_buf_ struct buf want = {0};

	for (size_t i = 0; i < s->n_targets; i++) {
		const struct sysfs_target *t = &s->targets[i];
		_free_ char *value = sysfs_value_describe(&t->value);

		add_part(t, s->n_targets, value, &want);
	}
	mem_set(&s->r.spec.want, buf_take(&want));
	s->r.spec.optional = s->optional;
}

static bool is_first_with_value(const struct sysfs *s, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(s->rows[i].now, s->rows[at].now) == 0)
			return false;
	return true;
}

static void count_value(const struct sysfs *s, size_t at, struct buf *b)
{
	_free_ char *one = NULL;
	size_t n = 0;

	for (size_t i = at; i < s->n_rows; i++)
		n += strcmp(s->rows[i].now, s->rows[at].now) == 0;
	one = n == s->n_rows ? mem_dup(s->rows[at].now)
	                     : mem_format("%s (%zu)", s->rows[at].now, n);
	buf_join(b, ", ", one);
}

/* "0", or "0 (3), 1 (1)" if the files of a pattern differ. */
static char *describe_pattern(const struct sysfs *s)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < s->n_rows; i++)
		if (is_first_with_value(s, i))
			count_value(s, i, &b);
	return buf_take(&b);
}

/* "2MiB 512, 1GiB 4" */
static char *describe_parts(const struct sysfs *s)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < s->n_rows; i++)
		add_part(s->rows[i].target, s->n_targets, s->rows[i].now, &b);
	return buf_take(&b);
}

char *sysfs_describe_now(const struct sysfs *s)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (!s->rows[i].now)
			return NULL;
	if (s->n_rows == 0)
		return NULL;
	return s->n_targets > 1 ? describe_parts(s) : describe_pattern(s);
}
