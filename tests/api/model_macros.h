/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Short forms for the tables of models, and the rules that several of them share. */
#ifndef API_MODEL_MACROS_H
#define API_MODEL_MACROS_H

#include <limits.h>

#include "model.h"
#include "util.h"

/* clang-format off */
#define CHECKED(t, a) { .type = (t), .checks = (a), .n_checks = ARRAY_SIZE(a) }
#define WORD_OF(t, a) { .type = (t), .words = (a), .n_words = ARRAY_SIZE(a) }
#define TESTED(t, f) { .type = (t), .fault = (f) }
#define PLAIN(s) { .shape = (s) }
#define STRING(t) { .shape = SHAPE_STRING, .text = (t) }
#define ENUM(t) { .shape = SHAPE_ENUM, .text = (t) }
#define INTEGER(t, low, high) \
	{ .shape = SHAPE_INTEGER, .type = (t), .min = (low), .max = (high) }
#define LIST(m) { .shape = SHAPE_LIST, .of = (m) }
#define MAP(t, m) { .shape = SHAPE_MAP, .text = (t), .of = (m) }
#define MEMBERS(t, a) .type = (t), .members = (a), .n_members = ARRAY_SIZE(a)
#define STRUCT(t, a) { .shape = SHAPE_STRUCT, MEMBERS(t, a) }
#define OPEN_STRUCT(t, a) { .shape = SHAPE_STRUCT, .open = true, MEMBERS(t, a) }
#define MEMBER(n, m) { .name = (n), .model = (m) }
#define NEEDED(n, m) { .name = (n), .model = (m), .required = true }
#define STRICT(n, m) { .name = (n), .model = (m), .strict = true }
/* clang-format on */

extern const struct model model_boolean;
extern const struct model model_i32;
extern const struct model model_line; /* a string of one line */
extern const struct model model_lines;
extern const struct model model_url;
extern const struct model model_base64;
extern const struct model model_hostname;
extern const struct model model_ip;
extern const struct text text_identifier;
extern const struct text text_line;

#endif
