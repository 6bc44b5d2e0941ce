/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The built-in rules of a diagnosis, and its verdicts. */
#include "diagnose/rules/load.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "explain/topic.h"

#include <string.h>

/* Loaded once, and kept: each word of a pattern asks for them. */
static const struct rules *builtin_rules(void)
{
	static struct rules rules;
	_diagnostics_ struct diagnostics none = {0};

	if (rules.n == 0)
		rules_load_builtin(&rules, RULES_WITH_SAMPLES, &none);
	return &rules;
}

/* --- rules ---------------------------------------------------------------------------
 */

static void add_patterns(struct node *topic, const struct log_rule *log)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < log->n; i++)
		node_append(list, node_new_text(log->patterns[i].text));
	node_set(topic, "log", list);
	topic_set(topic, "where", log->where);
}

static void add_samples(struct node *topic, const char *key, const struct node *samples)
{
	struct node *list = node_new(NODE_LIST);

	node_for_each (sample, samples) {
		_buf_ struct buf text = {0};

		if (sample->type == NODE_SCALAR)
			buf_add(&text, sample->text);
		for (size_t i = 0; sample->type == NODE_MAP && i < sample->n; i++)
			buf_addf(&text, "%s%s: %s", i ? ", " : "", sample->items[i]->key,
			         sample->items[i]->text);
		node_append(list, node_new_text(text.text ? text.text : ""));
	}
	node_set(topic, key, list);
}

static void rules_each(topic_fn *fn, void *arg)
{
	const struct rules *r = builtin_rules();

	for (size_t i = 0; i < r->n; i++)
		fn(r->list[i].name, r->list[i].text, arg);
}

static struct node *rules_describe(const char *word)
{
	const struct rule *rule = rules_find(builtin_rules(), word);
	struct node *n;

	if (!rule)
		return NULL;
	n = topic_new(&topic_rules, rule->name, rule->text);
	topic_set(n, "severity", finding_severity_words[rule->severity]);
	if (!rule->log)
		topic_set(n, "of", measure_class_words[rule->of]);
	topic_set(n, "when", rule->when);
	if (rule->log)
		add_patterns(n, rule->log);
	topic_set(n, "why", rule->why);
	topic_set(n, "remedy", rule->remedy);
	topic_set(n, "source", rule->source);
	add_samples(n, "good", rule->good);
	add_samples(n, "bad", rule->bad);
	return n;
}

/* --- verdicts ------------------------------------------------------------------------
 */

static void add_words(struct node *topic, const char *key, const char *words)
{
	struct node *list = node_new(NODE_LIST);
	const char *rest = words, *word;
	size_t len;

	while ((word = words_next(&rest, ',', &len))) {
		_free_ char *name = mem_dup_n(word, len);

		node_append(list, node_new_text(name));
	}
	if (words)
		node_set(topic, key, list);
	else
		node_free(list);
}

static void verdicts_each(topic_fn *fn, void *arg)
{
	const struct verdict_rules *v = &builtin_rules()->verdicts;

	for (size_t i = 0; i < v->n; i++)
		fn(v->list[i].name, v->list[i].text, arg);
}

static struct node *verdicts_describe(const char *word)
{
	const struct verdict_rules *all = &builtin_rules()->verdicts;

	for (size_t i = 0; i < all->n; i++) {
		const struct verdict_rule *v = &all->list[i];
		struct node *n;

		if (strcasecmp(v->name, word) != 0)
			continue;
		n = topic_new(&topic_verdicts, v->name, v->text);
		topic_set(n, "then", v->then);
		topic_set(n, "confidence", confidence_words[v->confidence]);
		add_words(n, "cause", v->cause);
		add_words(n, "stacks", v->stacks);
		add_words(n, "with", v->with);
		add_words(n, "against", v->against);
		add_words(n, "consequences", v->consequences);
		add_words(n, "proof", v->proof);
		add_words(n, "support", v->support);
		node_set(n, "next", node_copy(v->next));
		topic_set(n, "source", v->source);
		return n;
	}
	return NULL;
}

const struct topic_sort topic_rules = {"rule", rules_each, rules_describe};
const struct topic_sort topic_verdicts = {"verdict", verdicts_each, verdicts_describe};
