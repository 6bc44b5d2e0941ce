/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_REASON_H
#define RESOURCE_REASON_H

/*
 * Why a resource is in its state: one stable word per reason, for machines, and its
 * explanation. All of it is in reason.def: `hosttune explain`, docs/reasons.md and the
 * test of hosttune(8) read it there.
 */

#include <stddef.h>

enum reason {
#define R(id, ...) REASON_##id,
#include "resource/reason.def"
#undef R
	REASON_COUNT
};

/* A reason in words: parts of sentences, without a full stop. */
struct reason_text {
	const char *word;   /* "LiveDiffers" */
	const char *states; /* in which it occurs, joined by " "; of a drive: its group */
	const char *text;   /* what it says */
	const char *why;    /* why it matters */
	const char *danger; /* what can happen, now or when it is fixed carelessly */
	const char *remedy; /* what to do */
};

/* The words of a reason. Those of REASON_NONE are empty but for its text. */
const struct reason_text *reason_text(enum reason r);

/* "LiveDiffers"; "" for REASON_NONE. */
const char *reason_word(enum reason r);

#endif
