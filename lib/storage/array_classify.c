/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/array_classify.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "storage/block/candidates.h"
#include "storage/block/identity.h"

#include <stdlib.h>
#include <string.h>

void array_refuse(struct array_members *m, char *fault)
{
	m->outcome = ARRAY_REFUSED;
	mem_set(&m->fault, fault);
}

void array_refuse_unread(struct array_members *m, const struct disk *d,
                         const struct err *e)
{
	array_refuse(m,
	             mem_format("%s %s: cannot be read: %s (%s)", d->name, disk_title(d),
	                        e->text, disk_reason_word(DISK_UNREADABLE)));
}

/* No drive has a superblock of this array. */
static void decide_unmarked(struct array_finding *f)
{
	struct array_members *m = f->ret;
	_buf_ struct buf bad = {0};

	for (size_t i = 0; i < m->n; i++) {
		const struct disk_candidate *d = f->found[i];
		_free_ char *text = NULL;

		if (d->classified.class == CLASS_BLANK ||
		    d->classified.class == CLASS_WIPE ||
		    (d->classified.class == CLASS_OWNED && m->n == 1))
			continue;
		text = mem_format("%s %s: %s%s%s%s", d->disk->name, disk_title(d->disk),
		                  d->classified.text, d->classified.reason ? " (" : "",
		                  disk_reason_word(d->classified.reason),
		                  d->classified.reason ? ")" : ", outside an array");
		buf_join(&bad, "; ", text);
	}
	if (m->n == 1 && (!bad.len || !f->found[0]->classified.reason)) {
		m->outcome = ARRAY_SINGLE;
		m->device = mem_dup(m->list[0].device);
		m->content = mem_format("%s %s, single drive", m->list[0].name,
		                        m->list[0].serial);
	} else if (bad.len) {
		array_refuse(m, buf_take(&bad));
	} else {
		m->outcome = ARRAY_BLANK;
	}
}

static bool roles_are_whole(const struct array_members *m)
{
	for (size_t role = 0; role < m->n; role++) {
		size_t n = 0;

		for (size_t i = 0; i < m->n; i++)
			n += m->list[i].role == role;
		if (n != 1)
			return false;
	}
	return true;
}

static int array_classify_compare_names(const void *a, const void *b)
{
	return strcmp(((const struct array_member *)a)->name,
	              ((const struct array_member *)b)->name);
}

/* Names in the format of `members` in struct disk. */
static char *joined_names(const struct array_members *m)
{
	_free_ struct array_member *sorted = mem_new(m->n, sizeof(*sorted));
	_buf_ struct buf b = {0};

	memcpy(sorted, m->list, m->n * sizeof(*sorted));
	qsort(sorted, m->n, sizeof(*sorted), array_classify_compare_names);
	for (size_t i = 0; i < m->n; i++)
		buf_join(&b, " ", sorted[i].name);
	return buf_take(&b);
}

/* All members are present. */
static void decide_complete(struct array_finding *f)
{
	struct array_members *m = f->ret;
	_free_ char *names = joined_names(m), *members = array_members_text(m);
	const struct disks *disks = &f->candidates->disks;

	for (size_t i = 0; i < disks->n; i++) {
		const struct disk *d = &disks->list[i];

		if (!d->array || !d->active || strcmp(d->members, names) != 0)
			continue;
		m->outcome = ARRAY_READY;
		m->device = mem_dup(d->device);
		m->content =
			mem_format("raid0 %s of %s uuid %s", f->name, members, m->uuid);
		return;
	}
	m->outcome = ARRAY_STOPPED;
	m->content = mem_format("raid0 %s of %s uuid %s, not assembled", f->name, members,
	                        m->uuid);
	for (size_t i = 0; i < m->n; i++) {
		const struct disk_candidate *d = f->found[i];

		if (!m->list[i].held && d->classified.reason != DISK_MEMBER)
			array_refuse(m,
			             mem_format("%s %s: %s (%s)", d->disk->name,
			                        disk_title(d->disk), d->classified.text,
			                        disk_reason_word(d->classified.reason)));
	}
}

/*
 * Whether mdadm --create was interrupted. It writes the superblocks in the order of the
 * members, and the array never ran, so the members hold no data. An array in use with a
 * replaced drive looks similar. But its first member, where every file system starts,
 * is not blank, or is the missing one.
 *
 * Return: 1; 0; -1 if a drive cannot be read: the array is refused.
 */
static int is_cut_short(const struct array_finding *f, struct err *e)
{
	struct array_members *m = f->ret;
	bool first = false;

	if (f->mark->n_disks != m->n)
		return 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct disk_candidate *d = f->found[i];

		first |= m->list[i].marked && m->list[i].role == 0;
		if (m->list[i].marked
		            ? !m->list[i].held && d->classified.reason != DISK_MEMBER
		            : d->classified.class != CLASS_BLANK)
			return 0;
	}
	for (size_t i = 0; first && i < m->n; i++) {
		int r = m->list[i].marked ? md_is_blank(f->h, f->found[i]->disk, e) : 1;

		if (r < 0)
			array_refuse_unread(m, f->found[i]->disk, e);
		if (r <= 0)
			return r < 0 ? -1 : 0;
	}
	return first;
}

static char *incomplete_text(const struct array_finding *f)
{
	const struct array_members *m = f->ret;
	_buf_ struct buf here = {0}, others = {0};

	for (size_t i = 0; i < m->n; i++) {
		const struct array_member *a = &m->list[i];
		const struct disk_classified *look = &f->found[i]->classified;
		_free_ char *one = NULL;

		if (a->marked) {
			one = mem_format("%s %s (number %u)", a->name, a->serial,
			                 a->role);
			buf_join(&here, ", ", one);
		} else {
			one = mem_format("%s %s: %s", a->name, a->serial, look->text);
			buf_join(&others, "; ", one);
		}
	}
	return mem_format(
		"array %s (uuid %s) has %u drives, and %zu of them are present: "
		"%s%s%s",
		f->name, m->uuid, f->mark->n_disks, f->n_marked, here.text,
		others.len ? "; not members: " : "", others.len ? others.text : "");
}

/* Some or all drives have a superblock of this array. */
static void decide_marked(struct array_finding *f)
{
	struct array_members *m = f->ret;
	struct err e = {0};
	int r;

	m->uuid = mem_dup(f->mark->uuid);
	for (size_t i = 0; i < m->n; i++) {
		if (!m->list[i].marked || strcmp(f->marks[i].uuid, m->uuid) == 0)
			continue;
		array_refuse(m,
		             mem_format("drives of two arrays named %s: uuid %s and %s",
		                        f->name, m->uuid, f->marks[i].uuid));
		return;
	}
	if (f->n_marked == m->n && f->mark->n_disks == m->n && roles_are_whole(m)) {
		decide_complete(f);
		return;
	}
	r = is_cut_short(f, &e);
	if (r < 0)
		return;
	m->content = incomplete_text(f);
	if (r > 0)
		m->outcome = ARRAY_CUT_SHORT;
	else
		array_refuse(m, mem_dup(m->content));
}

void array_classify(struct array_finding *f)
{
	if (f->n_marked)
		decide_marked(f);
	else
		decide_unmarked(f);
}
