/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_LOAD_H
#define DIAGNOSE_RULES_LOAD_H

/* Files of rules: those built in, and those of --rules. */

#include "base/deadline.h"
#include "diagnose/rules/rule.h"

enum rules_part {
	RULES_OF_LOG, /* what a log alone needs */
	RULES_ALL,
	RULES_WITH_SAMPLES, /* all, and the samples of each */
};

/* Add the rules that are built in, without the checks: a test makes them. */
void rules_load_builtin(struct rules *r, enum rules_part part, struct diagnostics *diag);

/* All of them, with all checks. */
void rules_check_builtin(struct rules *r, struct diagnostics *diag);

/* Add the rules of a file ("-": standard input). All errors go to `diag`. */
void rules_load(struct rules *r, const char *file, struct deadline until,
                struct diagnostics *diag);

/* The same for a text. `file` names it in places, and must outlive the rules. */
void rules_parse(struct rules *r, const char *text, size_t len, const char *file,
                 struct diagnostics *diag);

/* The same for a tree, which the rules own from now on; NULL: there is none. */
void rules_take(struct rules *r, struct node *root, struct diagnostics *diag);

/* Add the name of a file, which the rules own from now on. Return: it. */
const char *rules_add_file(struct rules *r, char *name);

#endif
