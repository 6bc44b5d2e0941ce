/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/placeholder.h"

#include "base/mem.h"

#include <string.h>

bool rule_may_name(const struct rule *rule, enum measure_id id)
{
	return measure_defs[id].of == MEASURE_OF_NODE || measure_defs[id].of == rule->of;
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

static char *measure_value(const char *name, size_t len, const void *arg)
{
	const struct rule_subject *s = arg;
	enum measure_id id = rule_measure(s->rule, name, len);
	const struct measure *m = id < MEASURE_COUNT ? rule_subject_measure(s, id) : NULL;

	if (len == strlen(PLACEHOLDER_SUBJECT) &&
	    strncmp(name, PLACEHOLDER_SUBJECT, len) == 0)
		return mem_dup(*s->name ? s->name : "the node");
	return m && !m->absent ? measure_format(m) : mem_dup("unknown");
}

char *placeholders_fill(const struct rule_subject *s, const char *text)
{
	return template_fill(text, measure_value, s);
}
