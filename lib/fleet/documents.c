/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fleet/documents.h"

#include "base/input.h"

#include <string.h>

#define HEAD_MAX 64 /* of a line that begins a report: brace, blanks and first key */

/* Where the next character stands in a document. */
struct position {
	size_t depth; /* of braces */
	bool object;  /* it began with "{" */
	bool quoted, escaped, mid_line;
	bool in_head; /* of a line that begins with "{": it may be another document */
	char head[HEAD_MAX + 1];
	size_t head_len;
};

/* Return: 1 if the chunk has a character; 0 at the end; -errno. */
static int documents_fill(struct documents *d, struct err *e)
{
	ssize_t n;

	if (d->at < d->end)
		return 1;
	n = input_read(d->fd, d->chunk, sizeof(d->chunk), d->until, e);
	d->at = 0;
	d->end = n > 0 ? (size_t)n : 0;
	return n < 0 ? (int)n : n > 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skip the blanks before a document. Return: as above. */
static int skip_blanks(struct documents *d, struct err *e)
{
	int r;

	while ((r = documents_fill(d, e)) > 0 && is_blank(d->chunk[d->at]))
		d->at++;
	return r;
}

/* Follow braces and quotes. Return: whether `c` ends the document. */
static bool advance(struct position *p, char c)
{
	if (c == '\n') {
		/* no text of JSON contains it: the document is cut short there */
		p->quoted = p->escaped = false;
	} else if (p->escaped) {
		p->escaped = false;
	} else if (p->quoted) {
		p->escaped = c == '\\';
		p->quoted = c != '"';
	} else if (c == '"') {
		p->quoted = true;
	} else if (c == '{') {
		p->depth++;
	} else if (c == '}' && p->depth > 0) {
		p->depth--;
		return p->object && p->depth == 0;
	}
	return false;
}

/*
 * Whether `c` completes the head of a report: "{" in the first column, then a key that
 * reports begin with, also if their keys were sorted. Records have no such key.
 */
static bool completes_head(struct position *p, char c)
{
	const char *quote;

	if (!p->mid_line && c == '{') {
		p->in_head = true;
		p->head_len = 0;
	}
	if (!p->in_head)
		return false;
	p->head[p->head_len++] = c;
	p->head[p->head_len] = '\0';
	quote = strchr(p->head, '"');
	if (p->head_len == HEAD_MAX || (!quote && p->head_len > 1 && !is_blank(c)))
		p->in_head = false;
	if (c != '"' || quote == p->head + p->head_len - 1)
		return false;
	p->in_head = false;
	return strcmp(quote, "\"version\"") == 0 || strcmp(quote, "\"api\"") == 0;
}

static void add(struct documents *d, char c)
{
	if (d->text.len < DOCUMENT_MAX_BYTES)
		buf_add_n(&d->text, &c, 1);
	else
		d->too_large = true;
}

/* Take the head of the next document off this one, which is cut short, or no JSON. */
static void split_at_head(struct documents *d, const struct position *p)
{
	d->cut_short = p->object;
	buf_add_n(&d->next, p->head, p->head_len);
	if (!d->too_large) {
		d->text.len -= p->head_len;
		d->text.text[d->text.len] = '\0';
	}
}

/* Add what the chunk has of the document. Return: whether it has the end. */
static bool take_chunk(struct documents *d, struct position *p)
{
	while (d->at < d->end) {
		char c = d->chunk[d->at++];
		bool end = advance(p, c), head = completes_head(p, c);

		add(d, c);
		if (head)
			split_at_head(d, p);
		if (head || end)
			return true;
		p->mid_line = c != '\n';
	}
	return false;
}

/* Begin the document with its head, which was read with the one before, or nothing. */
static void begin(struct documents *d, struct position *p)
{
	for (size_t i = 0; i < d->next.len; i++)
		(void)advance(p, d->next.text[i]);
	buf_done(&d->text);
	d->text = d->next;
	d->next = (struct buf){0};
	p->object = d->text.len > 0 || d->chunk[d->at] == '{';
	p->mid_line = true; /* the document's own head is none of another */
	d->cut_short = d->too_large = false;
	d->n++;
}

int documents_next(struct documents *d, struct err *e)
{
	struct position p = {0};
	int r = d->next.len > 0 ? 1 : skip_blanks(d, e);

	if (r <= 0)
		return r;
	begin(d, &p);
	while ((r = documents_fill(d, e)) > 0)
		if (take_chunk(d, &p))
			return 1;
	d->cut_short = p.object;
	return r < 0 ? r : 1;
}

void documents_done(struct documents *d)
{
	buf_done(&d->text);
	buf_done(&d->next);
}
