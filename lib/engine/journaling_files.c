/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The records of files for the next boot. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/journaling_part.h"
#include "stored/stored.h"

#include <string.h>

bool journaling_file_is_unwritten(const struct journal_record *record,
                                  const struct host *h)
{
	_stored_file_ struct stored_file now = {0};
	_node_ struct node *value = NULL;
	_free_ char *name = NULL;
	enum stored_what what;

	if (!stored_find(record->object, &what, &name))
		return false;
	stored_read(&now, h, what, name);
	value = stored_record(now.text);
	return !now.why && record->previous && node_equal(value, record->previous);
}

static bool add_file(struct journaling *g, const struct journaling_file *f)
{
	/* the first line has the digest of the rest */
	_free_ char *head =
		f->desired ? mem_dup_n(f->desired, strcspn(f->desired, "\n")) : NULL;
	struct journal_record record = {.kind = mem_dup(STORED_KIND),
	                                .object = mem_dup(f->path),
	                                .stored = true,
	                                .previous = stored_record(f->previous),
	                                .desired = stored_record(head)};

	return journaling_add(g, &record, NULL);
}

int journaling_files(struct journaling *g, const struct journaling_file *list, size_t n,
                     struct host *h, struct err *e)
{
	bool changed = false;
	int r = n > 0 ? journaling_open(g, h, e) : 0;

	if (r < 0)
		return err_wrap(e, "journal");
	for (size_t i = 0; g->open && i < n; i++)
		changed |= add_file(g, &list[i]);
	return journaling_save(g, changed, e);
}
