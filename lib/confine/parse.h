/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CONFINE_PARSE_H
#define CONFINE_PARSE_H

/*
 * The parsers of doc/ for text from outside, run by confined_call(): the same arguments
 * and results.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stddef.h>

struct diagnostics;
struct node;

struct node *confined_yaml_parse(const char *text, size_t len, const char *file,
                                 struct deadline until, struct diagnostics *diag);
struct node *confined_toml_parse(const char *text, size_t len, const char *file,
                                 struct deadline until, struct diagnostics *diag);
struct node *confined_json_parse_placed(const char *text, size_t len, const char *file,
                                        struct deadline until, struct diagnostics *diag);
struct node *confined_json_parse_some(const char *text, size_t len, size_t max_values,
                                      struct deadline until, struct err *e);

#endif
