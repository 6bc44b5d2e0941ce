/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/files_apply.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/persist/files.h"
#include "engine/persist/persist.h"
#include "engine/persist/persisted.h"
#include "engine/persist/store.h"
#include "engine/plan.h"
#include "host/host.h"

#include <string.h>

struct storing {
	struct persist *s;
	struct plan *p;
	struct host *h;
	struct persisting *f;
	bool writes[STORED_FILES];
	char *failed; /* why the rest was not written */
};

static void read_store(struct storing *x)
{
	persisting_reread(x->f, x->h);
	node_free(x->s->live);
	x->s->live = persisting_tree(x->f);
}

/* --- what to write -------------------------------------------------------------------
 */

/* Copy to `all` what the store holds of a resource that this run does not change. */
static void keep(struct node *all, const struct node *wanted, const struct node *live)
{
	node_for_each (item, wanted) {
		const struct node *held = node_get(live, item->key);

		if (held && item->type == NODE_MAP && held->type == NODE_MAP)
			keep(node_get_map(all, item->key), item, held);
		else if (held)
			node_set(all, item->key, node_copy(held));
	}
}

static void collect_one(const struct storing *x, struct resource *r, struct node *all)
{
	_persisted_diff_ struct persisted_diff d = {0};

	persisted_compare(&d, r, x->s->store, x->s->live);
	r->run.storing = persisted_may_store(r) && !r->run.waived &&
	                 persisted_differs(&d) && !persisting_is_excused(x->f, d.wanted);
	if (r->run.waived || r->run.aside)
		keep(all, d.wanted, x->s->live);
	else if (persisted_may_store(r))
		keep(all, d.wanted, d.wanted);
}

/* All that the files should hold: what a profile does not name any more goes. */
static struct node *collect(const struct storing *x)
{
	struct node *all = node_new(NODE_MAP);

	for (size_t i = 0; i < x->p->n; i++)
		collect_one(x, x->p->resources[i], all);
	return all;
}

static char *sysctl_text(const char *name, const struct node *all)
{
	const struct node *sysctls = node_get(node_get(all, "kernel"), "sysctl");
	_buf_ struct buf b = {0};

	for (size_t i = 0; sysctls && i < sysctls->n; i++)
		buf_addf(&b, "%s = %s\n", sysctls->items[i]->key,
		         sysctls->items[i]->text);
	return b.len ? owned_text(name, b.text) : NULL;
}

static char *modules_text(const char *name, const struct node *all)
{
	const struct node *modules = node_get(node_get(all, "kernel"), "modules");
	_buf_ struct buf b = {0};

	for (size_t i = 0; modules && i < modules->n; i++)
		buf_addf(&b, "%s\n", modules->items[i]->key);
	return b.len ? owned_text(name, b.text) : NULL;
}

/* A part of a profile does not replace the unit of the whole. */
static bool may_write(const struct storing *x, enum stored_what what)
{
	enum owned state = x->f->have[what].state;
	bool of_unit =
		what == STORED_PROFILE || what == STORED_UNIT || what == STORED_ENABLED;

	if (of_unit && (x->p->partial || x->f->no_unit))
		return false;
	return state == OWNED_ABSENT || state == OWNED_OURS;
}

static void decide(struct storing *x, const struct node *all)
{
	mem_set(&x->f->want[STORED_SYSCTL], sysctl_text(x->f->name, all));
	mem_set(&x->f->want[STORED_MODULES], modules_text(x->f->name, all));
	for (enum stored_what what = 0; what < STORED_FILES; what++)
		x->writes[what] = may_write(x, what) && !persisting_is_same(x->f, what);
}

static bool any_writes(const struct storing *x)
{
	for (enum stored_what what = 0; what < STORED_FILES; what++)
		if (x->writes[what])
			return true;
	return false;
}

/* --- writing -------------------------------------------------------------------------
 */

static int record(const struct storing *x, struct err *e)
{
	struct journaling_file list[STORED_FILES];
	char *paths[STORED_FILES];
	size_t n = 0;
	int r = 0;

	for (enum stored_what what = 0; what < STORED_FILES; what++) {
		if (!x->writes[what])
			continue;
		paths[n] = stored_path(what, x->f->name);
		list[n] = (struct journaling_file){paths[n], x->f->have[what].text,
		                                   x->f->want[what]};
		n++;
	}
	if (x->p->journal)
		r = journaling_files(x->p->journal, list, n, x->h, e);
	while (n > 0)
		mem_set(&paths[--n], NULL);
	return r;
}

static void write_all_files(struct storing *x)
{
	struct err e = {0};
	int r = 0;

	if (!any_writes(x))
		return;
	if (x->f->locked || x->f->unknown) {
		x->failed = mem_dup(x->f->unknown ? x->f->unknown : x->f->locked);
		return;
	}
	r = record(x, &e);
	for (enum stored_what what = 0; r == 0 && what < STORED_FILES; what++)
		if (x->writes[what])
			r = stored_write(x->h, what, x->f->name, x->f->want[what], &e);
	if (r < 0) {
		x->failed = mem_dup(e.text);
		stored_tidy(x->h);
	}
}

/* --- what became of it ---------------------------------------------------------------
 */

static void fail_one(struct resource *r, const char *why)
{
	_free_ char *live =
		mem_dup(r->run.change.state == STATE_CHANGED ? r->run.change.message
	                                                     : "in effect");

	plan_fail(r, REASON_NOT_STORED, "%s, but not persisted: %s", live, why);
}

static void report_stored(const struct storing *x, struct resource *r,
                          const struct persisted_diff *d)
{
	bool by_unit = persisting_needs_unit(r);
	_free_ char *path = stored_path(node_get(node_get(d->wanted, "kernel"), "sysctl")
	                                        ? STORED_SYSCTL
	                                        : STORED_MODULES,
	                                x->f->name);

	if (r->run.change.state != STATE_OK)
		return;
	if (by_unit)
		change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED,
		           "%s applies it at each boot", x->f->service);
	else
		change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED, "stored in %s",
		           path);
}

static void verify_stored(const struct storing *x, struct resource *r)
{
	_persisted_diff_ struct persisted_diff d = {0};

	persisted_compare(&d, r, x->s->store, x->s->live);
	if (!r->run.storing)
		return;
	if (!persisted_differs(&d))
		report_stored(x, r, &d);
	else
		fail_one(r, x->failed       ? x->failed
		            : x->p->partial ? "only a run without --only and "
		                              "--skip writes the unit"
		            : x->f->no_unit ? x->f->no_unit
		                            : "the files were changed meanwhile");
}

/* Where nobody asked for it, a host that cannot persist is no error. */
static void excuse(struct storing *x)
{
	const char *why = x->failed ? x->failed : x->f->no_unit;

	if (x->f->locked && x->s->state == PERSIST_UNUSED)
		return;
	if (x->s->message && why)
		mem_set(&x->s->message, mem_format("%s; %s", x->s->message, why));
	else if (why)
		mem_set(&x->s->message, mem_dup(why));
}

static bool is_stored_in_part(const struct persisting *f)
{
	for (enum stored_what what = 0; what < STORED_FILES; what++)
		if (f->have[what].state != OWNED_ABSENT)
			return true;
	return f->asked;
}

void files_apply(struct persist *s, struct plan *p, struct host *h)
{
	struct storing x = {.s = s, .p = p, .h = h, .f = s->files};
	_node_ struct node *all = NULL;

	if (s->only_asked && !s->files->asked)
		return;
	s->began = true;
	/* others may have written them since they were observed */
	read_store(&x);
	all = collect(&x);
	decide(&x, all);
	write_all_files(&x);
	if (x.failed || any_writes(&x))
		read_store(&x);
	s->files->asked = is_stored_in_part(s->files);
	if (!s->files->explicit)
		excuse(&x);
	if (!s->files->asked)
		node_free(TAKE_PTR(s->live));
	for (size_t i = 0; s->live && i < p->n; i++)
		verify_stored(&x, p->resources[i]);
	persist_report(s, p);
	mem_set(&x.failed, NULL);
}
