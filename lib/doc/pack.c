/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/pack.h"

#include "base/diagnostics.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* That of jansson; YAML and TOML are read less deep. */
#define DEPTH_MAX 2048

/* A child may choose its keys so that each is in the way of all others. */
#define DISTANCE_MAX 256

#define NO_TEXT UINT32_MAX
#define NO_NODE 0
#define PLAIN   (1U << 8)

/* --- writing ------------------------------------------------------------------------ */

void pack_number(struct buf *out, uint32_t value)
{
	buf_add_n(out, (const char *)&value, sizeof(value));
}

void pack_text(struct buf *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	pack_number(out, text ? (uint32_t)len : NO_TEXT);
	buf_add_n(out, text ? text : "", len);
}

static void pack_place(struct buf *out, const struct place *at)
{
	pack_number(out, at->line);
	pack_number(out, at->col);
}

void pack_node(struct buf *out, const struct node *n)
{
	if (!n) {
		pack_number(out, NO_NODE);
		return;
	}
	pack_number(out, (uint32_t)(n->type + 1) | (n->plain ? PLAIN : 0));
	pack_place(out, &n->at);
	pack_place(out, &n->key_at);
	pack_text(out, n->key);
	pack_text(out, n->text);
	pack_text(out, n->comment);
	pack_text(out, n->lead);
	pack_number(out, (uint32_t)n->n);
	node_for_each (item, n)
		pack_node(out, item);
}

void pack_diagnostics(struct buf *out, const struct diagnostics *diag)
{
	pack_number(out, (uint32_t)diag->n);
	for (size_t i = 0; i < diag->n; i++) {
		const struct diagnostic *d = &diag->list[i];

		pack_number(out, d->severity);
		pack_number(out, d->line);
		pack_number(out, d->col);
		pack_text(out, d->text);
	}
}

void pack_err(struct buf *out, const struct err *e)
{
	pack_number(out, (uint32_t)-e->code);
	pack_text(out, e->text);
}

/* --- reading ------------------------------------------------------------------------ */

static const char *unpack_bytes(struct unpack *u, size_t n)
{
	const char *at = u->at;

	if (u->broken || n > (size_t)(u->end - u->at)) {
		u->broken = true;
		return NULL;
	}
	u->at += n;
	return at;
}

uint32_t unpack_number(struct unpack *u)
{
	uint32_t value = 0;
	const char *bytes = unpack_bytes(u, sizeof(value));

	if (bytes)
		memcpy(&value, bytes, sizeof(value));
	return value;
}

char *unpack_text(struct unpack *u)
{
	uint32_t len = unpack_number(u);
	const char *bytes = len == NO_TEXT ? NULL : unpack_bytes(u, len);

	if (bytes && memchr(bytes, '\0', len))
		u->broken = true;
	return bytes && !u->broken ? mem_dup_n(bytes, len) : NULL;
}

static struct place unpack_place(struct unpack *u, const char *file)
{
	struct place at = {.line = unpack_number(u)};

	at.col = unpack_number(u);
	/* a value without a place has no file */
	at.file = at.line ? file : NULL;
	return at;
}

static struct node *unpack_node_at(struct unpack *u, const char *file, unsigned depth);

static void unpack_items(struct unpack *u, struct node *n, const char *file,
                         unsigned depth)
{
	uint32_t count = unpack_number(u);

	if (n->type == NODE_SCALAR && (count > 0 || !n->text))
		u->broken = true;
	for (uint32_t i = 0; i < count && !u->broken; i++) {
		struct node *item = unpack_node_at(u, file, depth + 1);
		_free_ char *key = NULL;

		if (!item) {
			u->broken = true;
			break;
		}
		key = item->key;
		item->key = NULL;
		if ((n->type == NODE_MAP) != (key != NULL) ||
		    (key && (node_distance(n, key) > DISTANCE_MAX || node_get(n, key)))) {
			u->broken = true;
			node_free(item);
		} else if (key) {
			node_set(n, key, item);
		} else {
			node_append(n, item);
		}
	}
}

/* The key of a member is left in it. */
static struct node *unpack_node_at(struct unpack *u, const char *file, unsigned depth)
{
	uint32_t kind = unpack_number(u), type = (kind & ~PLAIN) - 1;
	struct node *n;

	if (u->broken || kind == NO_NODE)
		return NULL;
	if (type > NODE_MAP || depth > DEPTH_MAX) {
		u->broken = true;
		return NULL;
	}
	n = node_new((enum node_type)type);
	n->plain = kind & PLAIN;
	n->at = unpack_place(u, file);
	n->key_at = unpack_place(u, file);
	n->key = unpack_text(u);
	n->text = unpack_text(u);
	n->comment = unpack_text(u);
	n->lead = unpack_text(u);
	unpack_items(u, n, file, depth);
	if (!u->broken)
		return n;
	node_free(n);
	return NULL;
}

struct node *unpack_node(struct unpack *u, const char *file)
{
	return unpack_node_at(u, file, 0);
}

void unpack_diagnostics(struct unpack *u, const char *file, struct diagnostics *diag)
{
	uint32_t count = unpack_number(u);

	for (uint32_t i = 0; i < count && !u->broken; i++) {
		uint32_t severity = unpack_number(u);
		struct place at = {.file = file, .line = unpack_number(u)};
		_free_ char *text = NULL;

		at.col = unpack_number(u);
		text = unpack_text(u);
		if (!text || severity > SEVERITY_NOTE)
			u->broken = true;
		else if (severity == SEVERITY_ERROR)
			diag_error(diag, at, "%s", text);
		else if (severity == SEVERITY_WARNING)
			diag_warn(diag, at, "%s", text);
		else
			diag_note(diag, at, "%s", text);
	}
}

int unpack_err(struct unpack *u, struct err *e)
{
	uint32_t code = unpack_number(u);
	_free_ char *text = unpack_text(u);

	if (!text || code > INT_MAX)
		u->broken = true;
	return u->broken || code == 0 ? 0 : err_set(e, -(int)code, "%s", text);
}

struct node *unpack_parsed(struct unpack *u, const char *file, struct diagnostics *diag,
                           struct err *e)
{
	_diagnostics_ struct diagnostics none = {0};
	const size_t errors = diag ? diag_count_errors(diag) : 0;
	_node_ struct node *n = NULL;
	bool failed;

	unpack_diagnostics(u, file, diag ? diag : &none);
	failed = unpack_err(u, e) < 0 || (diag && diag_count_errors(diag) > errors);
	n = unpack_node(u, file);
	if (unpack_is_complete(u) && (n || failed))
		return TAKE_PTR(n);
	(void)err_set(e, -EBADMSG, "the process that read it answers nonsense");
	return NULL;
}

bool unpack_is_complete(const struct unpack *u)
{
	return !u->broken && u->at == u->end;
}
