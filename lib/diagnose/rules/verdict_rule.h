/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_VERDICT_RULE_H
#define DIAGNOSE_RULES_VERDICT_RULE_H

/*
 * Verdicts, as data: which finding is the cause, and which are only its consequences.
 *
 *	verdicts:
 *	  - name: WritebackStarvesCpus
 *	    confidence: likely
 *	    cause: [SoftLockup, RcuStall]        # one of these rules
 *	    stacks: [writeback]                  # optional: with a stack of such a class
 *	    with: [...]                          # optional: and one of these
 *	    against: [EnaTxLost]                 # optional: none of these
 *	    consequences: [EnaTxTimeout]         # optional
 *	    proof: [EnaTxStarved]                # optional: consequences without doubt
 *	    text: writeback keeps {subject} busy
 *	    then: the ENA messages are a consequence # added if there are consequences
 *	    next: [what to do, or to collect]
 *	    source: ...
 *
 * The first whose conditions hold is taken; those of --rules come before the built-in
 * ones. What is of another drive than the cause counts for no condition.
 */

#include "base/diagnostics.h"
#include "diagnose/rules/finding.h"

struct node;

struct verdict_rule {
	char *name;
	enum confidence confidence;
	char *cause, *stacks, *with, *against, *consequences, *proof,
		*support; /* "A,B"; or NULL */
	char *text, *then, *source;
	const struct node *next; /* a list of texts, or NULL; borrowed */
	struct place at;
};

struct verdict_rules {
	struct verdict_rule *list;
	size_t n, cap;
};

/* Add the verdicts of a list. Errors go to `diag`. */
void verdict_rules_read(struct verdict_rules *r, const struct node *list,
                        struct diagnostics *diag);

/* Move those from `first` on before the others: they decide first. */
void verdict_rules_to_front(struct verdict_rules *r, size_t first);

void verdict_rules_done(struct verdict_rules *r);

#endif
