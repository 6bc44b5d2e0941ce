/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/claims.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "resource/kind.h"

/* --- drives --------------------------------------------------------------------------
 */

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

/* --- files ---------------------------------------------------------------------------
 */

static void refuse_file(struct resource *r, const char *file,
                        const struct resource *other)
{
	_free_ char *name = resource_words(other);
	const struct place *at = &other->spec.at;

	change_set(&r->run.change, STATE_REFUSED, REASON_ALSO_SET,
	           "%s is also set by %s at %s:%u", file, name, at->file, at->line);
	change_remedy(&r->run.change, "remove one of them from the profile");
}

/* `owners`: of each file the number of the resource that set it first. */
static void check_files(struct resource *const *list, size_t at, struct node *owners,
                        const struct host *h, bool refuse_both)
{
	const struct kind *kind = list[at]->kind;
	_free_ char *files =
		kind->files && !list[at]->spec.excluded ? kind->files(list[at], h) : NULL;
	const char *rest = files, *word;
	size_t len;

	while ((word = words_next(&rest, '\n', &len))) {
		_free_ char *file = mem_dup_n(word, len);
		const struct node *first = node_get(owners, file);
		uint64_t i;

		if (!first) {
			node_set(owners, file, node_new_uint(at));
			continue;
		}
		if (num_u64(first->text, &i) < 0 ||
		    (kind->compares_files && list[i]->kind == kind))
			continue;
		refuse_file(list[at], file, list[i]);
		if (refuse_both)
			refuse_file(list[i], file, list[at]);
		return;
	}
}

void claims_check(struct resource *const *list, size_t n, const struct host *h,
                  bool refuse_both)
{
	_node_ struct node *owners = node_new(NODE_MAP);

	for (size_t i = 0; i < n; i++)
		check_files(list, i, owners, h, refuse_both);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; list[i]->seen.claims && j < i; j++) {
			if (!list[j]->seen.claims)
				continue;
			check_shared(list[i], list[j]);
			if (refuse_both)
				check_shared(list[j], list[i]);
		}
}
