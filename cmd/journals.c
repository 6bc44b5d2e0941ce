/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The journals of a host: revert --list. */
#include "journals.h"
#include "complain.h"

#include "base/mem.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "output.h"
#include "report/revert/journals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum exit_code journals_failed(const struct err *e)
{
	complain("%s", e->text);
	switch (e->code) {
	case -EPERM:
	case -EBADMSG:
	case -EPROTONOSUPPORT:
	case -EXDEV: return EXIT_REFUSED;
	case -ENOENT: return EXIT_INVALID;
	default: return EXIT_FAILED;
	}
}

struct listing {
	struct journal_line *lines;
	struct journal *journals;
	char **whys;
	size_t n;
};

static void listing_done(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		journal_done(&l->journals[i]);
		free(l->whys[i]);
	}
	free(l->lines);
	free(l->journals);
	free((void *)l->whys);
}

static int listing_read(struct listing *l, const struct journal_store *s, struct err *e)
{
	_free_ unsigned *ids = NULL;
	size_t n;
	int r = journal_store_list(s, &ids, &n, e);

	*l = (struct listing){0};
	if (r < 0)
		return r;
	l->n = n;
	l->lines = mem_new(n, sizeof(*l->lines));
	l->journals = mem_new(n, sizeof(*l->journals));
	l->whys = mem_new(n, sizeof(*l->whys));
	for (size_t i = 0; i < n; i++) {
		struct err why = {0};

		l->lines[i].id = ids[i];
		if (journal_store_load(s, ids[i], &l->journals[i], &why) == 0)
			l->lines[i].journal = &l->journals[i];
		else
			l->lines[i].why = l->whys[i] = mem_dup(why.text);
	}
	return 0;
}

static void print_listing(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct listing *l = ctx;

	if (f == FORMAT_JSON)
		report_journals_json(l->lines, l->n, out);
	else if (l->n > 0)
		report_journals(l->lines, l->n, out);
	else
		(void)fputs("hosttune: no journal: nothing to revert\n", log);
}

enum exit_code journals_list(const struct options *o, const struct journal_store *s)
{
	_cleanup_(listing_done) struct listing l = {0};
	struct err e = {0};

	if (s && listing_read(&l, s, &e) < 0)
		return journals_failed(&e);
	return outputs_write(o, EXIT_IN_SYNC, print_listing, &l);
}
