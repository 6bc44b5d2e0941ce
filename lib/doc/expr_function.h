/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_FUNCTION_H
#define DOC_EXPR_FUNCTION_H

#include "doc/expr_reader.h"

/* Call the function `name`, which is at `at`, with `n` values. */
struct expr_value expr_call(struct expr_reader *r, const char *name, size_t at,
                            const struct expr_value *args, size_t n);

#endif
