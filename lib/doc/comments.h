/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_COMMENTS_H
#define DOC_COMMENTS_H

/*
 * Comments of a configuration file, collected until the key that they describe. As text,
 * they are lines that begin with "#", and empty lines: what node->lead holds.
 */

#include "base/text/buf.h"

#include <stdbool.h>

struct comments {
	struct buf lines;
	bool blank;    /* empty lines follow that are not in `lines` yet */
	size_t blocks; /* bytes of `lines` up to the last empty line */
	bool begun;    /* a key was read: later comments are not of the whole file */
};

/* Add a comment line that is `len` bytes long, without its mark, or an empty line. */
void comments_add(struct comments *c, const char *text, size_t len);
void comments_add_blank(struct comments *c);

/*
 * Take the comments before a key, owned by the caller; NULL: none. If it is the first
 * key, *ret_header gets what an empty line separates from it: the comment of the whole
 * file.
 */
char *comments_take(struct comments *c, char **ret_header);

/* Take what no key follows. Owned by the caller; NULL: none. */
char *comments_take_rest(struct comments *c);

void comments_done(struct comments *c);

#endif
