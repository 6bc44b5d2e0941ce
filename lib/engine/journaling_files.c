/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The records of files for the next boot. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/journaling_part.h"
#include "stored/stored.h"

#include <string.h>

/* Return: false if it cannot be read. */
static bool read_file(const struct journal_record *record, const struct host *h,
                      struct stored_file *ret)
{
	_free_ char *name = NULL;
	enum stored_what what;

	if (!stored_find(record->object, &what, &name))
		return false;
	stored_read(ret, h, what, name);
	return !ret->why;
}

bool journaling_file_is_unwritten(const struct journal_record *record,
                                  const struct host *h)
{
	_stored_file_ struct stored_file now = {0};
	_node_ struct node *value = NULL;

	if (!read_file(record, h, &now))
		return false;
	value = stored_record(now.text);
	return record->previous && node_equal(value, record->previous);
}

/* The first line has the digest of the rest. */
static struct node *head_of(const char *text)
{
	_free_ char *head = text ? mem_dup_n(text, strcspn(text, "\n")) : NULL;

	return stored_record(head);
}

bool journaling_file_has(const struct journal_record *record, const struct node *desired,
                         const struct host *h)
{
	_stored_file_ struct stored_file now = {0};
	_node_ struct node *head = NULL;

	if (!read_file(record, h, &now))
		return false;
	head = head_of(now.text);
	return desired && node_equal(head, desired);
}

static bool add_file(struct journaling *g, const struct journaling_file *f)
{
	struct journal_record record = {.kind = mem_dup(STORED_KIND),
	                                .object = mem_dup(f->path),
	                                .stored = true,
	                                .previous = stored_record(f->previous),
	                                .desired = head_of(f->desired)};

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
