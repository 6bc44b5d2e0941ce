/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SETTINGS_FORM_H
#define SETTINGS_FORM_H

/*
 * The API returns some settings in another form than people write them: a sysctl value is
 * always a string, a boot parameter is a list of strings under another name, and an
 * unlimited resource limit is -1. For sysctls and boot parameters the host shows whether
 * they are in effect.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct node;

enum setting_form {
	SETTING_ANY,
	SETTING_SYSCTL, /* kernel.sysctl.KEY: a string */
	SETTING_BOOT,   /* boot.kernel.KEY, boot.init.KEY: a list of strings */
	SETTING_LIMIT, /* oci-defaults.resource-limits.NAME.*: a number, or "unlimited" */
};

/* Classify a path (without "settings", ended by NULL), and rename it as the API does. */
enum setting_form setting_form_of(char **path);

/* Convert a value to the form the API returns. Takes and returns ownership. */
struct node *setting_form_value(enum setting_form form, struct node *value);

/*
 * Read the value of the setting `key` that is in effect. *ret is owned by the caller;
 * NULL if there is none, or if the host does not show it.
 * Return: 0, or -errno if it cannot be read.
 */
int setting_form_live(enum setting_form form, const char *key, const struct host *h,
                      struct node **ret, struct err *e);

/* Whether `live` contains all of `wanted`; true for forms that the host does not show. */
bool setting_form_in_effect(enum setting_form form, const struct node *wanted,
                            const struct node *live);

#endif
