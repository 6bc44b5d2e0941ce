/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A file system on a drive of this node. Drives are selected by model, never by name. A
 * drive is formatted only if it is provably blank, never with force. A drive with our
 * label is used without formatting. Everything else is refused.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/exec.h"
#include "host/recorded.h"
#include "resource/kinds.h"
#include "storage/block/choice.h"
#include "storage/block/claim.h"
#include "storage/block/probe.h"
#include "storage/capture.h"
#include "storage/lack.h"
#include "storage/no_drive.h"
#include "storage/xfs_check.h"
#include "storage/xfs_mkfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct filesystem {
	struct disk_user u;
	struct xfs_mkfs mkfs;
	bool reflink, required;

	struct disk_choice choice;
	struct lack lack; /* to make one */

	int lock; /* held while mkfs.xfs runs; -1: none */
	struct host_exec_job job;
};

/* --- the profile ---------------------------------------------------------------------
 */

#define FIELD(name_, type_, member, doc_)                                            \
	.name = name_, .type = type_, .offset = offsetof(struct filesystem, member), \
	.doc = doc_
#define RANGE(min_, max_) .min = min_, .max = max_

static const struct field mkfs_fields[] = {
	{FIELD("agcount", FIELD_UINT, mkfs.agcount, "number of allocation groups"),
         RANGE(1, XFS_AGCOUNT_MAX)},
	{FIELD("inode-size", FIELD_SIZE, mkfs.inode_size,
               "inode size in bytes, a power of two"),
         RANGE(XFS_INODE_SIZE_MIN, XFS_INODE_SIZE_MAX), .check = xfs_check_power_of_2},
	{FIELD("log-size", FIELD_SIZE, mkfs.log_size, "size of the journal"),
         RANGE(XFS_LOG_SIZE_MIN, XFS_LOG_SIZE_MAX), .check = xfs_check_blocks},
	{FIELD("su", FIELD_SIZE, mkfs.su, "stripe unit"),
         RANGE(XFS_BLOCK_BYTES, XFS_SU_MAX), .check = xfs_check_blocks},
	{FIELD("sw", FIELD_UINT, mkfs.sw, "stripe width, in stripe units"),
         RANGE(1, XFS_SW_MAX)},
	{FIELD("reflink", FIELD_BOOL, reflink, "let files share blocks (default: true)")},
	{0},
};

static const char *const formats[] = {"xfs", NULL};

static const struct field fields[] = {
	{FIELD("format", FIELD_CHOICE, u.spec.format, "file system type (default: xfs)"),
         .choices = formats},
	{FIELD("label", FIELD_TEXT, u.spec.label,
               "label of the file system; a drive that has it already is used without "
               "formatting (default: the item's name)"),
         .check = xfs_check_label_template},
	{.name = "mkfs",
         .type = FIELD_OBJECT,
         .fields = mkfs_fields,
         .check = xfs_check_mkfs,
         .doc = "options of mkfs.xfs; not compared with an existing file system"},
	{FIELD("required", FIELD_BOOL, required,
               "true: fail if the node has no matching drive (default: false)")},
	{0},
};

static struct filesystem *filesystem_of(struct resource *r)
{
	return CONTAINER_OF(r, struct filesystem, u.r);
}

static bool filesystem_parse(struct resource *r, const struct node *n,
                             struct diagnostics *diag)
{
	struct filesystem *f = filesystem_of(r);
	struct disk_spec *w = &f->u.spec;

	w->format = mem_dup(formats[0]);
	f->reflink = true;
	f->lock = -1;
	disk_user_parse(&f->u, n, diag);
	fields_parse(fields, n, f, diag);
	f->mkfs.no_reflink = !f->reflink;
	if (!node_get(n, "label")) {
		w->label = mem_dup(r->name);
		xfs_check_label(w->label, n->at, " (set `label:`)", diag);
	}
	r->spec.want = mem_format("%s label %s", w->format, w->label ? w->label : "");
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static void filesystem_forget(struct filesystem *f)
{
	struct resource *r = &f->u.r;

	disk_choice_done(&f->choice);
	lack_done(&f->lack);
	mem_set(&r->seen.device, NULL);
	mem_set(&r->seen.claims, NULL);
	node_free(r->seen.disks);
	r->seen.disks = NULL;
}

/* A file system that cannot be made, or mounted, is reported before anything is changed.
 */
static void filesystem_find_lack(struct filesystem *f, const struct host *h)
{
	lack_find_mkfs(h, &f->lack);
	lack_find_kernel(h, KERNEL_XFS, &f->lack);
}

static int filesystem_observe(struct resource *r, const struct host *h, struct err *e)
{
	const struct resource *below = r->spec.depends_on;
	struct filesystem *f = filesystem_of(r);
	int code;

	filesystem_forget(f);
	/* no array yet: nothing to examine */
	if (below && !below->seen.device) {
		if (below->seen.creates)
			filesystem_find_lack(f, h);
		return 0;
	}
	code = disk_choose(&f->u.spec, h, below ? below->seen.device : NULL, &f->choice,
	                   e);
	if (code < 0)
		return code;
	r->seen.device = mem_dup(f->choice.device);
	r->seen.claims = below ? NULL : mem_dup(f->choice.device);
	r->seen.now = mem_dup(f->choice.content);
	r->seen.disks = TAKE_PTR(f->choice.refused);
	if (f->choice.outcome == DISKS_BLANK)
		filesystem_find_lack(f, h);
	return 0;
}

static void diff_blank(const struct filesystem *f, struct change *ret)
{
	const struct disk_choice *c = &f->choice;

	if (c->wipe)
		change_set(ret, STATE_DRIFT, REASON_NOT_FORMATTED,
		           "%s %s: would be wiped and formatted", c->found, c->content);
	else
		change_set(ret, STATE_DRIFT, REASON_NOT_FORMATTED,
		           "%s is blank and would be formatted", c->found);
	change_remedy(ret, "%smkfs.xfs -L %s %s", c->wipe ? "wipe it, then " : "",
	              f->u.spec.label, c->device);
}

/* Nothing to examine: the array below it does not exist. */
static void diff_waits(const struct filesystem *f, struct change *ret)
{
	const struct change *below = &f->u.r.spec.depends_on->run.change;

	if (below->state == STATE_SKIPPED)
		change_set(ret, f->required ? STATE_FAILED : STATE_SKIPPED, below->reason,
		           "its drives are missing");
	else
		change_set(ret, STATE_PENDING, REASON_WAITS, "its array is %s",
		           below->state == STATE_DRIFT ? "not ready yet"
		                                       : state_word(below->state));
}

static void filesystem_diff(const struct resource *r, struct change *ret)
{
	const struct filesystem *f = CONST_CONTAINER_OF(r, struct filesystem, u.r);
	const struct disk_choice *c = &f->choice;

	if (lack_diff(&f->lack, ret))
		return;
	if (r->spec.depends_on && !r->spec.depends_on->seen.device) {
		diff_waits(f, ret);
		return;
	}
	switch (c->outcome) {
	case DISKS_OWNED: break;
	case DISKS_NONE: no_drive_diff(&f->u.spec, c->found, f->required, ret); break;
	case DISKS_BLANK: diff_blank(f, ret); break;
	case DISKS_REJECTED:
		change_set(ret, STATE_REFUSED, REASON_DISK_REFUSED, "%s", c->found);
		change_remedy(ret,
		              "choose another drive, or permit wiping it (`wipe:` in "
		              "the profile and --allow-wipe): only a blank, unused "
		              "drive is formatted");
		break;
	case DISKS_AMBIGUOUS:
		change_set(ret, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
		           "%s more than one drive (%s)",
		           c->several_owned ? "the label is on" : "the profile selects",
		           c->found);
		change_remedy(ret, c->several_owned ? "select one by `serial`"
		                                    : "set `count: 1`, a `serial`, "
		                                      "`array: raid0`, or "
		                                      "`mount: .../{serial}`");
		break;
	}
}

static void filesystem_differences(const struct resource *r, struct differences *ret)
{
	const struct filesystem *f = CONST_CONTAINER_OF(r, struct filesystem, u.r);
	const struct disk_choice *c = &f->choice;

	if (c->outcome == DISKS_BLANK)
		difference_add(
			ret, mem_format(" %s", strrchr(c->device, '/') + 1),
			mem_dup(c->wipe ? c->content : "blank"),
			mem_format("%s%s", c->wipe ? "wiped, then " : "", r->spec.want));
}

/* --- formatting ----------------------------------------------------------------------
 */

/* What a wiped drive held is gone, though nothing came of it. */
static int after_wipe(const struct filesystem *f, int code, struct err *e)
{
	return f->choice.wipe ? err_hint(e, "already wiped: %s", f->choice.found) : code;
}

static int filesystem_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                            struct err *e)
{
	struct filesystem *f = filesystem_of(r);
	const struct disk_choice *c = &f->choice;
	int code = lack_load_kernel(h, KERNEL_XFS, ret_reason, e);
	_close_ int lock = code < 0 ? code
	                            : disk_claim(&f->u, h, r->seen.device, c->id, c->wipe,
	                                         ret_reason, e);

	if (lock < 0)
		return lock;
	code = c->wipe ? disk_claim_wipe(h, r->seen.device, c->id, e) : 0;
	if (code < 0)
		return code;
	code = xfs_mkfs_start(&f->mkfs, f->u.spec.label, r->seen.device, h, &f->job, e);
	if (code < 0)
		return after_wipe(f, code, e);
	f->lock = TAKE_FD(lock);
	return 0;
}

static int filesystem_finish(struct resource *r, struct host *h, enum reason *ret_reason,
                             struct err *e)
{
	struct filesystem *f = filesystem_of(r);
	int code = xfs_mkfs_finish(h, &f->job, e);

	(void)ret_reason;
	/* otherwise mkfs.xfs reports only its last step, or advises to use -f */
	if (code < 0 && !blk_answers(f->lock))
		err_hint(e, "the drive no longer responds");
	(void)close(f->lock);
	f->lock = -1;
	return code < 0 ? after_wipe(f, code, e) : 0;
}

static bool filesystem_capture(const struct resource *r, const struct host *h,
                               struct node *section, struct diagnostics *diag)
{
	const struct filesystem *f = CONST_CONTAINER_OF(r, struct filesystem, u.r);
	struct err e = {0};

	if (disk_capture(&f->u.spec, r->name, h, section, diag, &e) < 0)
		diag_note(diag, r->spec.at, "storage: %s", e.text);
	return true;
}

static void filesystem_done(struct resource *r)
{
	struct filesystem *f = filesystem_of(r);

	if (f->lock >= 0)
		(void)close(f->lock);
	filesystem_forget(f);
	disk_user_done(&f->u);
}

/* Identifying a drive, and the host's mkfs.xfs, which sets the size of blocks. */
static uint64_t filesystem_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return CAPABILITY(SYS_ADMIN) | CAPABILITY(SYS_CHROOT);
}

const struct kind kind_filesystem = {
	.name = "filesystem",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.size = sizeof(struct filesystem),
	.flags = KIND_IRREVERSIBLE,
	.parse = filesystem_parse,
	.observe = filesystem_observe,
	.diff = filesystem_diff,
	.capabilities = filesystem_capabilities,
	.differences = filesystem_differences,
	.apply = filesystem_apply,
	.stays = "storage is never undone",
	.capture = filesystem_capture,
	.finish = filesystem_finish,
	.done = filesystem_done,
};
