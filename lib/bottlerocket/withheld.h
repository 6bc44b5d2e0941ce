/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_WITHHELD_H
#define BOTTLEROCKET_WITHHELD_H

/* Which settings a bundle may hold: none that is, or may be, a secret. */

#include "base/err.h"

struct host;
struct node;

/*
 * While a bundle is collected (h->record), remove from the settings what it must not
 * hold, and note the names of what it removes. Else do nothing.
 */
void withheld_remove(const struct host *h, struct node *settings);

/*
 * With a bundle: -ENODATA if the setting with these keys (NULL-terminated), or a part of
 * it, was removed; else 0.
 */
int withheld_check(const struct host *h, char *const *path, struct err *e);

#endif
