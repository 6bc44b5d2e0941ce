/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SETTINGS_CHECK_H
#define SETTINGS_CHECK_H

/* What is wrong with a setting of a profile, without asking the API. */

#include "bottlerocket/form.h"

#include <stdbool.h>

struct diagnostics;
struct node;

/* Whether Bottlerocket has settings below that name, such as "kernel". */
bool setting_is_group(const char *name);

/* What is wrong with a name and its path, in words; NULL: nothing. */
const char *setting_name_fault(char *const *path, enum setting_form form,
                               const char *name);

/* A setting: its name for messages, its path as the server returns it, and its form. */
struct setting_at {
	const char *name;
	char *const *path;
	enum setting_form form;
};

/* Check a value and everything in it, and add what is wrong to `diag`. */
void setting_value_check(const struct setting_at *s, const struct node *n,
                         struct diagnostics *diag);

#endif
