/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_LOG_CHECK_H
#define DIAGNOSE_RULES_LOG_CHECK_H

/* Reading and checking the rules of the kernel log. */

#include "diagnose/rules/rule.h"

/*
 * Fill rule->log from its mapping, which has `log`. Errors go to `diag`. `trusted`: the
 * patterns are known to be valid, and are compiled when they are needed.
 */
void log_rule_read(struct rule *rule, const struct node *map, bool trusted,
                   struct diagnostics *diag);

/* Check texts, expression and samples of a rule that was read without an error. */
void log_rule_check(const struct rule *rule, const struct node *map,
                    struct diagnostics *diag);

#endif
