/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/value.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "resource/field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_word(struct sysctl_value *v, const struct node *n,
                     enum sysctl_bound bound, char *text, uint64_t number)
{
	v->words = mem_grow(v->words, &v->cap, v->n, sizeof(*v->words));
	v->words[v->n++] = (struct sysctl_word){bound, text, number, n->at, n->unknown};
}

/* Convert a plain size such as 16MiB to bytes; copy any other text. */
static char *word_text(const char *word, bool plain)
{
	uint64_t bytes;

	if (plain && num_size(word, &bytes) == 0 && word[strspn(word, "0123456789")])
		return mem_format("%" PRIu64, bytes);
	return mem_dup(word);
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			return true;
	return false;
}

static void sysctl_value_parse_text(struct sysctl_value *v, const char *key,
                                    const struct node *n, struct diagnostics *diag)
{
	_free_ char *copy = mem_dup(n->text);
	char *rest = copy, *word, hint[NUM_HINT_BYTES];

	if (has_control(n->text)) {
		diag_error(diag, n->at,
		           "sysctl %s: the value contains a control character", key);
		return;
	}
	num_size_hint(n->plain ? n->text : "", hint);
	if (*hint) {
		diag_error(diag, n->at,
		           "sysctl %s: \"%s\" is not a number or a size such as 16MiB%s",
		           key, n->text, hint);
		return;
	}
	if (n->unknown) {
		add_word(v, n, SYSCTL_EXACT, mem_dup(n->text), 0);
		return;
	}
	while ((word = strsep(&rest, " \t")))
		if (*word)
			add_word(v, n, SYSCTL_EXACT, word_text(word, n->plain), 0);
}

void sysctl_value_parse_bound(struct sysctl_value *v, const char *key,
                              enum sysctl_bound bound, const struct node *n,
                              struct diagnostics *diag)
{
	char hint[NUM_HINT_BYTES] = "";
	uint64_t number;

	if (n->unknown)
		add_word(v, n, bound, mem_dup(n->text), 0);
	else if (n->type == NODE_SCALAR && num_size(n->text, &number) == 0)
		add_word(v, n, bound, mem_format("%" PRIu64, number), number);
	else {
		if (n->type == NODE_SCALAR)
			num_size_hint(n->text, hint);
		diag_error(
			diag, n->at,
			"sysctl %s: a bound must be a number or a size such as 16MiB%s",
			key, hint);
	}
}

static void parse_word(struct sysctl_value *v, const char *key, const struct node *n,
                       struct diagnostics *diag)
{
	static const struct field bounds[] = {{.name = "min"}, {.name = "max"}, {0}};
	const struct field *const tables[] = {bounds};
	const struct node *min = node_get(n, "min"), *max = node_get(n, "max");
	size_t before = diag->n;

	if (n->type == NODE_SCALAR) {
		sysctl_value_parse_text(v, key, n, diag);
		return;
	}
	if (n->type == NODE_MAP)
		fields_check_known(tables, 1, n, key, diag);
	if (n->type == NODE_LIST || !min == !max) {
		if (diag->n == before)
			diag_error(diag, n->at,
			           "sysctl %s: must be a value, {min: x} or {max: x}",
			           key);
		return;
	}
	sysctl_value_parse_bound(v, key, min ? SYSCTL_MIN : SYSCTL_MAX, min ? min : max,
	                         diag);
}

void sysctl_value_parse(struct sysctl_value *v, const char *key, const struct node *n,
                        struct diagnostics *diag)
{
	if (n->type != NODE_LIST) {
		parse_word(v, key, n, diag);
		return;
	}
	node_for_each (item, n)
		parse_word(v, key, item, diag);
}

char *sysctl_value_describe(const struct sysctl_value *v)
{
	static const char *const marks[] = {
		[SYSCTL_EXACT] = "", [SYSCTL_MIN] = ">=", [SYSCTL_MAX] = "<="};
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < v->n; i++)
		buf_addf(&b, "%s%s%s", i ? " " : "", marks[v->words[i].bound],
		         v->words[i].text);
	return buf_take(&b);
}

/* The word to write where the current one is `now`. */
static const char *resolve_word(const struct sysctl_word *w, const char *now)
{
	uint64_t number, exact;

	if (!now || num_u64(now, &number) < 0)
		return w->text;
	switch (w->bound) {
	case SYSCTL_MIN: return number >= w->number ? now : w->text;
	case SYSCTL_MAX: return number <= w->number ? now : w->text;
	case SYSCTL_EXACT: break;
	}
	/* 010 and 10 are the same number */
	return num_u64(w->text, &exact) == 0 && exact == number ? now : w->text;
}

char *sysctl_value_resolve(const struct sysctl_value *v, const char *now)
{
	_free_ char *copy = mem_dup(now ? now : "");
	_buf_ struct buf b = {0};
	char *rest = copy;

	for (size_t i = 0; i < v->n; i++) {
		const char *word = rest ? strsep(&rest, " ") : NULL;

		buf_join(&b, " ",
		         resolve_word(&v->words[i], word && *word ? word : NULL));
	}
	return buf_take(&b);
}

bool sysctl_value_has_bound(const struct sysctl_value *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->words[i].bound != SYSCTL_EXACT)
			return true;
	return false;
}

char *sysctl_value_collapse(const char *text)
{
	_free_ char *copy = mem_dup(text);
	_buf_ struct buf b = {0};
	char *rest = copy, *word;

	while ((word = strsep(&rest, " \t\n")))
		if (*word)
			buf_join(&b, " ", word);
	return buf_take(&b);
}

size_t sysctl_value_count(const char *collapsed)
{
	size_t n = *collapsed != '\0';

	for (; *collapsed; collapsed++)
		n += *collapsed == ' ';
	return n;
}

static bool is_vector(const char *collapsed)
{
	return sysctl_value_count(collapsed) > 1 &&
	       !collapsed[strspn(collapsed, "0123456789- ")];
}

struct node *sysctl_value_node(const char *collapsed)
{
	_free_ char *copy = NULL;
	char *rest, *word;
	struct node *list;

	if (!is_vector(collapsed))
		return node_new_word(collapsed);
	copy = mem_dup(collapsed);
	rest = copy;
	list = node_new(NODE_LIST);
	while ((word = strsep(&rest, " ")))
		node_append(list, node_new_word(word));
	return list;
}

bool sysctl_value_is_text(const char *collapsed)
{
	for (const char *p = collapsed; *p; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
			return false;
	return *collapsed != '\0';
}

void sysctl_value_done(struct sysctl_value *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->words[i].text);
	free(v->words);
	*v = (struct sysctl_value){0};
}
