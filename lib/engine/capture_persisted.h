/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CAPTURE_PERSISTED_H
#define ENGINE_CAPTURE_PERSISTED_H

struct diagnostics;
struct node;
struct persist;
struct plan;

/*
 * Say in a captured profile what of it the Bottlerocket settings hold; for engine/capture
 * alone. `p` is the plan of that profile, observed; `s` what persist_observe() made of
 * it.
 *
 * What is live and not stored says persist: false. A profile cannot say that of a module:
 * then all of it does, and what is stored stands under settings. Settings that the
 * profile names get the values that are stored. What is not there is a note in
 * `excluded`.
 */
void capture_persisted(struct node *tree, const struct plan *p, const struct persist *s,
                       struct diagnostics *excluded);

#endif
