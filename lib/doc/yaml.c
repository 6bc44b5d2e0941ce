/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/yaml.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/utf8.h"
#include "doc/node.h"

#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t yaml;
	const char *text, *file;
	size_t len;
	struct diagnostics *diag;
	bool broken; /* the rest cannot be parsed */
};

static struct place place_of(const struct reader *r, yaml_mark_t mark)
{
	return (struct place){.file = r->file,
	                      .line = (unsigned)mark.line + 1,
	                      .col = (unsigned)mark.column + 1};
}

/* libyaml reports encoding errors as a byte offset, without line and column. */
static struct place place_of_offset(const struct reader *r, size_t offset)
{
	struct place at = {.file = r->file, .line = 1, .col = 1};

	for (size_t i = 0; i < offset && i < r->len; i++) {
		/* count characters, as libyaml does elsewhere: skip continuation bytes */
		at.col += ((unsigned char)r->text[i] & 0xc0) != 0x80;
		if (r->text[i] == '\n') {
			at.line++;
			at.col = 1;
		}
	}
	return at;
}

/* The character at `index`, which libyaml counts in characters; '\0': none. */
static char char_at(const struct reader *r, size_t index)
{
	for (size_t i = 0; i < r->len; i++)
		if (((unsigned char)r->text[i] & 0xc0) != 0x80 && index-- == 0)
			return r->text[i];
	return '\0';
}

/* What to do about a value such as "|/usr/bin/dump" or "%e.core" that is not quoted. */
static const char *hint_of(const yaml_parser_t *y, char at)
{
	if (y->context && strcmp(y->context, "while scanning a block scalar") == 0)
		return " (quote a value that begins with | or >)";
	/* elsewhere, a "%" begins a directive */
	if (y->problem && strstr(y->problem, "cannot start any token") && at &&
	    strchr("%@", at))
		return " (quote a value that begins with % or @)";
	return "";
}

static void report_syntax(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	const char *problem = y->problem ? y->problem : "not YAML";
	char at;

	r->broken = true;
	if (y->error == YAML_READER_ERROR) {
		diag_error(r->diag, place_of_offset(r, y->problem_offset),
		           "not valid UTF-8: %s", problem);
		return;
	}
	at = char_at(r, y->problem_mark.index);
	if (at == '\t') {
		diag_error(r->diag, place_of(r, y->problem_mark),
		           "tab character: YAML allows only spaces for indentation");
		return;
	}
	diag_error(r->diag, place_of(r, y->problem_mark), "not YAML: %s%s%s%s", problem,
	           y->context ? " " : "", y->context ? y->context : "", hint_of(y, at));
}

/* Get the next event; the caller deletes it. Return: false after a syntax error. */
static bool node_yaml_next(struct reader *r, yaml_event_t *ret)
{
	if (!r->broken && !yaml_parser_parse(&r->yaml, ret))
		report_syntax(r);
	return !r->broken;
}

static void refuse(struct reader *r, yaml_mark_t at, const char *what)
{
	diag_error(r->diag, place_of(r, at), "%s", what);
	r->broken = true;
}

static void refuse_anchor(struct reader *r, const yaml_event_t *ev,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		diag_error(r->diag, place_of(r, ev->start_mark),
		           "anchor \"&%s\": anchors and aliases are not supported "
		           "(write the value out)",
		           (const char *)anchor);
	if (tag)
		diag_error(r->diag, place_of(r, ev->start_mark),
		           "tag \"%s\": tags are not supported (remove it)",
		           (const char *)tag);
}

static struct node *read_value(struct reader *r, yaml_event_t *ev, unsigned depth);

static struct node *node_yaml_read_list(struct reader *r, unsigned depth)
{
	struct node *list = node_new(NODE_LIST);
	yaml_event_t ev;

	while (node_yaml_next(r, &ev)) {
		struct node *item;
		bool end = ev.type == YAML_SEQUENCE_END_EVENT;

		item = end ? NULL : read_value(r, &ev, depth + 1);
		yaml_event_delete(&ev);
		if (end)
			break;
		if (item)
			node_append(list, item);
	}
	return list;
}

/* Copy the text of a key. Return: NULL, with a problem added, if it is not plain text. */
static char *read_key(struct reader *r, yaml_event_t *ev)
{
	if (ev->type != YAML_SCALAR_EVENT) {
		refuse(r, ev->start_mark, "a key must be plain text");
		return NULL;
	}
	refuse_anchor(r, ev, ev->data.scalar.anchor, ev->data.scalar.tag);
	if (strlen((const char *)ev->data.scalar.value) != ev->data.scalar.length) {
		refuse(r, ev->start_mark, "a key must not contain a NUL character");
		return NULL;
	}
	return mem_dup((const char *)ev->data.scalar.value);
}

static void node_yaml_add_member(struct reader *r, struct node *map, const char *key,
                                 yaml_mark_t mark, struct node *value)
{
	const struct node *first = node_get(map, key);

	if (first) {
		diag_error(r->diag, place_of(r, mark),
		           "key \"%s\": duplicate (first at line %u)", key,
		           first->key_at.line);
		node_free(value);
		return;
	}
	value->key_at = place_of(r, mark);
	node_set(map, key, value);
}

static struct node *read_map(struct reader *r, unsigned depth)
{
	struct node *map = node_new(NODE_MAP);
	yaml_event_t ev;

	while (node_yaml_next(r, &ev)) {
		yaml_mark_t mark = ev.start_mark;
		bool end = ev.type == YAML_MAPPING_END_EVENT;
		_free_ char *key = end ? NULL : read_key(r, &ev);
		struct node *value;

		yaml_event_delete(&ev);
		if (!key || !node_yaml_next(r, &ev))
			break;
		value = read_value(r, &ev, depth + 1);
		yaml_event_delete(&ev);
		if (value)
			node_yaml_add_member(r, map, key, mark, value);
	}
	return map;
}

static struct node *read_scalar(struct reader *r, const yaml_event_t *ev)
{
	struct node *n = node_new(NODE_SCALAR);

	if (memchr(ev->data.scalar.value, '\0', ev->data.scalar.length))
		diag_error(r->diag, place_of(r, ev->start_mark),
		           "a value must not contain a NUL character");
	n->text = mem_dup((const char *)ev->data.scalar.value);
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return n;
}

static struct node *read_value(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	struct place at = place_of(r, ev->start_mark);
	struct node *n = NULL;

	if (depth > NODE_YAML_DEPTH_MAX) {
		refuse(r, ev->start_mark, "nested too deeply (limit: 32 levels)");
		return NULL;
	}
	switch ((int)ev->type) {
	case YAML_SCALAR_EVENT:
		refuse_anchor(r, ev, ev->data.scalar.anchor, ev->data.scalar.tag);
		n = read_scalar(r, ev);
		break;
	case YAML_SEQUENCE_START_EVENT:
		refuse_anchor(r, ev, ev->data.sequence_start.anchor,
		              ev->data.sequence_start.tag);
		n = node_yaml_read_list(r, depth);
		break;
	case YAML_MAPPING_START_EVENT:
		refuse_anchor(r, ev, ev->data.mapping_start.anchor,
		              ev->data.mapping_start.tag);
		n = read_map(r, depth);
		break;
	case YAML_ALIAS_EVENT:
		diag_error(r->diag, at,
		           "alias \"*%s\": anchors and aliases are not supported "
		           "(write the value out)",
		           (const char *)ev->data.alias.anchor);
		break;
	default: refuse(r, ev->start_mark, "not a value"); break;
	}
	if (n)
		n->at = at;
	return n;
}

static struct node *read_stream(struct reader *r)
{
	struct node *root = NULL;
	yaml_event_t ev;

	while (node_yaml_next(r, &ev)) {
		bool end = ev.type == YAML_STREAM_END_EVENT;

		if (ev.type == YAML_DOCUMENT_START_EVENT && root)
			refuse(r, ev.start_mark,
			       "second document: there must be a single document");
		else if (ev.type != YAML_STREAM_START_EVENT &&
		         ev.type != YAML_DOCUMENT_START_EVENT &&
		         ev.type != YAML_DOCUMENT_END_EVENT && !end)
			root = read_value(r, &ev, 0);
		yaml_event_delete(&ev);
		if (end)
			break;
	}
	return root;
}

struct node *node_yaml_parse(const char *text, size_t len, const char *file,
                             struct diagnostics *diag)
{
	size_t before = diag->n;
	struct reader r = {.text = text, .file = file, .len = len, .diag = diag};
	struct node *root;

	if (len > NODE_YAML_SIZE_MAX) {
		diag_error(diag, (struct place){.file = file, .line = 1, .col = 1},
		           "too large (limit: 1 MiB, 1048576 bytes)");
		return NULL;
	}
	/* skip the byte order mark: libyaml would count it as a column */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		r.text = text += 3;
		r.len = len -= 3;
	}
	if (!yaml_parser_initialize(&r.yaml)) {
		diag_error(diag, (struct place){.file = file}, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, len);
	root = read_stream(&r);
	yaml_parser_delete(&r.yaml);
	if (r.broken) {
		node_free(root);
		return NULL;
	}
	if (!root && diag->n == before)
		diag_error(diag, (struct place){.file = file, .line = 1, .col = 1},
		           "empty: there must be at least \"version: 1\"");
	return root;
}

/* --- writing --------------------------------------------------------------------------
 */

static int node_yaml_append(void *arg, unsigned char *text, size_t len)
{
	buf_add_n(arg, (const char *)text, len);
	return 1;
}

/* The emitter takes ownership of the event, even when it fails. */
static void emit(yaml_emitter_t *e, yaml_event_t *ev, int made)
{
	mem_need(made);
	mem_need(yaml_emitter_emit(e, ev) || e->error != YAML_MEMORY_ERROR);
}

/* libyaml makes no event of a text that is not UTF-8. */
static void emit_scalar(yaml_emitter_t *e, const char *text, bool plain)
{
	_free_ char *valid = utf8_or_latin1(text);
	yaml_scalar_style_t style =
		plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	yaml_event_t ev;
	int made;

	if (!plain && strchr(text, '\n'))
		style = YAML_LITERAL_SCALAR_STYLE;
	made = yaml_scalar_event_initialize(&ev, NULL, NULL, (const yaml_char_t *)valid,
	                                    (int)strlen(valid), 1, 1, style);
	emit(e, &ev, made);
}

static void emit_node(yaml_emitter_t *e, const struct node *n)
{
	yaml_event_t ev;
	int made;

	if (n->type == NODE_SCALAR) {
		emit_scalar(e, n->text, n->plain);
		return;
	}
	if (n->type == NODE_LIST)
		made = yaml_sequence_start_event_initialize(&ev, NULL, NULL, 1,
		                                            YAML_BLOCK_SEQUENCE_STYLE);
	else
		made = yaml_mapping_start_event_initialize(&ev, NULL, NULL, 1,
		                                           YAML_BLOCK_MAPPING_STYLE);
	emit(e, &ev, made);
	node_for_each (item, n) {
		if (n->type == NODE_MAP)
			emit_scalar(e, item->key, true);
		emit_node(e, item);
	}
	made = n->type == NODE_LIST ? yaml_sequence_end_event_initialize(&ev)
	                            : yaml_mapping_end_event_initialize(&ev);
	emit(e, &ev, made);
}

char *node_yaml_format(const struct node *n)
{
	_buf_ struct buf b = {0};
	yaml_emitter_t e;
	yaml_event_t ev;

	mem_need(yaml_emitter_initialize(&e));
	yaml_emitter_set_output(&e, node_yaml_append, &b);
	yaml_emitter_set_unicode(&e, 1);
	yaml_emitter_set_width(&e, -1);
	emit(&e, &ev, yaml_stream_start_event_initialize(&ev, YAML_UTF8_ENCODING));
	emit(&e, &ev, yaml_document_start_event_initialize(&ev, NULL, NULL, NULL, 1));
	emit_node(&e, n);
	emit(&e, &ev, yaml_document_end_event_initialize(&ev, 1));
	emit(&e, &ev, yaml_stream_end_event_initialize(&ev));
	yaml_emitter_delete(&e);
	return buf_take(&b);
}
