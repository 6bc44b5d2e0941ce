/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_SEND_H
#define ENGINE_PERSIST_SEND_H

/*
 * Send a change to the Bottlerocket settings: in one transaction or, if the API refuses
 * that, in one for each top-level subtree (settings.kernel, settings.motd), so that what
 * it refuses does not keep the rest from being stored.
 */

#include <stdbool.h>

struct host;
struct node;
struct persist;

/* Set s, h and separately; the rest is the result. */
struct sending {
	struct persist *s; /* its state and message say what failed */
	struct host *h;
	bool separately; /* if the API refuses the whole, send each subtree */

	struct node *refused; /* keys of subtrees that are not stored, and why; or NULL */
	int code;             /* of the last transaction that failed; 0: none */
	bool stored;          /* some are stored */
	bool maybe;           /* some are, or may be, although a transaction failed */
};

/*
 * Read the settings into x->s->live, right before a change is made of them: what other
 * processes stored since then would be lost. Return: 0; -errno: nothing can be sent, and
 * live is NULL.
 */
int sending_begin(struct sending *x);

/*
 * After sending_begin(), send the tree `change`, which is not empty, and read the
 * settings again into x->s->live if they may have changed; NULL if that fails. A
 * transaction that may have been committed is not sent again, nor is a subtree that
 * another process changed meanwhile.
 */
void sending_run(struct sending *x, const struct node *change);

/* Why the subtree with this key is not stored; NULL: nothing of it failed. */
const char *sending_why(const struct sending *x, const char *top);

/* Whether sysctls of `change` are stored: the host applies all its settings then. */
bool sending_wakes_applier(const struct sending *x, const struct node *change);

void sending_done(struct sending *x);

#endif
