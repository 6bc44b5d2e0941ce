/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/array_probe.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "storage/array_classify.h"
#include "storage/block/candidates.h"
#include "storage/block/identity.h"

#include <stdlib.h>
#include <string.h>

/* --- which drives ---------------------------------------------------------------------
 */

/* The root drive, Bottlerocket's own and EBS volumes count only if named by serial. */
static bool array_probe_is_meant(const struct array_finding *f,
                                 const struct disk_candidate *d)
{
	return d->classified.class != CLASS_REJECTED || d->classified.reason > DISK_EBS ||
	       disk_is_named(f->spec, d->disk);
}

/* Find an inactive array that has the drive as a member; NULL: none. */
static const struct disk *waiting_array(const struct array_finding *f, const char *name)
{
	const struct disks *disks = &f->candidates->disks;

	for (size_t i = 0; i < disks->n; i++) {
		const struct disk *d = &disks->list[i];

		if (d->array && !d->active && words_have(d->members, ' ', name))
			return d;
	}
	return NULL;
}

static void array_probe_add_member(struct array_finding *f,
                                   const struct disk_candidate *d)
{
	struct array_members *m = f->ret;
	const struct disk *waiting = waiting_array(f, d->disk->name);

	f->found[m->n] = d;
	m->list[m->n++] = (struct array_member){.name = mem_dup(d->disk->name),
	                                        .device = mem_dup(d->disk->device),
	                                        .serial = mem_dup(disk_title(d->disk)),
	                                        .id = disk_id(d->disk),
	                                        .wipe = d->classified.class == CLASS_WIPE,
	                                        .held = waiting != NULL};
	if (waiting)
		mem_set(&m->waiting, mem_dup(waiting->device));
}

static void find_members(struct array_finding *f)
{
	const struct disk_candidates *s = f->candidates;

	for (size_t i = 0; i < s->n; i++)
		if (array_probe_is_meant(f, &s->list[i]))
			array_probe_add_member(f, &s->list[i]);
}

/*
 * Read the superblocks. Drives that are rejected as unreadable have none: they refuse the
 * array anyway. Return: whether all others were read; else the array is refused.
 */
static bool read_marks(struct array_finding *f)
{
	for (size_t i = 0; i < f->ret->n; i++) {
		struct md *md = &f->marks[i];
		enum disk_reason why = f->found[i]->classified.reason;
		struct err e = {0};
		int r = why == DISK_UNREADABLE || why == DISK_NO_CAPACITY
		                ? 0
		                : md_read(f->h, f->found[i]->disk, md, &e);

		if (r < 0) {
			array_refuse_unread(f->ret, f->found[i]->disk, &e);
			return false;
		}
		if (r == 0 || md->level != MD_LEVEL_RAID0 ||
		    strcmp(md->name, f->name) != 0)
			continue;
		f->ret->list[i].marked = true;
		f->ret->list[i].role = md->role;
		f->mark = md;
		f->n_marked++;
	}
	return true;
}

/* --- for reports ----------------------------------------------------------------------
 */

/* Whether to drop a refusal: members are refused only if their array is incomplete. */
static bool is_no_refusal(struct node *item, void *arg)
{
	const struct array_members *m = arg;
	const char *device = node_get(item, "device")->text;

	for (size_t i = 0; i < m->n; i++) {
		if (!m->list[i].marked || strcmp(m->list[i].device, device) != 0)
			continue;
		if (m->outcome != ARRAY_REFUSED)
			return true;
		node_set_text(item, "reason", disk_reason_word(DISK_INCOMPLETE));
	}
	return false;
}

static void decide_count(const struct disk_spec *w, struct array_members *m)
{
	if (!w->count || w->count == m->n || m->outcome == ARRAY_REFUSED)
		return;
	m->outcome = ARRAY_MISCOUNTED;
	mem_set(&m->device, NULL);
}

static void array_probe_collect(struct array_finding *f)
{
	struct array_members *m = f->ret;

	find_members(f);
	if (m->n == 0 && f->candidates->n == 0) {
		m->others = mem_dup(f->candidates->others);
		return;
	}
	if (m->n == 0) {
		array_refuse(m, disk_candidates_text(f->candidates, CLASS_REJECTED));
		return;
	}
	if (!read_marks(f))
		return;
	array_classify(f);
	decide_count(f->spec, m);
}

int array_probe(const struct disk_spec *w, const char *name, const struct host *h,
                struct array_members *ret, struct err *e)
{
	_candidates_ struct disk_candidates s = {0};
	struct array_finding f = {
		.spec = w, .h = h, .name = name, .candidates = &s, .ret = ret};
	int r;

	*ret = (struct array_members){0};
	r = disk_candidates(w, h, &s, e);
	ret->refused = TAKE_PTR(s.refused);
	if (r < 0)
		return r;
	ret->list = mem_new(s.n + 1, sizeof(*ret->list));
	f.found = mem_new(s.n + 1, sizeof(*f.found));
	f.marks = mem_new(s.n + 1, sizeof(*f.marks));
	array_probe_collect(&f);
	for (size_t i = 0; i < s.n; i++)
		md_done(&f.marks[i]);
	free(f.marks);
	free(f.found);
	node_filter(ret->refused, is_no_refusal, ret);
	return 0;
}
