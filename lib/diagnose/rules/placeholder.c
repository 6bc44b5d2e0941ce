/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/placeholder.h"

#include "base/buf.h"
#include "base/mem.h"

#include <ctype.h>
#include <string.h>

bool rule_may_name(const struct rule *rule, enum measure_id id)
{
	return measure_defs[id].of == MEASURE_OF_NODE || measure_defs[id].of == rule->of;
}

bool measure_name_has(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

enum measure_id rule_measure(const struct rule *rule, const char *name, size_t len)
{
	for (enum measure_id id = 0; id < MEASURE_COUNT; id++)
		if (rule_may_name(rule, id) && strlen(measure_defs[id].name) == len &&
		    strncmp(measure_defs[id].name, name, len) == 0)
			return id;
	return MEASURE_COUNT;
}

const struct measure *rule_subject_measure(const struct rule_subject *s,
                                           enum measure_id id)
{
	return measure_find(measure_defs[id].of == MEASURE_OF_NODE ? s->node : s->own,
	                    id);
}

const char *placeholder_next(const char *text, size_t *ret_len)
{
	for (const char *p = text; (p = strchr(p, '{')); p++) {
		*ret_len = 0;
		while (measure_name_has(p[1 + *ret_len]))
			(*ret_len)++;
		if (*ret_len > 0 && p[1 + *ret_len] == '}')
			return p;
	}
	return NULL;
}

static void add_value(const struct rule_subject *s, const char *name, size_t len,
                      struct buf *out)
{
	enum measure_id id = rule_measure(s->rule, name, len);
	const struct measure *m = id < MEASURE_COUNT ? rule_subject_measure(s, id) : NULL;
	_free_ char *text = m && !m->absent ? measure_format(m) : mem_dup("unknown");

	if (len == strlen(PLACEHOLDER_SUBJECT) &&
	    strncmp(name, PLACEHOLDER_SUBJECT, len) == 0)
		buf_add(out, *s->name ? s->name : "the node");
	else
		buf_add(out, text);
}

char *placeholders_fill(const struct rule_subject *s, const char *text)
{
	_buf_ struct buf out = {0};
	const char *p;
	size_t len;

	if (!text)
		return NULL;
	for (; (p = placeholder_next(text, &len)); text = p + len + 2) {
		buf_add_n(&out, text, (size_t)(p - text));
		add_value(s, p + 1, len, &out);
	}
	buf_add(&out, text);
	return buf_take(&out);
}
