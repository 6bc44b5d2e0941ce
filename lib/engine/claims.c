/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/claims.h"

#include "base/words.h"
#include "resource/kind.h"

/* Refuse `a` if it selects a drive that `b` selects too. */
static void check_shared(struct resource *a, const struct resource *b)
{
	const char *rest = a->seen.claims, *word;
	size_t len;

	while ((word = words_next(&rest, ' ', &len)))
		if (words_have_n(b->seen.claims, ' ', word, len)) {
			change_set(&a->run.change, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
			           "%.*s is also selected by \"%s\"", (int)len, word,
			           b->name);
			change_remedy(&a->run.change, "select each drive by its serial");
			return;
		}
}

void claims_check(struct resource *const *list, size_t n, bool refuse_both)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; list[i]->seen.claims && j < i; j++) {
			if (!list[j]->seen.claims)
				continue;
			check_shared(list[i], list[j]);
			if (refuse_both)
				check_shared(list[j], list[i]);
		}
}
