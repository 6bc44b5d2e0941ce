/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A JSON reader that fails the way serde_json does: same words, same position. The real
 * server prints both to its clients.
 */
#ifndef API_DE_H
#define API_DE_H

#include <stdbool.h>
#include <stddef.h>

#include "util.h"

/*
 * Why a value was rejected. serde_json sets the position of an error late: a rule of the
 * model knows none, so the position is that of the end of the list or object around it.
 */
struct complaint {
	char *text; /* owned; NULL while all is well */
	size_t at;  /* bytes read so far */
	bool placed;
};

void complaint_done(struct complaint *complaint);

#define cleanup_complaint __attribute__((cleanup(complaint_done)))

struct de {
	const char *text;
	size_t len;
	size_t at;
	unsigned int depth; /* open lists and objects */
	struct complaint *complaint;
};

/* The next byte that is not white space; it stays unread. -1: end of the text. */
int de_peek(struct de *de);

/* Each returns false, with the complaint filled in; the first takes @text. */
bool de_reject(struct de *de, char *text);                     /* not placed */
bool de_fail_at(struct de *de, size_t at, const char *reason); /* after @at bytes */
bool de_fail_next(struct de *de, const char *reason);          /* after the next byte */

/* Place a complaint that has no position yet; always false. */
bool de_place(struct de *de);

/* Read a string; the next byte is its quote. The bytes are appended to @out. */
bool de_string(struct de *de, struct buf *out);

/* Read null, true or false. */
bool de_word(struct de *de, const char *word);

struct number {
	enum { NUMBER_INTEGER, NUMBER_UNSIGNED, NUMBER_REAL } kind;
	long long integer;       /* NUMBER_INTEGER */
	unsigned long long huge; /* NUMBER_UNSIGNED: beyond the range of the former */
	double real;             /* NUMBER_REAL */
};

bool de_number(struct de *de, struct number *number);

/* As serde_json writes it; the caller owns the text. */
char *number_text(const struct number *number);

/* "integer `3`" or "floating point `3.5`", as error messages name it; owned as above. */
char *number_describe(const struct number *number);

/* Lists and objects: enter, then step until STEP_END or STEP_FAILED, then leave. */
enum step { STEP_ITEM, STEP_END, STEP_FAILED };

bool de_enter(struct de *de);
enum step de_element(struct de *de, bool *first);
enum step de_key(struct de *de, bool *first); /* the next byte is the key's quote */
bool de_colon(struct de *de);

/*
 * Read the closing bracket. @good: false if the content was rejected; then this only
 * gives the complaint its position. Return: @good, or false for another byte.
 */
bool de_leave(struct de *de, char bracket, bool good);

/* After a whole text: only white space may follow. */
bool de_end(struct de *de);

#endif
