/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_FACTS_H
#define PROFILE_FACTS_H

/*
 * The facts of a node that formulas and conditions of a profile are computed over: those
 * of the host, and those that kinds offer (see struct kind_facts).
 */

#include "base/deadline.h"
#include "base/diagnostics.h"
#include "base/err.h"
#include "doc/expr.h"
#include "host/facts.h"
#include "profile/fact_names.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct node;

struct facts {
	bool unknown; /* there is no node: check only */
	struct host_facts host;
	const struct host *h; /* where kinds read theirs; NULL: `of_kinds` has them */
	int64_t of_kinds[FACTS_OF_KINDS_MAX]; /* in the order of the list of kinds */
};

void facts_done(struct facts *f);

/* Read the facts of a host, which is borrowed. */
void facts_read(struct facts *f, const struct host *h);

/*
 * Read what the expression `text` needs and is read only then: the size of the node.
 * Return: 0; -errno: it cannot be computed.
 */
int facts_need(const struct facts *f, const char *text, struct err *e);

/*
 * Read what takes time, too: the size of the node, nic_gbps, and what kinds offer, for a
 * storage item that selects its drives by default. `f` no longer needs its host. Return:
 * 0 or -errno.
 */
int facts_read_kinds(struct facts *f, struct err *e);

/*
 * Load facts from a YAML file ("cpus: 8", "memory: 64GiB", "kernel: 6.1"), to compute a
 * profile for a node without access to it. Every number is required, but for those that
 * a kind may lack; a text that is not there is unknown.
 * Return: 0, or -1 with errors in `diag`.
 */
int facts_load(struct facts *f, const char *file, struct deadline until,
               struct diagnostics *diag);

/*
 * Return the facts as a mapping that facts_load() takes, owned by the caller, after
 * facts_read_kinds(). What is unknown is omitted.
 */
struct node *facts_node(const struct facts *f);

/* Whether each key of the mapping is the name of a fact, and there is one. */
bool facts_names_all(const struct node *root);

/* Where an expression stands. */
struct facts_scope {
	const struct node *tree; /* the whole profile; NULL: one file of it */
	const char *section;     /* that it is in; NULL: to list all facts */
	const struct node *item; /* the item of the section that it is in; NULL: none */
	bool item_only;          /* what depends on an item is an error outside of one */
	bool selector;           /* it decides what the facts of the kind count */
};

/*
 * List all facts for the expression `text`, after facts_need(), ended by {0}: `ret` has
 * FACTS_MAX + 1 entries. What takes time (see facts_read_kinds()) is only read if `text`
 * names it.
 */
void facts_list(const struct facts *f, const struct facts_scope *scope, const char *text,
                struct expr_fact *ret);

#endif
