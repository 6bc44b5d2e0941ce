/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The ways in which an answer can go wrong. */
#ifndef API_FAULT_KIND_H
#define API_FAULT_KIND_H

#include "fault.h"

struct kind;

struct fault {
	char *method;
	char *prefix;
	unsigned long only; /* the one request it is for; 0: all that match */
	unsigned long seen;
	const struct kind *kind;
	unsigned long number; /* the first argument as a number */
	char *text;           /* what follows it, or NULL */
	struct fault *next;
};

/* Without forge() the request is carried out; without send() the reply is sent whole. */
struct kind {
	const char *name;
	bool has_number;
	void (*forge)(const struct fault *fault, struct reply *reply);
	enum fate (*send)(const struct fault *fault, const struct out *out,
	                  const struct buf *answer, enum fate keep);
};

/* Find a kind by its name; NULL if unknown. */
const struct kind *kind_find(const char *name, size_t len);

#endif
