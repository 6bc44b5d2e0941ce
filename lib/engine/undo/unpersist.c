/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/undo/unpersist.h"

#include "base/clock.h"
#include "base/mem.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "host/file.h"
#include "journal/journal.h"
#include "stored/stored.h"

#include <errno.h>
#include <string.h>

/* The first line of a file that is ours, edited or not. */
static struct node *head_of(const struct stored_file *f)
{
	_free_ char *head = f->text ? mem_dup_n(f->text, strcspn(f->text, "\n")) : NULL;

	return stored_record(head);
}

/* Return: whether the profile has any file. */
static bool add_profile(struct journal *j, const struct host *h, const char *name)
{
	bool found = false;

	/* a revert goes from the last one to the first, which others need */
	for (enum stored_what what = 0; what < STORED_FILES; what++) {
		_stored_file_ struct stored_file f = {0};
		struct journal_record r;

		stored_read(&f, h, what, name);
		if (f.state == OWNED_ABSENT && !f.why)
			continue;
		r = (struct journal_record){.kind = mem_dup(STORED_KIND),
		                            .object = stored_path(what, name),
		                            .stored = true,
		                            .previous = stored_record(NULL),
		                            .desired = head_of(&f)};
		(void)journal_add(j, &r);
		found = true;
	}
	return found;
}

static int add_named(struct journal *j, const struct host *h, const char *name,
                     struct err *e)
{
	_free_ char *plain = stored_name(name);

	if (add_profile(j, h, plain))
		return 0;
	return err_set(e, -ENOENT,
	               "unpersist \"%s\": nothing is stored for a profile of that name "
	               "(hosttune unpersist -n lists all)",
	               name);
}

int unpersist_list(struct journal *ret, const struct host *h, const char *const *names,
                   size_t n_names, struct err *e)
{
	_cleanup_(names_freep) char **all = NULL;
	int r;

	*ret = (struct journal){.command = mem_dup(UNPERSIST),
	                        .profile = mem_dup(""),
	                        .time_s = clock_unix_s(),
	                        .state = JOURNAL_APPLIED};
	r = journaling_ids(h, &ret->boot, &ret->machine, e);
	for (size_t i = 0; r == 0 && i < n_names; i++)
		r = add_named(ret, h, names[i], e);
	if (r < 0 || n_names > 0)
		return r;
	r = stored_list(h, &all, e);
	for (size_t i = 0; r == 0 && all[i]; i++)
		(void)add_profile(ret, h, all[i]);
	return r;
}
