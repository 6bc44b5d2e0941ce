/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_VERDICT_CHECK_H
#define DIAGNOSE_RULES_VERDICT_CHECK_H

#include "diagnose/rules/rule.h"

/* Check that verdicts name only rules and classes of stacks that exist. */
void verdict_rules_check(const struct rules *r, struct diagnostics *diag);

#endif
