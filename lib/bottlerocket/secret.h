/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_SECRET_H
#define BOTTLEROCKET_SECRET_H

/*
 * Settings whose values are passwords, keys or tokens, or may hold some. They are
 * compared and sent like others, but no report shows them.
 */

#include <stdbool.h>
#include <stddef.h>

struct node;

/* What reports show instead. */
#define SECRET_TEXT "(secret)"

/* The same for a message of the server. */
#define SECRET_UNSHOWN "(not shown: it may quote a secret)"

/*
 * Copy the value of the setting at a path of n segments (without "settings"; 0: the tree
 * of all settings), with SECRET_TEXT in place of each secret. Owned by the caller.
 */
struct node *secret_hide(const char *const *path, size_t n, const struct node *value);

/* Whether the value at the path has a secret. */
bool secret_any(const char *const *path, size_t n, const struct node *value);

/*
 * Replace the secrets of `tree`, all settings, where `text` quotes them, as an error of
 * the server does. SECRET_UNSHOWN if that is not certain: the text has a part of one, or
 * one has characters, such as a quote or an umlaut, that the text may have in another
 * form. Owned by the caller.
 */
char *secret_scrub(const char *text, const struct node *tree);

#endif
