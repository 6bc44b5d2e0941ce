/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/measure.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct measure_def measure_defs[MEASURE_COUNT] = {
#define C(...)
#define M(id, name, of, type, unit, doc) \
	[MEASURE_##id] = {name, MEASURE_OF_##of, EXPR_##type, UNIT_##unit, doc},
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

const struct measure *measure_find(const struct measures *m, enum measure_id id,
                                   const char *subject)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].id == id && strcmp(m->list[i].subject, subject) == 0)
			return &m->list[i];
	return NULL;
}

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
