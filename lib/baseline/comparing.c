/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/comparing.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/shell.h"
#include "base/text/words.h"
#include "baseline/cause.h"
#include "baseline/part.h"
#include "doc/node.h"

#include <string.h>

/* --- remedies -------------------------------------------------------------------------
 */

/* Owned by the caller; NULL: there is none. */
static char *part_of(const struct changed *change, const char *word, size_t len)
{
	const char *slash = change->pod ? strchr(change->pod, '/') : NULL;
	const struct {
		const char *word, *text;
	} parts[] = {
		{"{name}", change->name}, {"{device}", change->device},
		{"{key}", change->key},   {"{was}", change->was},
		{"{now}", change->now},
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strlen(parts[i].word) == len &&
		    strncmp(parts[i].word, word, len) == 0)
			return mem_dup(parts[i].text);
	if (slash && strncmp(word, "{pod}", len) == 0)
		return mem_dup(slash + 1);
	if (slash && strncmp(word, "{namespace}", len) == 0)
		return mem_dup_n(change->pod, (size_t)(slash - change->pod));
	return NULL;
}

/* Fill in a template. Return: NULL if it has a part that there is not. Owned. */
static char *remedy_of(const char *template, const struct changed *change)
{
	_buf_ struct buf b = {0};

	while (template && *template) {
		size_t plain = strcspn(template, "{");
		const char *word = template + plain;
		size_t len = *word ? strcspn(word, "}") + 1 : 0;
		_free_ char *text = *word ? part_of(change, word, len) : NULL;
		_free_ char *quoted = text ? shell_quote(text) : NULL;

		buf_add_n(&b, template, plain);
		if (*word && !text)
			return NULL;
		if (quoted)
			buf_add(&b, quoted);
		template = word + len;
	}
	return b.len ? buf_take(&b) : NULL;
}

/* --- the results ----------------------------------------------------------------------
 */

void comparing_add(struct comparing *k, const struct changed *change)
{
	const struct cause *cause = cause_find(change->group, change->key);
	bool better = change->type == CHANGE_BETTER;

	baseline_changes_add(
		k->c, (struct baseline_change){
			      .cause = cause,
			      .type = change->type,
			      .subject = mem_dup(change->subject),
			      .what = mem_dup(change->what),
			      .was = mem_dup(change->was),
			      .now = mem_dup(change->now),
			      .remedy = better ? NULL : remedy_of(cause->remedy, change),
		      });
}

void comparing_note(struct comparing *k, bool unread, const char *what, const char *fmt,
                    ...)
{
	struct baseline_note note = {.what = mem_dup(what), .unread = unread};
	va_list ap;

	va_start(ap, fmt);
	note.why = mem_vformat(fmt, ap);
	va_end(ap);
	baseline_changes_note(k->c, note);
}

/* --- values ---------------------------------------------------------------------------
 */

bool comparing_both(struct comparing *k, const char *what, const struct node *was,
                    const struct node *now)
{
	const char *why = part_why_missing(was);

	if (!was)
		comparing_note(k, false, what, "the baseline does not have it");
	else if (why)
		comparing_note(k, false, what, "missing in the baseline: %s", why);
	else if (!now)
		comparing_note(k, false, what, "only the baseline has it");
	else if ((why = part_why_missing(now)))
		comparing_note(k, true, what, "cannot be read: %s", why);
	else
		return true;
	return false;
}

bool comparing_unknown(struct comparing *k, const char *what, const struct node *was,
                       const struct node *now)
{
	return (part_why_missing(was) || part_why_missing(now)) &&
	       !comparing_both(k, what, was, now);
}

bool comparing_part(struct comparing *k, const char *key, const struct node **ret_was,
                    const struct node **ret_now)
{
	*ret_was = node_get(k->was, key);
	*ret_now = node_get(k->now, key);
	return comparing_both(k, key, *ret_was, *ret_now) &&
	       (*ret_was)->type == NODE_MAP && (*ret_now)->type == NODE_MAP;
}

const char *comparing_text(const struct node *n)
{
	if (!n || n->type != NODE_SCALAR || (n->plain && strcmp(n->text, "null") == 0))
		return NULL;
	return n->text;
}

bool comparing_number(const struct node *map, const char *key, uint64_t *ret)
{
	const char *text = comparing_text(node_get(map, key));

	return text && num_u64(text, ret) == 0;
}

void comparing_values(struct comparing *k, const struct node *was, const struct node *now,
                      const struct changed *change)
{
	node_for_each (value, was) {
		const struct node *other = node_get(now, value->key);
		_free_ char *what = mem_format("%s %s", change->subject, value->key);
		struct changed one = *change;

		/* another kernel may lack it, or have more */
		if (!part_why_missing(value) && (value->type != NODE_SCALAR || !other))
			continue;
		if (!comparing_both(k, what, value, other))
			continue;
		one.key = one.what = value->key;
		one.was = comparing_text(value);
		one.now = comparing_text(other);
		if (one.was && one.now && strcmp(one.was, one.now) != 0)
			comparing_add(k, &one);
	}
}

static char *words_only_in(const char *text, const char *other)
{
	_buf_ struct buf b = {0};
	const char *word;
	size_t len;

	while ((word = words_next(&text, ' ', &len))) {
		_free_ char *copy = mem_dup_n(word, len);

		if (!words_have(other, ' ', copy))
			buf_join(&b, " ", copy);
	}
	return buf_take(&b);
}

void comparing_words(const char *was, const char *now, char **ret_was, char **ret_now)
{
	*ret_was = words_only_in(was, now);
	*ret_now = words_only_in(now, was);
}
