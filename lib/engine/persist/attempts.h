/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_ATTEMPTS_H
#define ENGINE_PERSIST_ATTEMPTS_H

/*
 * Changes to the settings that the API accepted but stored as another value. Each commit
 * restarts services of the host, so the same change is not sent twice.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct resource;

/* Zeroed before the first use. */
struct attempts {
	uint64_t *ids;
	size_t n;
};

/*
 * Identify the change that stores the tree `wanted` for a resource whose value in the
 * settings is `stored` (NULL: none). Stable between processes.
 */
uint64_t attempt_id(const struct resource *r, const struct node *wanted,
                    const char *stored);

/* `a` may be NULL: has nothing. */
bool attempts_have(const struct attempts *a, uint64_t id);

void attempts_add(struct attempts *a, uint64_t id);
void attempts_done(struct attempts *a);

#endif
