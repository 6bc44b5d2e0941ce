/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "explain/sysctl_facts.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "explain/topic.h"
#include "sysctl/known/component.h"
#include "sysctl/known/known.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* --- value
 * ------------------------------------------------------------------------------- */

static const char *shape_text(enum sysctl_shape shape)
{
	static const char *const texts[] = {
		[SHAPE_UNKNOWN] = NULL,
		[SHAPE_INT] = "a whole number",
		[SHAPE_BOOL] = "0 or 1 (the kernel shows any other number as 1)",
		[SHAPE_MS] = "milliseconds, rounded up to the kernel's tick",
		[SHAPE_CENTI] = "1/100 seconds, rounded down to the kernel's tick",
		[SHAPE_POW2] = "a whole number, rounded up to a power of two",
		[SHAPE_UP512] = "a whole number, rounded up to a multiple of 512",
		[SHAPE_STAYS] = "a whole number that reads the same whatever is written",
		[SHAPE_VECTOR] = "whole numbers",
		[SHAPE_HEX] = "a whole number, shown in hex",
		[SHAPE_MASK] = "a mask of CPUs in hex, such as ff,ffffffff",
		[SHAPE_CPUS] = "a list of CPUs, such as 0-3,8",
		[SHAPE_PORTS] = "a list of ports, such as 8080,9100-9200",
		[SHAPE_WORDS] = "a set of words",
		[SHAPE_TEXT] = "a text",
		[SHAPE_WRITE_ONLY] = "an action: write-only, not for profiles",
		[SHAPE_READ_ONLY] = "read-only",
	};

	return texts[shape];
}

/* "0 to 100", "1024 or more", or NULL: any number. */
static char *range_text(int64_t min, uint64_t max)
{
	if (max >= INT32_MAX && min <= INT32_MIN)
		return NULL;
	if (max >= INT32_MAX)
		return mem_format("%" PRId64 " or more", min);
	return mem_format("%" PRId64 " to %" PRIu64, min, max);
}

static unsigned words_of(const struct sysctl_row *row, const struct sysctl_known *known)
{
	if (known && known->words)
		return known->words;
	return row ? row->words : 0;
}

static void set_type(struct node *n, const struct sysctl_row *row,
                     const struct sysctl_known *known)
{
	const char *shape = row ? shape_text(row->shape) : NULL;
	unsigned words = words_of(row, known);
	_free_ char *type = NULL;

	if (row && row->shape == SHAPE_VECTOR && words > 0)
		type = mem_format("%u whole numbers%s", words,
		                  known && known->ascending
		                          ? ", none less than the one before it"
		                          : "");
	topic_set(n, "type", type ? type : shape);
}

void sysctl_facts_value(struct node *n, const struct sysctl_row *row,
                        const struct sysctl_known *known)
{
	bool checked = known && known->why && known->max > 0;
	bool accepts = row && row->shape <= SHAPE_STAYS && row->shape != SHAPE_BOOL;
	_free_ char *range =
		checked ? range_text(known->min, (uint64_t)known->max) : NULL;
	_free_ char *accepted = accepts ? range_text(row->min, row->max) : NULL;
	_free_ char *why =
		checked ? mem_format("%s (%s)", range ? range : "any number", known->why)
			: NULL;

	set_type(n, row, known);
	topic_set(n, "range", why ? why : accepted);
	if (range && accepted && strcmp(range, accepted) != 0)
		topic_set(n, "accepts", accepted);
	if (known && known->clamp) {
		_free_ char *clamp =
			mem_format("the kernel uses at most %" PRId64, known->clamp);

		topic_set(n, "limit", clamp);
	}
	topic_set(n, "available", known ? known->available : NULL);
	if (known && known->module_prefix) {
		_free_ char *module = mem_format("%sVALUE, which the kernel loads when "
		                                 "the value is written",
		                                 known->module_prefix);

		topic_set(n, "loads", module);
	}
}

/* --- node
 * -------------------------------------------------------------------------------- */

static void set_floor(struct node *n, const struct sysctl_known *known)
{
	_buf_ struct buf text = {0};

	for (size_t i = 0; i < ARRAY_SIZE(known->floor) && known->floor[i]; i++) {
		_free_ char *number = mem_format("%" PRId64, known->floor[i]);

		buf_join(&text, " ", number);
	}
	if (text.len > 0)
		buf_add(&text, "; hosttune warns of a lower value");
	topic_set(n, "bottlerocket", text.text);
}

void sysctl_facts_node(struct node *n, const char *key, const struct sysctl_known *known)
{
	static const char *const verbs[] = {[CLAIM_REQUIRES] = "requires",
	                                    [CLAIM_RAISES] = "raises it to",
	                                    [CLAIM_SETS] = "sets"};
	struct node *list = node_new(NODE_LIST);

	if (known)
		set_floor(n, known);
	for (const struct sysctl_component *c = NULL;
	     (c = sysctl_component_next(key, c));) {
		_free_ char *text = mem_format("%s %s %" PRId64 " when it starts", c->who,
		                               verbs[c->claim], c->value);

		node_append(list, node_new_text(text));
	}
	node_set(n, "programs", list);
	if (list->n == 0)
		node_remove(n, "programs");
	if (known && known->node_only)
		topic_set(
			n, "scope",
			"the node only: each pod has its own value, which starts as the "
			"kernel's default");
}

/* --- other keys
 * -------------------------------------------------------------------------- */

static void add_related(struct node *list, const char *key, const char *how)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "key", key);
	node_set_text(n, "how", how);
	node_append(list, n);
}

static void add_known(struct node *list, const char *key)
{
	const struct sysctl_known *known = sysctl_known_find(key);

	if (known && known->excludes)
		add_related(
			list, known->excludes,
			"excludes it: the one written last is in effect, the other reads 0");
	if (known && known->below)
		add_related(list, known->below, "must be larger");
	for (const struct sysctl_row *row = NULL; (row = sysctl_table_next(row));) {
		const struct sysctl_known *other = sysctl_known_find(row->key);

		if (other && other->below && strcmp(other->below, key) == 0 &&
		    strcmp(other->key, row->key) == 0)
			add_related(list, row->key, "must be smaller");
	}
}

static void add_names(struct node *list, const char *key)
{
	const char *name = sysctl_relation_other_name(key);
	_free_ char *unit = sysctl_relation_other_unit(key);

	if (name)
		add_related(list, name, "another name of the same value");
	if (unit)
		add_related(list, unit, "the same value in another unit");
}

static void add_limits(struct node *list, const char *key)
{
	for (const struct sysctl_limit *l = NULL; (l = sysctl_relation_limit(key, l));) {
		bool lower = strcmp(l->lower, key) == 0;
		_free_ char *how =
			mem_format("must not be %s: %s (%s)", lower ? "lower" : "higher",
		                   sysctl_relation_otherwise(l), l->source);

		add_related(list, lower ? l->upper : l->lower, how);
	}
}

void sysctl_facts_related(struct node *n, const char *key)
{
	const char *why = sysctl_relation_refusal(key);
	struct node *list = node_new(NODE_LIST);
	_free_ char *family = sysctl_table_pattern(key);

	if (why) {
		_free_ char *text = mem_format("the kernel refuses any value %s", why);

		topic_set(n, "refused", text);
	}
	if (strcmp(family, key) != 0)
		add_related(list, family, "the same key of all interfaces");
	add_known(list, key);
	add_names(list, key);
	add_limits(list, key);
	node_set(n, "related", list);
	if (list->n == 0)
		node_remove(n, "related");
}
