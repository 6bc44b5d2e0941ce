/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_STORE_H
#define ENGINE_PERSIST_STORE_H

/*
 * Where values persist across reboots: the Bottlerocket settings or, on a host without
 * their API, files in /etc. What a store holds is a tree of the form of the settings.
 */

struct node;
struct persisted_diff;
struct persisting;
struct resource;

struct persist_store {
	/* Add what persists a resource to `wanted`; `live`: what the store holds. */
	void (*want)(const struct resource *r, const struct node *live,
	             struct node *wanted);

	/*
	 * Report a resource that the store lacks, or holds with another value. `files`:
	 * NULL if the store is the settings.
	 */
	void (*report)(const struct persisting *files, const struct persisted_diff *d,
	               struct resource *r);
};

extern const struct persist_store persist_settings, persist_files;

#endif
