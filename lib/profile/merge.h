/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_MERGE_H
#define PROFILE_MERGE_H

#include <stdbool.h>

struct node;
struct suggest;

/*
 * Merge the profile tree `over` into `base`. Values of `over` win; ->overrode holds what
 * they replaced. Sections merge by shape: lists of names are united, items of the same
 * name merge key by key, settings merge at every depth. Both trees must be checked. Takes
 * ownership of `over`.
 */
void merge_profile(struct node *base, struct node *over);

/*
 * Remove what has that name from `base`: a sysctl, a module, a storage item, or the
 * section "nfsd". Return: whether there was any.
 */
bool merge_unset(struct node *base, const char *name);

/* Offer each name that merge_unset() would find to `near`. */
void merge_suggest(const struct node *base, struct suggest *near);

#endif
