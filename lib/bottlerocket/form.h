/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_FORM_H
#define BOTTLEROCKET_FORM_H

/*
 * The forms in which the API server stores settings. It accepts some settings under
 * another name or in another form than it returns them, so they are converted before they
 * are compared or sent. Paths are lists of segments without "settings", ended by NULL.
 */

#include <stdbool.h>
#include <stddef.h>

struct node;

enum setting_form {
	SETTING_ANY,
	SETTING_SYSCTL,  /* a string */
	SETTING_BOOT,    /* a list of strings */
	SETTING_LIMIT,   /* a number; "unlimited" is -1 */
	SETTING_TAINT,   /* a list of strings */
	SETTING_POLICY,  /* a capitalized word */
	SETTING_ADDRESS, /* IP addresses, at any depth: the server normalizes IPv6 */
	SETTING_MIRROR,  /* a map's entry: one {registry, endpoint} of a list */
};

/* Classify a path, and rename its segments as the server does. */
enum setting_form setting_form_of(char **path);

/* Convert a value to the form the server returns. Takes and returns ownership. */
struct node *setting_form_value(enum setting_form form, struct node *value);

/*
 * Add the setting at `path` with this value to the tree `wanted`. A list that the server
 * stores whole is completed with the other entries that `live`, all settings, has.
 */
void setting_form_add(enum setting_form form, char *const *path, const struct node *value,
                      const struct node *live, struct node *wanted);

/*
 * Whether the server has the wanted value at a path of n segments: setting_same(), with
 * what the form makes equal.
 */
bool setting_form_same(const char *const *path, size_t n, const struct node *wanted,
                       const struct node *live);

#endif
