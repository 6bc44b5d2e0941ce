/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

struct node;

/*
 * Merge the profile tree `over` into `base`: what `over` names wins, and keeps what
 * it replaced in ->overrode. Sections merge by their shape: lists of names unite,
 * items of the same name merge key by key, settings at every depth. Both are checked
 * trees. Takes ownership of `over`.
 */
void merge_profile(struct node *base, struct node *over);

#endif
