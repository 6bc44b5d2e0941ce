/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_PERSISTED_H
#define ENGINE_PERSIST_PERSISTED_H

/*
 * Compare one resource with the Bottlerocket settings: is it persisted, and if the host
 * differs although it is, why.
 */

#include "resource/kind.h"

struct node;

struct persisted_diff {
	enum persisted_state state;
	char *path;   /* of the first setting that differs; NULL: none, or the main one */
	char *text;   /* its current value in the settings, without secrets; NULL: none */
	bool secret;  /* that value has a secret */
	char *stored; /* what the settings have of the resource, with secrets; or NULL */
	const struct node *live; /* all settings, borrowed */
	struct node *wanted;     /* the settings that persist the resource; never NULL */
};

/* Compare with the settings `live`, set r->seen.persisted. Call persisted_diff_done()
 * afterwards. */
void persisted_compare(struct persisted_diff *s, struct resource *r,
                       const struct node *live);

/* Whether the state of a resource permits to store it. */
bool persisted_may_store(const struct resource *r);

/* Whether the change to the settings must include this resource. */
bool persisted_differs(const struct persisted_diff *s);

/*
 * Report a value that is correct but would be lost at the next boot as drift. Explain
 * other differences with the settings and the `origins` of the kind.
 */
void persisted_attribute(const struct persisted_diff *s, struct resource *r,
                         const void *origins);

/*
 * Fail a resource whose change the API server accepted, but stored as another value.
 * `earlier`: in an earlier run.
 */
void persisted_fail_rewritten(const struct persisted_diff *s, struct resource *r,
                              bool earlier);

void persisted_diff_done(struct persisted_diff *s);

#define _persisted_diff_ _cleanup_(persisted_diff_done)

#endif
