/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_OPERAND_H
#define DOC_EXPR_OPERAND_H

#include "doc/expr_reader.h"

/* The value of the fact `name`, which is at `at`. */
struct expr_value expr_read_fact(struct expr_reader *r, const char *name, size_t at);

/* Read 'text' or "text" at a quote. */
struct expr_value expr_read_quoted(struct expr_reader *r);

/* Convert 12, 16MiB, or a version such as 6.1, which is at `at`. */
struct expr_value expr_read_number(struct expr_reader *r, const char *text, size_t at);

/* Read what a text is compared with: 'aws-k8s-1.31', or one word without quotes. */
struct expr_value expr_read_text(struct expr_reader *r);

#endif
