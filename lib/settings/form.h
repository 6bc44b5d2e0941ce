/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SETTINGS_FORM_H
#define SETTINGS_FORM_H

/*
 * What the API takes of some settings, and gives back, is not what people write: all
 * values of a sysctl are texts, boot parameters are lists of texts and change their
 * name, and a limit that is none is -1. Of these settings the host shows the effect.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct node;

enum setting_form {
	SETTING_ANY,
	SETTING_SYSCTL, /* kernel.sysctl.KEY: a text */
	SETTING_BOOT,   /* boot.kernel.KEY, boot.init.KEY: a list of texts */
	SETTING_LIMIT, /* oci-defaults.resource-limits.NAME.*: a number, or "unlimited" */
};

/* What a path (without "settings", ended by NULL) is; it is put into the API's words. */
enum setting_form setting_form_of(char **path);

/* The value as the API gives it back. Takes and returns ownership. */
struct node *setting_form_value(enum setting_form form, struct node *value);

/*
 * What the running system has of the setting `key`: owned by the caller, NULL if
 * nothing, or if it does not show.
 * Return: 0, or -errno if it cannot be read.
 */
int setting_form_live(enum setting_form form, const char *key, const struct host *h,
                      struct node **ret, struct err *e);

/* Whether what is `live` has all of `wanted`. */
bool setting_form_in_effect(enum setting_form form, const struct node *wanted,
                            const struct node *live);

#endif
