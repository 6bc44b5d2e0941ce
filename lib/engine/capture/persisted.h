/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CAPTURE_PERSISTED_H
#define ENGINE_CAPTURE_PERSISTED_H

struct diagnostics;
struct node;
struct persist;
struct plan;

/*
 * Record in a captured profile what the Bottlerocket settings hold; only for
 * engine/capture/capture. `p` is the observed plan of that profile, `s` the result of
 * persist_observe() for it.
 *
 * A live value that is not persisted gets persist: false. A module cannot have that key:
 * then the whole profile gets it, and persisted values are listed under settings.
 * Settings that the profile names get their stored values. Those without a value are
 * noted in `excluded`.
 */
void capture_persisted(struct node *tree, const struct plan *p, const struct persist *s,
                       struct diagnostics *excluded);

#endif
