/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the API accepts as JSON, described by tables. */
#ifndef API_MODEL_H
#define API_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "de.h"

enum shape {
	SHAPE_STRING,
	SHAPE_ENUM, /* one of the words of its text rule */
	SHAPE_BOOL,
	SHAPE_INTEGER,
	SHAPE_LIMIT,   /* an integer from -1, or "unlimited", which is stored as -1 */
	SHAPE_PERCENT, /* 0 to 100 as an integer or as a string */
	SHAPE_IP,
	SHAPE_IPS,     /* one address or a list of them */
	SHAPE_COMMAND, /* a list of strings that begins with "apiclient" */
	SHAPE_LIST,
	SHAPE_TUPLE, /* a list of fixed length */
	SHAPE_STRUCT,
	SHAPE_MAP,
	SHAPE_TAINTS,      /* a map of a taint or a list of taints, stored as lists */
	SHAPE_MIRRORS,     /* a list, or a map that is stored as a list */
	SHAPE_RESERVATION, /* a struct whose unknown members are a map of quantities */
	SHAPE_COUNT
};

/* One condition on a string; the complaint quotes the string. */
struct check {
	const char *pattern; /* extended regular expression */
	bool forbidden;      /* it must not match */
	const char *before;  /* the complaint around the string */
	const char *after;
};

/* A kind of string: one of some words, or anything that passes the checks. */
struct text {
	const char *type; /* as the error messages call it */
	const struct check *checks;
	size_t n_checks;
	const char *const *words;
	size_t n_words;
	const char *lead;          /* words: introduces the complaint; NULL: an enum */
	const char *const *stored; /* words: what is stored for each; NULL: itself */
	char *(*fault)(const char *text); /* complaint, owned by the caller; or NULL */
	const char *empty;                /* what is stored for the empty string */
};

struct member;

struct model {
	enum shape shape;
	const char *type;             /* name in messages */
	const struct member *members; /* of a STRUCT or TUPLE */
	size_t n_members;
	bool open;      /* STRUCT: skip unknown members instead of rejecting them */
	bool via_value; /* compacted before it is read: see value_compact() */
	const struct model *of;  /* elements of a list, values of a map */
	const struct text *text; /* rule for a string, or for the keys of a map */
	long long min, max;      /* INTEGER */
	bool natural;            /* INTEGER: the model, not the type, rejects negatives */
};

struct member {
	const char *name;
	const char *alias;  /* second name that is accepted, or NULL */
	const char *stored; /* name it reads back by; NULL: its own */
	bool required;
	bool strict; /* null is not the same as absent */
	const struct model *model;
};

/**
 * model_parse - check a JSON text and bring it to the form it is stored in
 * @ret_why: on failure, the message of the real server with line and column; owned by
 * the caller
 *
 * Return: a new reference, or NULL.
 */
json_t *model_parse(const struct model *model, const char *text, size_t len,
                    char **ret_why);

/* Read one value; NULL with the complaint of @de set. */
json_t *model_read(const struct model *model, struct de *de);

extern const struct model settings_model;
extern const struct model kubernetes_model;
extern const struct model kernel_model;
extern const struct model boot_model;
extern const struct model oci_defaults_model;
extern const struct model keypair_model;
extern const struct model ephemeral_init_model;
extern const struct model ephemeral_bind_model;

#endif
