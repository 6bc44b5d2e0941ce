/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the API accepts as JSON, described by tables. */
#ifndef API_MODEL_H
#define API_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum shape {
	SHAPE_ANY,
	SHAPE_STRING,
	SHAPE_BOOL,
	SHAPE_INTEGER,
	SHAPE_LIMIT, /* an integer from -1, or the word "unlimited", which is stored as -1
	              */
	SHAPE_LIST,
	SHAPE_STRUCT,
	SHAPE_MAP,
	SHAPE_COUNT
};

/* One demand on a text: it must, or must not, match; the complaint quotes the input. */
struct check {
	const char *pattern; /* extended regular expression */
	bool forbidden;
	const char *before;
	const char *after;
};

/* A kind of text: either one of some words or anything that passes all checks. */
struct text {
	const char *type; /* as the error messages call it */
	const struct check *checks;
	size_t n_checks;
	const char *const *words;
	size_t n_words;
};

struct member;

struct model {
	enum shape shape;
	const char *type;             /* name of a STRUCT in messages */
	const struct member *members; /* of a STRUCT */
	size_t n_members;
	bool open;               /* STRUCT: skip unknown members instead of refusing */
	const struct model *of;  /* elements of a LIST, values of a MAP */
	const struct text *text; /* rule for a STRING, or for the keys of a MAP */
};

struct member {
	const char *name;
	const char *stored; /* name it reads back by, if that is another one */
	bool required;
	const struct model *model;
};

/* Why a value was refused, and the member it was found at; both owned. */
struct complaint {
	char *text;
	char *token;
};

void complaint_done(struct complaint *complaint);

#define cleanup_complaint __attribute__((cleanup(complaint_done)))

/**
 * model_read - check a value and bring it to the form it is stored in
 * @in: borrowed
 *
 * Return: a new reference, or NULL with @complaint filled in.
 */
json_t *model_read(const struct model *model, json_t *in, struct complaint *complaint);

extern const struct model settings_model;
extern const struct model keypair_model;
extern const struct model ephemeral_init_model;
extern const struct model ephemeral_bind_model;

#endif
