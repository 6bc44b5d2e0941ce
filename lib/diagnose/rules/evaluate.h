/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_EVALUATE_H
#define DIAGNOSE_RULES_EVALUATE_H

#include "diagnose/rules/rule.h"

struct rule_subject;

/*
 * Check each rule that has an expression for each subject of its class, and add what it
 * finds to `d`, with the measures that it names as evidence. A rule whose measures are
 * absent is noted there as not checked. Sorts the measures.
 */
void rules_evaluate(const struct rules *r, struct measures *m, struct diagnosis *d);

/* Note the measures that its expression names, of its class and of the node. */
void rule_find_named(struct rule *rule);

/*
 * Evaluate the expression of one rule for one subject.
 * Return: 1, 0, or -EINVAL with the reason in `e`.
 */
int rule_holds(const struct rule_subject *s, struct expr_error *e);

/*
 * Check the expression and the texts of a rule, read from `map`: syntax, names and types;
 * then its samples. Errors go to `diag`.
 */
void rule_check(const struct rule *rule, const struct node *map,
                struct diagnostics *diag);

#endif
