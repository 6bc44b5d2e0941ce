/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/candidates.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "storage/block/identity.h"
#include "storage/block/scan.h"

#include <inttypes.h>
#include <stdlib.h>

static void note_refused(struct disk_candidates *s, const struct disk *d,
                         enum disk_reason reason, const char *text)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "device", d->device);
	node_set_text(n, "serial", d->serial);
	if (*d->wwid)
		node_set_text(n, "wwid", d->wwid);
	node_set_text(n, "model", d->model);
	node_set_text(n, "reason", disk_reason_word(reason));
	node_set_text(n, "message", text);
	node_append(s->refused, n);
}

static void candidate_add(struct disk_candidates *s, size_t *cap, const struct disk *d,
                          struct disk_classified *look)
{
	s->list = mem_grow(s->list, cap, s->n, sizeof(*s->list));
	s->list[s->n++] = (struct disk_candidate){d, *look};
	if (look->class == CLASS_REJECTED)
		note_refused(s, d, look->reason, look->text);
}

/*
 * "nvme1n1 (model \"X\", serial AWS1, 1900 GB)", since a word of the profile may be
 * wrong; "nvme0n1 (EBS)" of what no profile can select.
 */
static char *describe(const struct disk *d)
{
	bool large = d->size_bytes >= 1000000000;
	enum disk_reason never = disk_never(d);

	if (never)
		return mem_format("%s (%s)", d->name,
		                  never == DISK_EBS    ? "EBS"
		                  : never == DISK_ROOT ? "root"
		                                       : "Bottlerocket's own");
	return mem_format("%s (model \"%s\", serial %s, %" PRIu64 " %s%s)", d->name,
	                  d->model, *d->serial ? disk_title(d) : "none",
	                  d->size_bytes / (large ? 1000000000 : 1000000),
	                  large ? "GB" : "MB", disk_is_nvme(d) ? "" : ", not NVMe");
}

/* Why the drive is not selected, owned by the caller. */
static enum disk_reason not_selected(const struct disk_spec *w, const struct disk *d,
                                     char **ret_text)
{
	enum disk_reason never = disk_never(d);

	if (!never)
		return disk_unmet(w, d, ret_text);
	*ret_text = disk_never_text(d);
	return never;
}

static void leave(struct disk_candidates *s, const struct disk_spec *w,
                  const struct disk *d, size_t *cap, struct buf *others)
{
	struct disk_classified look = {.class = CLASS_REJECTED};
	_free_ char *text = describe(d);

	look.reason = not_selected(w, d, &look.text);
	if (w->serial && disk_is_named(w, d)) {
		/* named by serial but no match: more likely a mistake in the profile */
		candidate_add(s, cap, d, &look);
		return;
	}
	note_refused(s, d, look.reason, look.text);
	buf_join(others, ", ", text);
	disk_classified_done(&look);
}

int disk_candidates(const struct disk_spec *w, const struct host *h,
                    struct disk_candidates *ret, struct err *e)
{
	_buf_ struct buf others = {0};
	size_t cap = 0;
	int r;

	*ret = (struct disk_candidates){.refused = node_new(NODE_LIST)};
	r = disks_read(h, &ret->disks, e);
	for (size_t i = 0; r == 0 && i < ret->disks.n; i++) {
		const struct disk *d = &ret->disks.list[i];
		struct disk_classified look;

		if (d->array)
			continue;
		if (!disk_matches(w, d)) {
			leave(ret, w, d, &cap, &others);
			continue;
		}
		r = disk_classify(w, h, d, false, &look, e);
		if (r == 0)
			candidate_add(ret, &cap, d, &look);
	}
	ret->others = buf_take(&others);
	return r;
}

void disk_candidates_done(struct disk_candidates *s)
{
	for (size_t i = 0; i < s->n; i++)
		disk_classified_done(&s->list[i].classified);
	free(s->list);
	free(s->others);
	node_free(s->refused);
	disks_done(&s->disks);
	*s = (struct disk_candidates){0};
}

char *disk_candidates_text(const struct disk_candidates *s, enum disk_class class)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < s->n; i++) {
		const struct disk_candidate *f = &s->list[i];
		_free_ char *text =
			mem_format("%s %s: %s%s%s%s", f->disk->name, disk_title(f->disk),
		                   f->classified.text, f->classified.reason ? " (" : "",
		                   disk_reason_word(f->classified.reason),
		                   f->classified.reason ? ")" : "");

		if (f->classified.class == class)
			buf_join(&b, "; ", text);
	}
	return buf_take(&b);
}
