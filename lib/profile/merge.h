/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_MERGE_H
#define PROFILE_MERGE_H

#include <stdbool.h>

struct node;
struct suggest;

/*
 * Merge the profile tree `over` into `base`: what `over` names wins, and keeps what
 * it replaced in ->overrode. Sections merge by their shape: lists of names unite,
 * items of the same name merge key by key, settings at every depth. Both are checked
 * trees. Takes ownership of `over`.
 */
void merge_profile(struct node *base, struct node *over);

/*
 * Drop what `base` has by that name: a sysctl, a module, an item of storage, or the
 * section "nfsd". Return: whether there was any.
 */
bool merge_unset(struct node *base, const char *name);

/* Offer each name that merge_unset() would find. */
void merge_suggest(const struct node *base, struct suggest *near);

#endif
