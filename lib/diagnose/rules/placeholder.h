/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_PLACEHOLDER_H
#define DIAGNOSE_RULES_PLACEHOLDER_H

/* {NAME} in the texts of a rule: the value of a measure, or the subject. */

#include "diagnose/rules/rule.h"
#include "diagnose/rules/template.h"

#include <stdbool.h>

/* What a rule is checked for. */
struct rule_subject {
	const struct rule *rule;
	const char *name; /* "": the node */
	struct measures_of own, node;
};

/* Replace all of `text` (NULL stays NULL). Owned by the caller. */
char *placeholders_fill(const struct rule_subject *s, const char *text);

/* Whether a rule may name the measure: it is of the rule's class, or of the node. */
bool rule_may_name(const struct rule *rule, enum measure_id id);

/* Find a measure that it may name, by name of `len` bytes; MEASURE_COUNT: none. */
enum measure_id rule_measure(const struct rule *rule, const char *name, size_t len);

/* Find a measure of the subject or of the node; NULL: none. Borrowed. */
const struct measure *rule_subject_measure(const struct rule_subject *s,
                                           enum measure_id id);

#endif
