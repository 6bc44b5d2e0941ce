/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef API_CLIENT_ANSWER_H
#define API_CLIENT_ANSWER_H

/* An answer of the real server, as the table has it. */

#include "base/err.h"

#include <stdbool.h>

#include "client.h"

struct answer {
	int status;         /* 0: the table has none */
	const char *type;   /* NULL: no Content-Type */
	const char *before; /* text before each body of this type */
	char *body;
	bool any_order;
};

/*
 * Set an answer from the words of the table; a type that is NULL is "none". Return: 0 or
 * -EINVAL.
 */
int answer_set(struct answer *answer, const char *status, const char *type,
               const char *body, struct err *e);

/* Set only the body. */
void answer_set_body(struct answer *answer, const char *body);

bool answer_matches(const struct answer *answer, const struct reply *reply);

void answer_done(struct answer *answer);

#endif
