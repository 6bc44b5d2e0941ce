/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_TMPROOT_H
#define UNIT_TMPROOT_H

/*
 * A host root in a temporary directory: the captured world of a test. There is one at
 * a time; tmproot_setup() and tmproot_teardown() are fixtures for suite_fixture().
 */

#include "host/host.h"

struct tmproot {
	char path[64];    /* of the root */
	char outside[64]; /* a directory beside it, which nothing may reach */
	struct host host; /* opened at the root; kernel release 6.12.0-test */
};

extern struct tmproot tmproot;

int tmproot_setup(void **state);
int tmproot_teardown(void **state);

/* Make a file, replacing an existing one, and its missing parents. Path below the root.
 */
void tmproot_write(const char *path, const char *text);

/* Make a directory and its missing parents, or a symbolic link. */
void tmproot_dir(const char *path);
void tmproot_link(const char *path, const char *target);

/*
 * Make writing to a file fail, but not reading: it becomes a link to a file beside
 * it, and the host writes through no link.
 */
void tmproot_protect(const char *path);

void tmproot_remove(const char *path);

/* A file's text, kept until the test ends; "(none)" if it is not there. */
const char *tmproot_read(const char *path);

/*
 * All that is below the root, a line each with mode, time of last change and content:
 * two that are equal mean that nothing was written between. Or without the times: that
 * all is as it was. Kept until the test ends.
 */
const char *tmproot_snapshot(void);
const char *tmproot_contents(void);

#endif
