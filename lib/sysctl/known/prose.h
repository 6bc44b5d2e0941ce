/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_PROSE_H
#define SYSCTL_KNOWN_PROSE_H

/* What single sysctls do, in words for people: prose.def. Texts have no full stop. */

struct sysctl_prose {
	const char *key;     /* with "*" for the interface, where it has one */
	const char *unit;    /* "bytes"; "": a count or a choice */
	const char *initial; /* the kernel's default; "": it varies, or is unknown */
	const char *what;    /* what it sets */
	const char *why;     /* why it matters, and what can go wrong */
	const char *source;  /* a file of the kernel's tree, or a manual page; "": that of
	                        sysctl_prose_document() */
};

/* Find the words on a key, on its alias or on its family of interfaces; NULL: none. */
const struct sysctl_prose *sysctl_prose_find(const char *key);

/* The next row after `after` (NULL: the first); NULL: none. */
const struct sysctl_prose *sysctl_prose_next(const struct sysctl_prose *after);

/* The file of the kernel's tree that documents the directory of the key. */
const char *sysctl_prose_document(const char *key);

#endif
