/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_RULE_H
#define DIAGNOSE_RULES_RULE_H

/*
 * Rules as data: YAML files, those of lib/diagnose/rules/ built into the program, others
 * by --rules.
 *
 *	version: 1
 *	rules:
 *	  - name: BacklogFull
 *	    severity: warning
 *	    of: cpu
 *	    when: softnet_dropped > 0
 *	    text: the queue of received packets was full {softnet_dropped} times
 *	    why: ...
 *	    remedy: ...
 *	    source: ...
 *	    good: [{softnet_dropped: 1}]    # each must yield the finding
 *	    bad: [{softnet_dropped: 0}]     # none may
 *
 * `when` is an expression (doc/expr.h) over the measures of one subject of the class `of`
 * and those of the node. {name} in a text is the value of a measure; {subject} its
 * subject. A rule of the kernel log has `log` (log_rule.h) instead of `when` and `of`. A
 * file may also have `stacks` (stack_class.h) and `verdicts` (verdict_rule.h).
 */

#include "base/deadline.h"
#include "base/diagnostics.h"
#include "diagnose/rules/finding.h"
#include "diagnose/rules/log_rule.h"
#include "diagnose/rules/measure.h"
#include "diagnose/rules/stack_class.h"
#include "diagnose/rules/verdict_rule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_VERSION 1

struct node;

struct rule {
	char *name; /* CamelCase: the reason of its findings */
	enum finding_severity severity;
	char *text, *why, *remedy, *source;
	enum measure_class of;
	char *when;             /* NULL: it has no expression, but a log */
	enum measure_id *named; /* what `when` names, once each, in its order */
	size_t n_named;
	struct log_rule *log;          /* NULL: it has an expression */
	const struct node *good, *bad; /* its samples: lists; borrowed */
	struct place at;
};

struct rules {
	struct rule *list;
	size_t n, cap;
	struct node **trees; /* of the files */
	size_t n_trees, cap_trees;
	char **files; /* their names */
	size_t n_files, cap_files;
	struct stack_classes stacks;
	struct verdict_rules verdicts;
	bool trusted;          /* what is read now is built in, and not checked */
	struct deadline until; /* of parsing it */
};

/* Find a rule by name, in any case; NULL: none. Borrowed. */
const struct rule *rules_find(const struct rules *r, const char *name);

void rules_done(struct rules *r);

#endif
