/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "explain/explain.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "explain/topic.h"
#include "resource/kind.h"
#include "resource/kinds.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

static const struct topic_sort *const sorts[] = {
	&topic_states, &topic_reasons, &topic_disk_reasons, &topic_causes,
	&topic_keys,   &topic_rules,   &topic_verdicts,     &topic_sysctls};

struct node *topic_new(const struct topic_sort *sort, const char *name, const char *text)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "topic", sort->name);
	node_set_text(n, "name", name);
	topic_set(n, "text", text);
	return n;
}

void topic_set(struct node *topic, const char *key, const char *text)
{
	if (text && *text)
		node_set_text(topic, key, text);
}

/* --- words that match several ---------------------------------------------------------
 */

struct match {
	const char *word;
	const struct topic_sort *sort;
	bool (*matches)(const char *word, const char *name);
	struct node *list;
};

static bool matches_pattern(const char *word, const char *name)
{
	return fnmatch(word, name, FNM_CASEFOLD) == 0;
}

/* "mkfs" of "storage.mkfs". */
static bool matches_end(const char *word, const char *name)
{
	size_t len = strlen(word), name_len = strlen(name);

	return name_len > len && name[name_len - len - 1] == '.' &&
	       strcasecmp(name + name_len - len, word) == 0;
}

static void add_match(const char *name, const char *text, void *arg)
{
	struct match *m = arg;
	struct node *n = m->matches(m->word, name) ? m->sort->describe(name) : NULL;

	(void)text;
	if (n)
		node_append(m->list, n);
}

static void add_matches(const char *word, struct node *list,
                        bool (*matches)(const char *word, const char *name))
{
	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		struct match m = {word, sorts[i], matches, list};

		sorts[i]->each(add_match, &m);
	}
}

/*
 * The word without the kind that reports, waivers and --only write before a name: "sysctl
 * vm.swappiness", "mount:data". What the user has named has no explanation: its section
 * has one.
 */
static const char *without_kind(const char *word)
{
	size_t len = strcspn(word, " :");
	_free_ char *name = mem_dup_n(word, len);
	const struct kind *kind = word[len] ? kinds_named(name) : NULL;

	if (!kind)
		return word;
	return kind->shape == SECTION_VALUES ? word + len + 1 : kind->section;
}

struct node *explain_word(const char *word)
{
	struct node *list = node_new(NODE_LIST);

	word = without_kind(word);
	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		struct node *n = sorts[i]->describe(word);

		if (n)
			node_append(list, n);
	}
	if (list->n == 0 && strpbrk(word, "*?"))
		add_matches(word, list, matches_pattern);
	else if (list->n == 0)
		add_matches(word, list, matches_end);
	return list;
}

/* --- similar words
 * ----------------------------------------------------------------------- */

struct near {
	struct suggest suggest;
	char *name; /* whose lower-case spelling, or the end of it, is the best one */
	char *best;
};

static char *lower(const char *text)
{
	char *copy = mem_dup(text);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

static void offer(const char *name, const char *text, void *arg)
{
	struct near *n = arg;
	_free_ char *whole = lower(name);
	const char *end = strrchr(whole, '.');

	(void)text;
	suggest_offer(&n->suggest, whole);
	if (end && !strchr(n->suggest.typed, '.'))
		suggest_offer(&n->suggest, end + 1);
	if (n->suggest.best == n->best)
		return;
	mem_set(&n->name, mem_dup(name));
	mem_set(&n->best, TAKE_PTR(whole));
	n->suggest.best = n->best;
}

char *explain_near(const char *word)
{
	_free_ char *typed = lower(without_kind(word));
	struct near n = {.suggest = {.typed = typed}};

	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++)
		sorts[i]->each(offer, &n);
	mem_set(&n.best, NULL);
	return n.name;
}

/* --- all
 * ----------------------------------------------------------------------------------- */

static void add_name(const char *name, const char *text, void *arg)
{
	const struct match *m = arg;

	node_append(m->list, topic_new(m->sort, name, text));
}

struct node *explain_all(void)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		struct match m = {.sort = sorts[i], .list = list};

		sorts[i]->each(add_name, &m);
	}
	return list;
}
