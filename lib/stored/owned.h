/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORED_OWNED_H
#define STORED_OWNED_H

/*
 * Files that hosttune writes for the next boot start with a line that names the profile,
 * and the digest of all that follows. So an edited file is recognised: hosttune neither
 * replaces nor removes it. The digest recognises edits, not malice.
 */

#include <stdbool.h>

enum owned {
	OWNED_ABSENT,
	OWNED_OURS,
	OWNED_EDITED,  /* it has the line, and another content */
	OWNED_FOREIGN, /* no such line, or no regular file */
};

/* The text of a file for the profile `name`. Owned by the caller. */
char *owned_text(const char *name, const char *body);

/* Judge the text of a file: OURS, EDITED or FOREIGN. */
enum owned owned_judge(const char *text);

/* Return what follows the lines that owned_text() added; `text` itself without them. */
const char *owned_body(const char *text);

#endif
