/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

/*
 * What the reports of many nodes (-o json of audit and apply) say together: for each
 * resource, on how many nodes it has which state and values, and on which nodes first.
 *
 * Reports are added one by one and not kept. Memory grows with the number of resources
 * and of different values, which are bounded, and with the names of the nodes.
 */

#include "base/err.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

#define FLEET_NAMES_MAX    8  /* nodes named for each variant */
#define FLEET_VARIANTS_MAX 16 /* of a resource */
#define FLEET_RESOURCES_MAX                                        \
	10000 /* such as sysctls; file systems per drive have many \
	       */
#define FLEET_PROFILES_MAX 16

/* Some nodes. */
struct fleet_nodes {
	size_t n;
	uint32_t first[FLEET_NAMES_MAX]; /* the first of them: indexes of fleet->names */
};

/* The nodes on which a resource has the same state, for the same reason and values. */
struct fleet_variant {
	enum state state;
	char *reason, *wanted, *live; /* NULL: none */
	bool waived;                  /* differs as the profile agrees: STATE_SKIPPED */
	struct fleet_nodes nodes;
};

struct fleet_resource {
	char *kind, *name;
	size_t by_state[STATE_SKIPPED + 1]; /* nodes */
	size_t n;                           /* of all states */
	struct fleet_variant *variants;     /* most nodes first, after fleet_sort() */
	size_t n_variants, cap_variants;
	size_t n_other;    /* nodes with further variants */
	size_t counted_in; /* the report that it was counted in last; from 1 */
};

/* A node as a whole: the most serious state of its resources. */
enum fleet_verdict {
	FLEET_IN_SYNC,
	FLEET_DIFFERS, /* drift or pending */
	FLEET_FAILED,
	FLEET_REFUSED,
	FLEET_VERDICTS
};

struct fleet_profile {
	char *name; /* NULL: the profile has none */
	size_t n;   /* nodes */
};

struct fleet {
	char **names; /* of the nodes, in the order of their reports */
	size_t n, cap;
	size_t by_verdict[FLEET_VERDICTS]; /* nodes */
	size_t n_skipped;                  /* reports that could not be used */

	struct fleet_resource **resources; /* most nodes out of sync first, if sorted */
	size_t n_resources, cap_resources;
	size_t n_beyond; /* records of resources beyond FLEET_RESOURCES_MAX */

	struct fleet_profile profiles[FLEET_PROFILES_MAX];
	size_t n_profiles;
	size_t n_other_profiles; /* nodes with further profiles */

	void *name_tree, *resource_tree; /* of tsearch(3) */
};

/*
 * Add a report. `fallback` names the node if the report does not.
 *
 * An API that was not reached or refused the change, or that the profile requires and
 * that is absent or locked, counts as a resource of kind "api". Return: 0; -errno with
 * `e`, and nothing counted, if it is no report, one of another version, or a second one
 * of the same node (-EEXIST).
 */
int fleet_add(struct fleet *f, const struct node *report, const char *fallback,
              struct err *e);

void fleet_done(struct fleet *f);

#endif
