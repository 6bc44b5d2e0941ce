/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/verdict_check.h"

#include "base/mem.h"
#include "base/text/suggest.h"
#include "base/text/words.h"

#include <string.h>

static void offer_all(const struct rules *r, bool stacks, struct suggest *near)
{
	for (size_t i = 0; stacks && i < r->stacks.n; i++)
		suggest_offer(near, r->stacks.list[i].name);
	for (size_t i = 0; !stacks && i < r->n; i++)
		suggest_offer(near, r->list[i].name);
}

static void check_names(const struct rules *r, const struct verdict_rule *v,
                        const char *key, const char *list, struct diagnostics *diag)
{
	bool stacks = strcmp(key, "stacks") == 0;
	const char *rest = list, *word;
	size_t len;

	while ((word = words_next(&rest, ',', &len))) {
		_free_ char *name = mem_dup_n(word, len);
		struct suggest near = {.typed = name};

		if (stacks ? stack_classes_named(&r->stacks, name) != 0
		           : rules_find(r, name) != NULL)
			continue;
		offer_all(r, stacks, &near);
		diag_error(diag, v->at, "verdict \"%s\": %s \"%s\": unknown%s%s%s",
		           v->name, key, name, near.best ? " (did you mean \"" : "",
		           near.best ? near.best : "", near.best ? "\"?)" : "");
	}
}

void verdict_rules_check(const struct rules *r, struct diagnostics *diag)
{
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const struct verdict_rule *v = &r->verdicts.list[i];

		check_names(r, v, "cause", v->cause, diag);
		check_names(r, v, "stacks", v->stacks, diag);
		check_names(r, v, "with", v->with, diag);
		check_names(r, v, "against", v->against, diag);
		check_names(r, v, "consequences", v->consequences, diag);
		check_names(r, v, "proof", v->proof, diag);
		check_names(r, v, "support", v->support, diag);
	}
}
