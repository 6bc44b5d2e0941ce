/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FLEET_DOCUMENTS_H
#define FLEET_DOCUMENTS_H

/*
 * Split a file or a stream into JSON documents, one in memory at a time: a document of
 * any layout, JSON lines, or documents one after the other.
 *
 * If a document is cut short, the next one is found again: a line that begins a report.
 */

#include "base/deadline.h"
#include "base/err.h"
#include "base/text/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_MAX_BYTES (8U * 1024 * 1024)

/* Initialise with {.fd = ..., .until = ...}; free with documents_done(). */
struct documents {
	int fd; /* borrowed */
	struct deadline until;
	size_t n;        /* documents so far */
	struct buf text; /* of the current document */
	bool cut_short;  /* it ends in the middle */
	bool too_large;  /* it has more than DOCUMENT_MAX_BYTES: the text is its start */

	/* how far the file was read */
	char chunk[65536];
	size_t at, end;
	struct buf next; /* read already: the start of the next document */
};

/* Read the next document. Return: 1; 0 at the end; -errno with `e`. */
int documents_next(struct documents *d, struct err *e);

void documents_done(struct documents *d);

#endif
