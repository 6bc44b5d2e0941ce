/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_APPLY_H
#define ENGINE_PERSIST_APPLY_H

/*
 * Store values in the Bottlerocket settings: in one transaction; or, if the API refuses
 * that and each value must be stored separately, in one for each top-level subtree.
 * Without the API, in files: files_apply.h.
 */

struct host;
struct persist;
struct plan;

/*
 * Store what differs, read it back, and verify its effect. What is not stored is failed.
 * Call it after plan_apply() succeeded.
 */
void persist_apply(struct persist *s, struct plan *p, struct host *h);

#endif
