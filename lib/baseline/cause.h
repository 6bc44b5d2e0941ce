/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_CAUSE_H
#define BASELINE_CAUSE_H

/*
 * What a change since a baseline means for copies: a table, cause.def, in the order of
 * likely cause. Each row has a word, which is stable: programs compare it.
 */

struct cause {
	const char *word;  /* "MountSync" */
	const char *group; /* what changed: "option" of a mount, "queue" of a drive ... */
	const char *keys;  /* of the group, joined by " "; "*": all others */
	const char *causes; /* what it causes, one sentence */
	const char *remedy; /* one sentence or command; see below; NULL: none */
	const char *source; /* of what it says; NULL: what the words mean */
};

/*
 * A remedy can contain {name} (of the mount, drive or file, as a word for a shell),
 * {namespace} and {pod}, {device} (the kernel's name of the drive now), {key}, {was} and
 * {now}. It is omitted if there is no such thing.
 */

/* All rows, ended by one without a word. */
const struct cause *cause_rows(void);

/* Find the row for a key of the group; there is one for each group. */
const struct cause *cause_find(const char *group, const char *key);

#endif
