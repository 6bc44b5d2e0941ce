/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_STORED_H
#define ENGINE_STORED_H

/*
 * One resource against the Bottlerocket settings: is what keeps it stored, and if it is
 * and the host differs all the same, why.
 */

#include "kinds/kind.h"

struct node;
struct sysctl_d;

struct stored {
	enum kept kept;
	char *path; /* of the first setting that is not as wanted; NULL: none, or the main
	               one */
	char *text; /* what the settings hold there; NULL: nothing */
	const struct node *live; /* all settings, borrowed */
	struct node *wanted;     /* the settings that keep the resource; never NULL */
};

/* Compare with the settings `live`, and set r->persisted. stored_done() afterwards. */
void stored_compare(struct stored *s, struct resource *r, const struct node *live);

/* Whether the change to the settings is to have this resource's part. */
bool stored_differs(const struct stored *s);

/*
 * A value that is right and would not be so after a reboot is drift, too; and why it
 * differs is told with what the settings, and the files `boot`, have to do with it.
 */
void stored_tell(const struct stored *s, struct resource *r, const struct sysctl_d *boot);

void stored_done(struct stored *s);

#define _stored_ _cleanup_(stored_done)

#endif
