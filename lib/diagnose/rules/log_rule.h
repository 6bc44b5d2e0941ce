/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_LOG_RULE_H
#define DIAGNOSE_RULES_LOG_RULE_H

/*
 * The other form of a rule: instead of an expression over measures, patterns of kernel
 * messages.
 *
 *	log:
 *	  - 'BUG: soft lockup - CPU#(?<cpu>[0-9]+) stuck for (?<seconds>[0-9]+)s!'
 *	where: seconds >= 20          # optional: an expression over fields, all numbers
 *	subject: CPU {cpu}            # optional; default: the node
 *	stack: true                   # optional: a stack follows; its class is {stack}
 *	good: ['watchdog: BUG: soft lockup - CPU#7 stuck for 22s! [nfsd:812]']
 *
 * Of the rules of one file, the first that matches a record takes it. Each pattern needs
 * a good sample that no pattern before it matches.
 */

#include "diagnose/rules/pattern.h"
#include "doc/expr.h"

/* In a text: the class of the stack (stack_class.h). */
#define LOG_RULE_STACK "stack"

/* Of one rule: those of all its patterns. */
#define LOG_RULE_FIELDS_MAX 32

struct log_rule {
	struct pattern *patterns;
	size_t n;
	char *where;   /* NULL: none */
	char *subject; /* NULL: the node */
	bool stack;
};

/* Fill the list with the fields of all patterns, each once, as unknown numbers. */
void log_rule_fields(const struct log_rule *r,
                     struct expr_fact ret[LOG_RULE_FIELDS_MAX + 1]);

/*
 * Match a message with one pattern, and `where`. Return: whether it matches; then `ret`
 * has its fields, freed with log_fields_done().
 */
bool log_rule_match(const struct log_rule *r, size_t pattern, const char *message,
                    size_t len, struct log_fields *ret);

void log_rule_free(struct log_rule *r);

#endif
