/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/claims.h"

#include "resource/kind.h"

#include <string.h>

/* Whether a list, joined by " ", contains the word. */
static bool claims_has_word(const char *list, const char *word, size_t len)
{
	for (; *list; list += strspn(list, " ")) {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, len) == 0)
			return true;
		list += n;
	}
	return false;
}

/* Refuse `a` if it selects a drive that `b` selects too. */
static void check_shared(struct resource *a, const struct resource *b)
{
	for (const char *word = a->seen.claims; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (claims_has_word(b->seen.claims, word, len)) {
			change_set(&a->run.change, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
			           "%.*s is also selected by \"%s\"", (int)len, word,
			           b->name);
			change_remedy(&a->run.change, "select each drive by its serial");
			return;
		}
		word += len;
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
