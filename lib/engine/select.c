/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/select.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "base/text/words.h"
#include "resource/kinds.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct selector {
	char *kind, *name; /* globs; name NULL: all of the kind */
	const char *option;
};

static void selector_done(struct selector *s)
{
	free(s->kind);
	free(s->name);
}

#define _selector_ _cleanup_(selector_done)

static struct selector selector_of(const char *option, const char *text, size_t len)
{
	_free_ char *all = mem_dup_n(text, len);
	char *colon = strchr(all, ':');

	return (struct selector){.kind = mem_dup_n(all, strcspn(all, ":")),
	                         .name = colon ? mem_dup(colon + 1) : NULL,
	                         .option = option};
}

static bool matches_kind(const struct selector *s, const struct kind *k)
{
	return fnmatch(s->kind, k->name, 0) == 0 || fnmatch(s->kind, k->section, 0) == 0;
}

static bool selects(const struct selector *s, const struct resource *r)
{
	_free_ char *name = NULL;

	if (!matches_kind(s, r->kind))
		return false;
	if (s->name)
		name = r->kind->canonical ? r->kind->canonical(s->name)
		                          : mem_dup(s->name);
	return !name || fnmatch(name, r->name, 0) == 0;
}

/* --- a selector that selects nothing -------------------------------------------------
 */

static int refuse_kind(const struct selector *s, const char *text, struct err *e)
{
	struct suggest near = {.typed = s->kind};
	_buf_ struct buf all = {0};

	for (const struct kind *const *k = kinds; *k; k++) {
		suggest_offer(&near, (*k)->name);
		suggest_offer(&near, (*k)->section);
		buf_join(&all, ", ", (*k)->name);
	}
	if (near.best)
		return err_set(e, -EINVAL,
		               "--%s \"%s\": no such kind (did you mean \"%s\"?)",
		               s->option, text, near.best);
	return err_set(e, -EINVAL, "--%s \"%s\": no such kind (one of: %s)", s->option,
	               text, all.text);
}

static int refuse_name(const struct selector *s, const char *text,
                       struct resource *const *list, size_t n, struct err *e)
{
	struct suggest near = {.typed = s->name ? s->name : ""};
	const char *kind = NULL;
	_buf_ struct buf all = {0};

	for (size_t i = 0; i < n; i++) {
		if (matches_kind(s, list[i]->kind))
			suggest_offer(&near, list[i]->name);
		if (!kind || strcmp(kind, list[i]->kind->name) != 0)
			buf_join(&all, ", ", list[i]->kind->name);
		kind = list[i]->kind->name;
	}
	if (near.best)
		return err_set(e, -EINVAL,
		               "--%s \"%s\": the profile has no such resource (did you "
		               "mean \"%s:%s\"?)",
		               s->option, text, s->kind, near.best);
	return err_set(e, -EINVAL,
	               "--%s \"%s\": the profile has no such resource (it has the kinds: "
	               "%s)",
	               s->option, text, all.text ? all.text : "none");
}

static int refuse_selector(const struct selector *s, struct resource *const *list,
                           size_t n, struct err *e)
{
	_free_ char *text =
		mem_format("%s%s%s", s->kind, s->name ? ":" : "", s->name ? s->name : "");

	for (size_t i = 0; i < n; i++)
		if (matches_kind(s, list[i]->kind))
			return refuse_name(s, text, list, n, e);
	for (const struct kind *const *k = kinds; *k; k++)
		if (matches_kind(s, *k))
			return refuse_name(s, text, list, n, e);
	return refuse_kind(s, text, e);
}

/* --- what is selected ------------------------------------------------------------------
 */

/* Whether `r` cannot be as configured without `on`, which may be of an earlier kind. */
static bool depends_on(const struct resource *r, const struct resource *on, bool strictly)
{
	if (r->spec.depends_on == on)
		return true;
	if (!r->kind->after || strcmp(r->kind->after, on->kind->name) != 0)
		return false;
	return r->kind->comes_with ? r->kind->comes_with(r, on) : !strictly;
}

/* Call `mark` for what one selector selects. Return: 0 or -EINVAL. */
static int each_selected(const struct selector *s, struct resource *const *list, size_t n,
                         void (*mark)(struct resource *r, const struct selector *s),
                         struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (!selects(s, list[i]))
			continue;
		mark(list[i], s);
		any = true;
	}
	return any ? 0 : refuse_selector(s, list, n, e);
}

static int each_selector(const char *option, const char *const *texts,
                         struct resource *const *list, size_t n,
                         void (*mark)(struct resource *r, const struct selector *s),
                         struct err *e)
{
	for (; texts && *texts; texts++) {
		const char *rest = *texts, *word;
		size_t len;

		if (!rest[strspn(rest, ", ")])
			return err_set(e, -EINVAL,
			               "--%s \"%s\": should be KIND or KIND:NAME", option,
			               rest);
		while ((word = words_next(&rest, ',', &len))) {
			_selector_ struct selector s = selector_of(option, word, len);
			int r = each_selected(&s, list, n, mark, e);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static void mark_selected(struct resource *r, const struct selector *s)
{
	(void)s;
	mem_set(&r->run.unselected, NULL);
}

static void mark_skipped(struct resource *r, const struct selector *s)
{
	mem_set(&r->run.unselected,
	        mem_format("excluded by --skip %s%s%s", s->kind, s->name ? ":" : "",
	                   s->name ? s->name : ""));
}

/* Dependencies come before what depends on them. */
static void select_dependencies(struct resource *const *list, size_t n)
{
	for (size_t i = n; i-- > 0;)
		for (size_t j = 0;
		     !list[i]->run.unselected && list[j]->kind != list[i]->kind; j++) {
			if (!list[j]->run.unselected ||
			    !depends_on(list[i], list[j], false))
				continue;
			mem_set(&list[j]->run.unselected, NULL);
			list[j]->run.required_by = list[i];
		}
}

static void skip_dependents(struct resource *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0;
		     !list[i]->run.unselected && list[j]->kind != list[i]->kind; j++)
			if (list[j]->run.unselected && depends_on(list[i], list[j], true))
				mem_set(&list[i]->run.unselected,
				        mem_format("depends on %s %s, which is not "
				                   "selected",
				                   list[j]->kind->name, list[j]->name));
}

int select_resources(struct resource *const *list, size_t n, const struct selection *s,
                     struct err *e)
{
	int r = 0;

	for (size_t i = 0; s->only && i < n; i++)
		mem_set(&list[i]->run.unselected, mem_dup("not selected by --only"));
	r = each_selector("only", s->only, list, n, mark_selected, e);
	if (s->only)
		select_dependencies(list, n);
	if (r == 0)
		r = each_selector("skip", s->skip, list, n, mark_skipped, e);
	if (s->skip)
		skip_dependents(list, n);
	for (size_t i = 0; i < n; i++)
		if (list[i]->run.unselected)
			list[i]->run.required_by = NULL;
	return r;
}
