/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/measure.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct measure_def measure_defs[MEASURE_COUNT] = {
#define C(...)
#define M(id, name, of, type, unit, doc) \
	[MEASURE_##id] = {name, MEASURE_OF_##of, EXPR_##type, UNIT_##unit},
#include "diagnose/rules/measure.def"
#undef C
#undef M
};

const char *const measure_class_words[MEASURE_CLASSES + 1] = {
#define C(id, word, doc) [MEASURE_OF_##id] = (word),
#define M(...)
#include "diagnose/rules/measure.def"
#undef C
#undef M
};

static struct measure *add(struct measures *m, enum measure_id id, const char *subject)
{
	m->list = mem_grow(m->list, &m->cap, m->n, sizeof(*m->list));
	m->list[m->n] = (struct measure){.id = id, .subject = mem_dup(subject)};
	return &m->list[m->n++];
}

void measure_add(struct measures *m, enum measure_id id, const char *subject,
                 int64_t value, const char *where)
{
	struct measure *new = add(m, id, subject);

	new->value = value;
	new->where = mem_dup(where);
}

void measure_add_text(struct measures *m, enum measure_id id, const char *subject,
                      const char *text, const char *where)
{
	struct measure *new = add(m, id, subject);

	new->text = mem_dup(text);
	new->where = mem_dup(where);
}

void measure_add_absent(struct measures *m, enum measure_id id, const char *subject,
                        const char *why)
{
	add(m, id, subject)->absent = mem_dup(why);
}

void measure_add_unread(struct measures *m, enum measure_id id, const char *subject,
                        const struct err *e)
{
	struct measure *new = add(m, id, subject);

	new->absent = mem_dup(e->text);
	new->code = e->code;
}

void measure_add_unread_all(struct measures *m, const enum measure_id *ids, size_t n,
                            const char *subject, const struct err *e)
{
	for (size_t i = 0; i < n; i++)
		measure_add_unread(m, ids[i], subject, e);
}

/* --- those of one subject ------------------------------------------------------------
 */

static int compare_subject(const struct measure *x, enum measure_class of,
                           const char *subject)
{
	enum measure_class x_of = measure_defs[x->id].of;

	if (x_of != of)
		return x_of < of ? -1 : 1;
	return strverscmp(x->subject, subject);
}

static int compare_measures(const void *a, const void *b)
{
	const struct measure *x = a, *y = b;
	int r = compare_subject(x, measure_defs[y->id].of, y->subject);

	r = r ? r : (x->id > y->id) - (x->id < y->id);
	/* the first of equal ones counts; qsort() of musl would change their order */
	return r ? r : (x->at > y->at) - (x->at < y->at);
}

void measures_sort(struct measures *m)
{
	for (size_t i = 0; i < m->n; i++)
		m->list[i].at = i;
	if (m->n > 0)
		qsort(m->list, m->n, sizeof(*m->list), compare_measures);
}

/* Find the first that is not before the subject. */
static size_t lower_bound(const struct measures *m, enum measure_class of,
                          const char *subject)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_subject(&m->list[middle], of, subject) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct measures_of subject_at(const struct measures *m, size_t i)
{
	size_t end = i;

	while (end < m->n &&
	       compare_subject(&m->list[end], measure_defs[m->list[i].id].of,
	                       m->list[i].subject) == 0)
		end++;
	return (struct measures_of){&m->list[i], end - i};
}

struct measures_of measures_of(const struct measures *m, enum measure_class of,
                               const char *subject)
{
	size_t i = lower_bound(m, of, subject);

	if (i == m->n || compare_subject(&m->list[i], of, subject) != 0)
		return (struct measures_of){0};
	return subject_at(m, i);
}

struct measures_of measures_next(const struct measures *m, enum measure_class of,
                                 struct measures_of before)
{
	size_t i = before.n > 0 ? (size_t)(before.list - m->list) + before.n
	                        : lower_bound(m, of, "");

	if (i == m->n || measure_defs[m->list[i].id].of != of)
		return (struct measures_of){0};
	return subject_at(m, i);
}

static int compare_id(const void *key, const void *element)
{
	const enum measure_id *id = key;
	const struct measure *m = element;

	return (*id > m->id) - (*id < m->id);
}

const struct measure *measure_find(struct measures_of subject, enum measure_id id)
{
	return search_first(&id, subject.list, subject.n, sizeof(*subject.list),
	                    compare_id);
}

/* --- values --------------------------------------------------------------------------
 */

static char *format_bytes(int64_t n)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	size_t i = 0;

	for (; n >= 10240 && i + 1 < sizeof(units) / sizeof(*units); i++)
		n /= 1024;
	return mem_format("%" PRId64 " %s", n, units[i]);
}

char *measure_format(const struct measure *m)
{
	const struct measure_def *def = &measure_defs[m->id];

	switch (def->type) {
	case EXPR_TEXT: return mem_dup(m->text);
	case EXPR_BOOL: return mem_dup(m->value ? "true" : "false");
	case EXPR_VERSION:
		return mem_format("%" PRId64 ".%" PRId64, m->value >> 16,
		                  m->value & 0xffff);
	case EXPR_NUMBER: break;
	}
	switch (def->unit) {
	case UNIT_BYTES: return format_bytes(m->value);
	case UNIT_PERCENT: return mem_format("%" PRId64 " %%", m->value);
	case UNIT_MS: return mem_format("%" PRId64 " ms", m->value);
	case UNIT_NONE:
	case UNIT_COUNT: break;
	}
	return mem_format("%" PRId64, m->value);
}

void measures_done(struct measures *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->list[i].subject);
		free(m->list[i].text);
		free(m->list[i].absent);
		free(m->list[i].where);
	}
	free(m->list);
	*m = (struct measures){0};
}
