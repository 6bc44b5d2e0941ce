/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A file system on a drive of this node. A drive is chosen by model, never by name; it
 * is formatted only if it is provably blank, never with force, and used without
 * formatting if it carries our label. All else is refused.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/host_blk.h"
#include "host/host_disk.h"
#include "host/host_exec.h"
#include "kinds/disk_capture.h"
#include "kinds/disk_choice.h"
#include "kinds/kinds.h"
#include "kinds/xfs_mkfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 64

struct filesystem {
	struct resource r;
	struct disk_wish wish;
	struct xfs_mkfs mkfs;
	bool reflink, required;

	struct disk_choice choice;
	char *no_mkfs; /* why a blank drive could not be formatted */
};

/* --- the profile ---------------------------------------------------------------------
 */

static void check_count(const struct node *n, struct problems *ps)
{
	if (strcmp(n->text, "1") != 0)
		problems_add(
			ps, n->at,
			"count \"%s\": only 1 is supported (arrays of drives are not "
			"yet)",
			n->text);
}

static void check_label_text(const char *label, struct place at, const char *hint,
                             struct problems *ps)
{
	if (strlen(label) > XFS_LABEL_MAX)
		problems_add(ps, at,
		             "label \"%s\": longer than the %d bytes that XFS has%s",
		             label, XFS_LABEL_MAX, hint);
	for (const char *p = label; *p; p++) {
		if (*p > 0x20 && *p < 0x7f && *p != '"' && *p != '/')
			continue;
		problems_add(
			ps, at,
			"label: should be ASCII without spaces, quotes and slashes%s",
			hint);
		return;
	}
}

static void check_label(const struct node *n, struct problems *ps)
{
	check_label_text(n->text, n->at, "", ps);
}

static void check_power_of_2(const struct node *n, struct problems *ps)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && (size & (size - 1)) != 0)
		problems_add(ps, n->at, "%s \"%s\": should be a power of two", n->key,
		             n->text);
}

static void check_blocks(const struct node *n, struct problems *ps)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && size % XFS_BLOCK_BYTES != 0)
		problems_add(ps, n->at, "%s \"%s\": should be a multiple of %d", n->key,
		             n->text, XFS_BLOCK_BYTES);
}

static void check_mkfs(const struct node *n, struct problems *ps)
{
	if (!node_get(n, "su") != !node_get(n, "sw"))
		problems_add(ps, n->at, "mkfs: su and sw go together");
}

#define FIELD(name_, type_, member, doc_)                                            \
	.name = name_, .type = type_, .offset = offsetof(struct filesystem, member), \
	.doc = doc_
#define RANGE(min_, max_) .min = min_, .max = max_

static const struct field disk_fields[] = {
	{FIELD("model", FIELD_TEXT, wish.model,
               "model of the drive, exactly (default: " DISK_MODEL ")")},
	{FIELD("serial", FIELD_TEXT, wish.serial, "its serial number")},
	{FIELD("min-size", FIELD_SIZE, wish.min_size, "smaller drives are not meant"),
         RANGE(0, INT64_MAX)},
	{FIELD("count", FIELD_UINT, wish.count,
               "1: any one that matches; default: no more than one may match"),
         RANGE(1, COUNT_MAX), .check = check_count},
	{0},
};

static const struct field mkfs_fields[] = {
	{FIELD("agcount", FIELD_UINT, mkfs.agcount, "number of allocation groups"),
         RANGE(1, XFS_AGCOUNT_MAX)},
	{FIELD("inode-size", FIELD_SIZE, mkfs.inode_size, "bytes, a power of two"),
         RANGE(XFS_INODE_SIZE_MIN, XFS_INODE_SIZE_MAX), .check = check_power_of_2},
	{FIELD("log-size", FIELD_SIZE, mkfs.log_size, "size of the journal"),
         RANGE(XFS_LOG_SIZE_MIN, XFS_LOG_SIZE_MAX), .check = check_blocks},
	{FIELD("su", FIELD_SIZE, mkfs.su, "stripe unit"),
         RANGE(XFS_BLOCK_BYTES, XFS_SU_MAX), .check = check_blocks},
	{FIELD("sw", FIELD_UINT, mkfs.sw, "stripe width, in stripe units"),
         RANGE(1, XFS_SW_MAX)},
	{FIELD("reflink", FIELD_BOOL, reflink, "files can share blocks (default: true)")},
	{0},
};

static const char *const formats[] = {"xfs", NULL};

static const struct field fields[] = {
	{.name = "disks",
         .type = FIELD_OBJECT,
         .fields = disk_fields,
         .doc = "which drive"},
	{FIELD("format", FIELD_CHOICE, wish.format, "file system (default: xfs)"),
         .choices = formats},
	{FIELD("label", FIELD_TEXT, wish.label,
               "its label, by which it is known as ours (default: the item's name)"),
         .check = check_label},
	{.name = "mkfs",
         .type = FIELD_OBJECT,
         .fields = mkfs_fields,
         .check = check_mkfs,
         .doc = "how it is made; not compared with one that is there"},
	{FIELD("required", FIELD_BOOL, required,
               "true: a node without such a drive is a failure (default: false)")},
	{0},
};

static struct filesystem *filesystem_of(struct resource *r)
{
	return CONTAINER_OF(r, struct filesystem, r);
}

/* Without the white space around it, as sysfs values are read. */
static void trim(char **text)
{
	size_t len;

	if (!*text)
		return;
	mem_set(text, mem_dup(*text + strspn(*text, " \t")));
	len = strlen(*text);
	while (len > 0 && strchr(" \t", (*text)[len - 1]))
		(*text)[--len] = '\0';
}

static bool parse(struct resource *r, const struct node *n, struct problems *ps)
{
	struct filesystem *f = filesystem_of(r);
	struct disk_wish *w = &f->wish;

	w->model = mem_dup(DISK_MODEL);
	w->format = mem_dup(formats[0]);
	f->reflink = true;
	fields_parse(fields, n, f, ps);
	f->mkfs.no_reflink = !f->reflink;
	trim(&w->model);
	trim(&w->serial);
	if (!node_get(n, "label")) {
		w->label = mem_dup(r->name);
		check_label_text(w->label, n->at, " (say label: ...)", ps);
	}
	r->want = mem_format("%s label %s", w->format, w->label ? w->label : "");
	return true;
}

static int observe(struct resource *r, const struct host *h, struct err *e)
{
	struct filesystem *f = filesystem_of(r);
	struct host_tool tool;
	struct err missing;
	int code;

	disk_choice_done(&f->choice);
	mem_set(&f->no_mkfs, NULL);
	mem_set(&r->device, NULL);
	code = disk_choose(&f->wish, h, &f->choice, e);
	if (code < 0)
		return code;
	r->device = mem_dup(f->choice.device);
	r->now = mem_dup(f->choice.content);
	/* better told now than when other things have been changed */
	if (h->live && f->choice.outcome == DISKS_BLANK &&
	    host_exec_find(h, "mkfs.xfs", &tool, &missing) < 0)
		f->no_mkfs = mem_dup(missing.text);
	return 0;
}

static void diff_none(const struct filesystem *f, struct change *ret)
{
	const struct disk_wish *w = &f->wish;

	change_set(ret, f->required ? STATE_FAILED : STATE_SKIPPED, REASON_NO_DISKS,
	           "no drive here is a \"%s\"%s%s%s", w->model,
	           w->serial ? " with serial " : "", w->serial ? w->serial : "",
	           w->min_size ? " of the size asked for" : "");
	if (*f->choice.found)
		change_remedy(ret, "the drives here are: %s", f->choice.found);
}

static void diff_blank(const struct filesystem *f, struct change *ret)
{
	if (f->no_mkfs) {
		change_set(ret, STATE_FAILED, REASON_FAILED, "%s", f->no_mkfs);
		change_remedy(ret, "install xfsprogs on the host or in the image");
		return;
	}
	change_set(ret, STATE_DRIFT, REASON_NOT_FORMATTED,
	           "%s is blank and would be formatted", f->choice.found);
	change_remedy(ret, "mkfs.xfs -L %s %s", f->wish.label, f->choice.device);
}

static void diff(const struct resource *r, struct change *ret)
{
	const struct filesystem *f = CONST_CONTAINER_OF(r, struct filesystem, r);
	const struct disk_choice *c = &f->choice;

	switch (c->outcome) {
	case DISKS_OURS: break;
	case DISKS_NONE: diff_none(f, ret); break;
	case DISKS_BLANK: diff_blank(f, ret); break;
	case DISKS_REJECTED:
		change_set(ret, STATE_REFUSED, REASON_DISK_REFUSED, "%s", c->found);
		change_remedy(ret, "only a drive that is blank and that nobody holds is "
		                   "formatted: choose another, or empty it (blkdiscard)");
		break;
	case DISKS_AMBIGUOUS:
		change_set(ret, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
		           "%s more than one drive (%s)",
		           c->several_ours ? "the label is on" : "selects", c->found);
		change_remedy(ret, c->several_ours ? "say the serial"
		                                   : "say count: 1 or a serial");
		break;
	}
}

static int apply(struct resource *r, struct host *h, enum reason *ret_reason,
                 struct err *e)
{
	struct filesystem *f = filesystem_of(r);
	_disks_ struct host_disks disks = {0};
	_free_ char *text = NULL;
	const struct host_disk *d;
	_close_ int lock = -1;
	int code = host_disks_read(h, &disks, e);

	if (code < 0)
		return code;
	d = host_disks_find(&disks, r->device);
	if (!d || !disk_matches(&f->wish, d) || strcmp(d->serial, f->choice.serial) != 0)
		return err_set(e, -ENODEV, "%s: is another drive by now", r->device);
	lock = host_blk_lock(h, d, e);
	if (lock < 0)
		return lock;
	/* the last look; who keeps to the lock does not come between it and mkfs */
	code = disk_classify(&f->wish, h, d, &text, e);
	if (code == DISK_BLANK)
		return xfs_mkfs_run(&f->mkfs, f->wish.label, r->device, h, e);
	*ret_reason = REASON_DISK_REFUSED;
	return code < 0 ? code
	                : err_set(e, -EBUSY, "%s %s: %s", d->name, d->serial, text);
}

static bool capture(const struct resource *r, const struct host *h, struct node *section,
                    struct problems *ps)
{
	const struct filesystem *f = CONST_CONTAINER_OF(r, struct filesystem, r);
	struct err e = {0};

	if (disk_capture(&f->wish, r->name, h, section, ps, &e) < 0)
		problems_note(ps, r->at, "storage: %s", e.text);
	return true;
}

static void done(struct resource *r)
{
	struct filesystem *f = filesystem_of(r);

	fields_done(fields, f);
	disk_choice_done(&f->choice);
	free(f->no_mkfs);
}

const struct kind kind_filesystem = {
	.name = "filesystem",
	.section = "storage",
	.doc = "file systems on drives of this node, and where they are mounted",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.size = sizeof(struct filesystem),
	.flags = KIND_IRREVERSIBLE,
	.parse = parse,
	.observe = observe,
	.diff = diff,
	.apply = apply,
	.capture = capture,
	.done = done,
};
