/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/prune.h"

#include "base/mem.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "journal/text.h"

#include <string.h>

enum use { UNREAD, USELESS, USEFUL, NEEDED };

/*
 * Whether its text shows that it is of this boot, and neither reverted nor a trial. Most
 * are, and parsing all of them takes longer than the rest of an apply.
 */
static bool is_plain(const char *text, const char *boot)
{
	_free_ char *member = mem_format("\"boot\": \"%s\"", boot);

	return strstr(text, member) &&
	       !strstr(text, journal_state_word(JOURNAL_REVERTED)) &&
	       !strstr(text, JOURNAL_TRY);
}

static enum use use_of(const struct journal_store *s, unsigned id, const char *boot)
{
	_journal_ struct journal j = {0};
	_free_ char *text = NULL;
	struct err ignored;
	ssize_t len = journal_store_read(s, id, &text, &ignored);

	/* nobody can use it, but it shows that something is wrong: it goes with its age
	 */
	if (len < 0 || is_plain(text, boot) ||
	    journal_parse(text, (size_t)len, &j, &ignored) < 0)
		return USEFUL;
	if (j.state == JOURNAL_REVERTED)
		return USELESS;
	if (j.try_s)
		return NEEDED;
	for (size_t i = 0; i < j.n; i++)
		if (j.records[i].stored)
			return USEFUL;
	return strcmp(j.boot, boot) == 0 ? USEFUL : USELESS;
}

void journal_store_prune(const struct journal_store *s, const char *boot)
{
	_free_ unsigned *ids = NULL;
	_free_ enum use *uses = NULL;
	struct err ignored;
	size_t n, left;

	if (journal_store_list(s, &ids, &n, &ignored) < 0)
		return;
	left = n;
	uses = mem_new(n, sizeof(*uses));
	for (enum use most = USELESS; most < NEEDED; most++)
		for (size_t i = 0; i + 1 < n && left >= JOURNALS_MAX; i++) {
			if (ids[i] && uses[i] == UNREAD)
				uses[i] = use_of(s, ids[i], boot);
			if (!ids[i] || uses[i] > most)
				continue;
			if (journal_store_remove(s, ids[i], &ignored) == 0)
				left--;
			ids[i] = 0;
		}
}
