/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSISTED_H
#define ENGINE_PERSISTED_H

/*
 * One resource against the Bottlerocket settings: is what keeps it stored, and if it is
 * and the host differs all the same, why.
 */

#include "resource/kind.h"

struct node;

struct persisted_diff {
	enum persisted_state state;
	char *path; /* of the first setting that is not as wanted; NULL: none, or the main
	               one */
	char *text; /* what the settings hold there; NULL: nothing */
	const struct node *live; /* all settings, borrowed */
	struct node *wanted;     /* the settings that keep the resource; never NULL */
};

/* Compare with the settings `live`, and set r->persisted. persisted_diff_done()
 * afterwards. */
void persisted_compare(struct persisted_diff *s, struct resource *r,
                       const struct node *live);

/* Whether the change to the settings is to have this resource's part. */
bool persisted_differs(const struct persisted_diff *s);

/*
 * A value that is right and would not be so after a reboot is drift, too; and why it
 * differs is told with what the settings, and the `origins` of its kind, have to do with
 * it.
 */
void persisted_attribute(const struct persisted_diff *s, struct resource *r,
                         const void *origins);

void persisted_diff_done(struct persisted_diff *s);

#define _persisted_diff_ _cleanup_(persisted_diff_done)

#endif
