/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef JOURNAL_PRUNE_H
#define JOURNAL_PRUNE_H

struct journal_store;

/*
 * Remove journals until there is room for another one of JOURNALS_MAX: first those that
 * nobody can use any more (reverted, or of another boot than `boot` without anything
 * stored), then the oldest. The newest stays, and what is on trial.
 */
#define JOURNALS_MAX 16
void journal_store_prune(const struct journal_store *s, const char *boot);

#endif
