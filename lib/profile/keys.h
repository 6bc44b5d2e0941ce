/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_KEYS_H
#define PROFILE_KEYS_H

/* The keys of a profile that are not sections of a kind. */

#include "base/diagnostics.h"
#include "resource/field.h"

#include <stdbool.h>

struct node;

/* These keys, and the key of every item of a list. */
extern const struct field profile_keys[], profile_item_keys[];

bool profile_key_is(const char *key);

/* Check the value of such a key. Return: whether it is invalid, as reported. */
bool profile_key_fault(struct node *n, struct diagnostics *diag);

/* Report a key that is neither one of these nor a section. */
void profile_key_unknown(const struct node *n, struct diagnostics *diag);

#endif
