/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_UNDO_H
#define RESOURCE_UNDO_H

/*
 * How another process than the one that changed the host restores it: as single objects,
 * each with a value that is one line of text. A journal (journal/journal.h) has them, so
 * nothing of the profile or of a kind's own state is needed. An object may come from a
 * damaged or hostile file: read() refuses what is no object of the kind.
 */

#include "base/err.h"
#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct resource;

/* Texts are owned. */
struct undo_value {
	char *object;
	char *previous; /* NULL: unknown */
	char *desired;  /* NULL: what the kernel makes of it */
};

struct undo_values {
	struct undo_value *list;
	size_t n, cap;
};

/* Add one. Takes ownership of the texts. */
void undo_add(struct undo_values *v, char *object, char *previous, char *desired);
void undo_values_done(struct undo_values *v);

#define _undo_values_ _cleanup_(undo_values_done)

struct undo {
	/*
	 * Add all values that apply() is about to change, in the order of writing, each
	 * with what it is now and what it will be. Called right before apply(), in
	 * STATE_DRIFT. Only reads.
	 */
	void (*list)(const struct resource *r, const struct host *h,
	             struct undo_values *ret);

	/*
	 * Read the value of an object. Return: 0; *ret_value is NULL if it does not
	 * exist. -EINVAL if it is no object of this kind; -errno.
	 */
	int (*read)(const struct host *h, const char *object, char **ret_value,
	            struct err *e);

	/* Write it. Called only for an object that read() found. Return: 0 or -errno. */
	int (*write)(struct host *h, const char *object, const char *value,
	             struct err *e);

	/*
	 * Whether two objects with different texts have a value in common: an interface
	 * has another name since, say. NULL: they never do.
	 */
	bool (*overlaps)(const char *a, const char *b);

	/* write() as a command for a shell. Owned by the caller. */
	char *(*command)(const struct host *h, const char *object, const char *value);
};

#endif
