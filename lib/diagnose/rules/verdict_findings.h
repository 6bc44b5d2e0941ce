/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_VERDICT_FINDINGS_H
#define DIAGNOSE_RULES_VERDICT_FINDINGS_H

#include "diagnose/rules/rule.h"

/*
 * Judge the findings over measures where the log does not decide: if it has no verdict,
 * or one without confidence while theirs is at least likely. The first verdict holds one
 * of whose `cause` is such a finding; `with` and `against` are of all findings. Call it
 * once all findings are there and sorted.
 */
void verdict_of_findings(const struct rules *r, struct diagnosis *d);

#endif
