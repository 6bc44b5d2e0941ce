/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SETTINGS_EFFECT_H
#define SETTINGS_EFFECT_H

/* Whether a setting is in effect: for sysctls and boot parameters the host shows it. */

#include "base/err.h"
#include "bottlerocket/form.h"

#include <stdbool.h>

struct host;
struct node;

/*
 * Read the value of the setting `key` that is in effect. *ret is owned by the caller;
 * NULL if there is none, or if the host does not show it.
 * Return: 0; 1 if it is a write-only sysctl, which has no value; -errno if it cannot be
 * read.
 */
int setting_effect_read(enum setting_form form, const char *key, const struct host *h,
                        struct node **ret, struct err *e);

/* Whether `live` contains all of `wanted`; true for forms that the host does not show. */
bool setting_effect_has(enum setting_form form, const struct node *wanted,
                        const struct node *live);

#endif
