/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_TEMPLATE_H
#define DIAGNOSE_RULES_TEMPLATE_H

/* Texts of rules with {NAME} in them. */

#include <stdbool.h>
#include <stddef.h>

/* In each text but that of `subject`: what the finding concerns. */
#define PLACEHOLDER_SUBJECT "subject"

/* Whether the byte can be part of a name. */
bool template_name_has(char c);

/* Find the next one: its "{", and the length of its name. NULL: there is none. */
const char *template_next(const char *text, size_t *ret_len);

/* The value of a name of `len` bytes, owned by the caller. */
typedef char *template_value(const char *name, size_t len, const void *arg);

/* Replace all of `text` (NULL stays NULL). Owned by the caller. */
char *template_fill(const char *text, template_value *value, const void *arg);

#endif
