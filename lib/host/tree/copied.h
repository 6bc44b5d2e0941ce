/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_COPIED_H
#define HOST_TREE_COPIED_H

/*
 * What a directory looked like when it was copied, noted on the copy: only while it still
 * looks like that, the copy has all its content. Only for copy.c and xattr.c.
 */

#include "base/deadline.h"
#include "base/err.h"

/* The extended attribute of the copy with the note. */
#define COPIED_XATTR "user.hosttune.copied"

/*
 * Note what a finished copy, which equals its original, looks like. A file system without
 * extended attributes takes no note. Return: 0 or -errno.
 */
int copied_note(int copy, struct deadline until, struct err *e);

#endif
