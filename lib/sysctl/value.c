/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/value.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "resource/field.h"
#include "sysctl/known/shape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_word(struct sysctl_value *v, const struct node *n,
                     enum sysctl_bound bound, char *text, uint64_t number)
{
	v->words = mem_grow(v->words, &v->cap, v->n, sizeof(*v->words));
	v->words[v->n++] = (struct sysctl_word){.bound = bound,
	                                        .text = text,
	                                        .number = number,
	                                        .at = n->at,
	                                        .unknown = n->unknown,
	                                        .plain = n->plain};
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
			add_word(v, n, SYSCTL_EXACT,
			         word_text(word, n->plain && v->shape != SHAPE_TEXT), 0);
	v->empty |= v->n == 0 && !n->plain && !*n->text;
}

static void sysctl_value_parse_bound(struct sysctl_value *v, const char *key,
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

/* Make one word of the last two, {min: x} and {max: y}. */
static void join_bounds(struct sysctl_value *v, const char *key, struct diagnostics *diag)
{
	struct sysctl_word *min = &v->words[v->n - 2], *max = &v->words[v->n - 1];

	if (!min->unknown && !max->unknown && min->number > max->number)
		diag_error(diag, max->at,
		           "sysctl %s: max, %s, must not be less than min, %s", key,
		           max->text, min->text);
	min->bound = SYSCTL_RANGE;
	min->unknown |= max->unknown;
	min->upper = max->text;
	v->n--;
}

void sysctl_value_parse_bounds(struct sysctl_value *v, const char *key,
                               const struct node *min, const struct node *max,
                               struct diagnostics *diag)
{
	size_t before = v->n;

	if (min)
		sysctl_value_parse_bound(v, key, SYSCTL_MIN, min, diag);
	if (max)
		sysctl_value_parse_bound(v, key, SYSCTL_MAX, max, diag);
	if (v->n == before + 2)
		join_bounds(v, key, diag);
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
	if (min || max)
		sysctl_value_parse_bounds(v, key, min, max, diag);
	else if (diag->n == before)
		diag_error(diag, n->at,
		           "sysctl %s: must be a value, {min: x} or {max: x}", key);
}

void sysctl_value_parse(struct sysctl_value *v, const char *key, const struct node *n,
                        struct diagnostics *diag)
{
	const struct sysctl_row *row = sysctl_table_find(key);

	v->shape = row ? row->shape : SHAPE_UNKNOWN;
	if (n->type != NODE_LIST) {
		parse_word(v, key, n, diag);
		return;
	}
	node_for_each (item, n)
		parse_word(v, key, item, diag);
}

char *sysctl_value_describe(const struct sysctl_value *v)
{
	static const char *const marks[] = {[SYSCTL_EXACT] = "",
	                                    [SYSCTL_MIN] = ">=",
	                                    [SYSCTL_MAX] = "<=",
	                                    [SYSCTL_RANGE] = ""};
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < v->n; i++) {
		buf_add(&b, i ? sysctl_shape_separator(v->shape) : "");
		buf_add(&b, marks[v->words[i].bound]);
		buf_add(&b, v->words[i].text);
		if (!v->words[i].upper)
			continue;
		buf_add(&b, "..");
		buf_add(&b, v->words[i].upper);
	}
	return buf_take(&b);
}

/* The word to write where the current one is `now`. */
static const char *resolve_word(const struct sysctl_word *w, enum sysctl_shape shape,
                                const char *now)
{
	sysctl_number number, limit, upper;

	if (!now)
		return w->text;
	if (w->bound == SYSCTL_EXACT)
		return sysctl_shape_same_word(shape, w->text, now) ? now : w->text;
	if (sysctl_number_parse(now, &number) < 0 ||
	    sysctl_number_parse(w->text, &limit) < 0)
		return w->text;
	if (w->bound == SYSCTL_MAX)
		return number <= limit ? now : w->text;
	if (number < limit)
		return w->text;
	if (w->bound == SYSCTL_RANGE && sysctl_number_parse(w->upper, &upper) == 0 &&
	    number > upper)
		return w->upper;
	return now;
}

char *sysctl_value_resolve(const struct sysctl_value *v, const char *now)
{
	const char *separator = sysctl_shape_separator(v->shape);
	_free_ char *copy = mem_dup(now ? now : "");
	_buf_ struct buf b = {0};
	char *rest = copy;

	for (size_t i = 0; i < v->n; i++) {
		const char *word = rest ? strsep(&rest, " ") : NULL;

		buf_join(&b, separator,
		         resolve_word(&v->words[i], v->shape,
		                      word && *word ? word : NULL));
	}
	if (now && b.text && sysctl_shape_same_set(v->shape, b.text, now))
		return mem_dup(now);
	return buf_take(&b);
}

bool sysctl_value_has_bound(const struct sysctl_value *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->words[i].bound != SYSCTL_EXACT)
			return true;
	return false;
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
	for (size_t i = 0; i < v->n; i++) {
		free(v->words[i].text);
		free(v->words[i].upper);
	}
	free(v->words);
	*v = (struct sysctl_value){0};
}
