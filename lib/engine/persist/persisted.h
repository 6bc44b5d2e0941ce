/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_PERSISTED_H
#define ENGINE_PERSIST_PERSISTED_H

/*
 * Compare one resource with the Bottlerocket settings: is it persisted, and if the host
 * differs although it is, why.
 */

#include "resource/kind.h"

struct node;
struct persist_store;

struct persisted_diff {
	enum persisted_state state;
	char *path;   /* of the first setting that differs; NULL: none, or the main one */
	char *text;   /* its current value in the settings, without secrets; NULL: none */
	bool secret;  /* that value has a secret */
	char *stored; /* what the settings have of the resource, with secrets; or NULL */
	const struct node *live; /* all settings, borrowed */
	struct node *wanted;     /* the settings that persist the resource; never NULL */
};

/*
 * Compare with what the store holds, `live`, and set r->seen.persisted. Call
 * persisted_diff_done() afterwards.
 */
void persisted_compare(struct persisted_diff *s, struct resource *r,
                       const struct persist_store *store, const struct node *live);

/* Whether nothing but the settings has its value: no other place can be in effect. */
bool persisted_is_setting(const struct resource *r);

/* Whether the state of a resource permits to store it. */
bool persisted_may_store(const struct resource *r);

/* Whether the change to the settings must include this resource. */
bool persisted_differs(const struct persisted_diff *s);

/* Explain other differences, with the `origins` of the kind. `file`: as of persistence.
 */
void persisted_attribute(const struct persisted_diff *s, struct resource *r,
                         const char *file, const void *origins);

/*
 * Fail a resource whose change the API server accepted, but stored as another value.
 * `earlier`: in an earlier run.
 */
void persisted_fail_rewritten(const struct persisted_diff *s, struct resource *r,
                              bool earlier);

void persisted_diff_done(struct persisted_diff *s);

#define _persisted_diff_ _cleanup_(persisted_diff_done)

#endif
