/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One md array of all drives of an item, created as Bottlerocket creates its own: raid0,
 * named by the label, in chunks of 256 KiB, the longest log stripe that XFS supports. It
 * is created only from blank drives and assembled only from all members. Everything else
 * is refused. A single drive is used without an array.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/array_probe.h"
#include "storage/drive_facts.h"
#include "storage/lack.h"
#include "storage/mdadm.h"
#include "storage/no_drive.h"
#include "storage/per_drive.h"
#include "storage/queue_capture.h"
#include "storage/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct array {
	struct disk_user u;
	char *name;
	bool required;

	struct array_members members;
	struct lack lack; /* to create or assemble it */
	char *made;       /* uuid of the array that this run created, NULL: none */
	bool wiped;       /* this run wiped drives */
};

static struct array *array_of(struct resource *r)
{
	return CONTAINER_OF(r, struct array, u.r);
}

/* --- the profile ---------------------------------------------------------------------
 */

static const struct field more_fields[] = {
	{.name = "required",
         .type = FIELD_BOOL,
         .offset = offsetof(struct array, required)},
	{0},
};

/* Whether all versions of mdadm accept the name. */
static bool is_portable(const char *name)
{
	return *name != '-' && *name != '.' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                          "0123456789._-")];
}

static bool array_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	const struct node *label = node_get(n, "label");
	struct array *a = array_of(r);

	disk_user_parse(&a->u, n, diag);
	if (!disk_user_wants_array(&a->u))
		return false;
	fields_parse(more_fields, n, a, diag);
	a->name = mem_dup(label && label->type == NODE_SCALAR ? label->text : r->name);
	/* members are examined like any other drive */
	a->u.spec.format = mem_dup("xfs");
	a->u.spec.label = mem_dup(a->name);
	if (!is_portable(a->name))
		diag_error(diag, label ? label->at : n->at,
		           "array \"%s\": its name (the label) must consist of letters, "
		           "digits, . _ - and must not start with . or -",
		           a->name);
	r->spec.want = mem_format("%s %s", a->u.level, a->name);
	r->spec.unique = mem_format("array %s", a->name);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static void array_forget(struct array *a)
{
	struct resource *r = &a->u.r;

	array_members_done(&a->members);
	lack_done(&a->lack);
	mem_set(&r->seen.device, NULL);
	mem_set(&r->seen.claims, NULL);
	r->seen.creates = false;
	node_free(r->seen.disks);
	r->seen.disks = NULL;
}

static bool needs_mdadm(enum array_outcome o)
{
	return o == ARRAY_BLANK || o == ARRAY_CUT_SHORT || o == ARRAY_STOPPED;
}

static void array_find_lack(struct array *a, const struct host *h)
{
	if (!needs_mdadm(a->members.outcome))
		return;
	lack_find_mdadm(h, &a->lack);
	lack_find_kernel(h, KERNEL_RAID0, &a->lack);
	/* none is created that could not carry a file system */
	if (a->u.r.seen.creates) {
		lack_find_mkfs(h, &a->lack);
		lack_find_kernel(h, KERNEL_XFS, &a->lack);
	}
}

static int array_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct array *a = array_of(r);
	struct array_members *m = &a->members;
	_buf_ struct buf takes = {0};
	int code;

	array_forget(a);
	code = array_probe(&a->u.spec, a->name, h, m, e);
	if (code < 0)
		return code;
	for (size_t i = 0; i < m->n; i++)
		buf_join(&takes, " ", m->list[i].device);
	/* without drives, it claims none: "" would be a drive without a name */
	r->seen.claims = m->n > 0 ? buf_take(&takes) : NULL;
	r->seen.disks = TAKE_PTR(m->refused);
	r->seen.device = mem_dup(m->device);
	r->seen.now = mem_dup(m->content);
	r->seen.creates = m->outcome == ARRAY_BLANK || m->outcome == ARRAY_CUT_SHORT;
	array_find_lack(a, h);
	return 0;
}

static void diff_to_make(const struct array *a, struct change *ret)
{
	const struct array_members *m = &a->members;
	_free_ char *text = array_members_text(m);
	_buf_ struct buf wipe = {0};

	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].wipe)
			buf_join(&wipe, ", ", m->list[i].serial);
	change_set(ret, STATE_DRIFT, REASON_NOT_ASSEMBLED,
	           "%s would become one array%s%s%s", text,
	           wipe.len ? ", after wiping " : "", wipe.len ? wipe.text : "",
	           m->outcome == ARRAY_CUT_SHORT
	                   ? "; an earlier run was interrupted while creating it"
	                   : "");
	change_remedy(ret,
	              "mdadm --create /dev/md/%s --level=0 --chunk=" ARRAY_CHUNK_KIB
	              " --raid-devices=%zu ...",
	              a->name, m->n);
}

static void array_diff(const struct resource *r, struct change *ret)
{
	const struct array *a = CONST_CONTAINER_OF(r, struct array, u.r);
	const struct array_members *m = &a->members;
	_free_ char *text = NULL;

	if (lack_diff(&a->lack, ret))
		return;
	switch (m->outcome) {
	case ARRAY_READY:
	case ARRAY_SINGLE: break;
	case ARRAY_NO_DISKS:
		no_drive_diff(&a->u.spec, m->others, a->required, ret);
		break;
	case ARRAY_BLANK:
	case ARRAY_CUT_SHORT: diff_to_make(a, ret); break;
	case ARRAY_STOPPED:
		change_set(ret, STATE_DRIFT, REASON_NOT_ASSEMBLED,
		           "all drives are present, but the array is not assembled");
		change_remedy(ret, "mdadm --assemble /dev/md/%s --uuid=%s", a->name,
		              m->uuid);
		break;
	case ARRAY_MISCOUNTED:
		text = array_members_text(m);
		change_set(ret, STATE_FAILED, REASON_DISK_COUNT,
		           "%zu drives match, but count is %" PRIu64 ": %s", m->n,
		           a->u.spec.count, text);
		change_remedy(ret, "select the drives by `serial`, or change `count`");
		break;
	case ARRAY_REFUSED:
		change_set(ret, STATE_REFUSED, REASON_DISK_REFUSED, "%s", m->fault);
		change_remedy(ret, "restore the missing drives, or permit wiping the "
		                   "present ones (`wipe:` in the profile and "
		                   "--allow-wipe): an array needs blank drives or all "
		                   "its members");
		break;
	}
}

static void array_differences(const struct resource *r, struct differences *ret)
{
	const struct array_members *m =
		&CONST_CONTAINER_OF(r, struct array, u.r)->members;
	_buf_ struct buf names = {0};
	bool wipe = false;

	for (size_t i = 0; i < m->n; i++) {
		buf_join(&names, " ", m->list[i].name);
		wipe |= m->list[i].wipe;
	}
	difference_add(ret, NULL,
	               mem_format("%s%s",
	                          m->outcome == ARRAY_STOPPED ? "not assembled: " : "",
	                          names.text ? names.text : "no drives"),
	               mem_format("%s%s", wipe ? "wiped, then " : "", r->spec.want));
}

/* --- acting --------------------------------------------------------------------------
 */

static int array_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct array *a = array_of(r);
	const struct array_members *m = &a->members;
	int code = lack_load_kernel(h, KERNEL_RAID0, ret_reason, e);

	if (code == 0 && r->seen.creates)
		code = lack_load_kernel(h, KERNEL_XFS, ret_reason, e);
	if (code < 0)
		return code;
	/* udev started to assemble it and could not finish */
	if (m->waiting)
		code = array_stop(m->waiting, h, e);
	if (code == 0 && m->outcome == ARRAY_CUT_SHORT) {
		code = array_clear(m, m->uuid, h, e);
		/* a rollback goes back to blank drives, not to half an array */
		if (code == 0)
			mem_set(&r->seen.had, NULL);
	}
	if (code < 0)
		return code;
	if (m->outcome == ARRAY_STOPPED)
		return array_assemble(a->name, m, h, e);
	return array_create(&a->u, a->name, m, h, &a->made, &a->wiped, ret_reason, e);
}

static int array_revert(struct resource *r, struct host *h, struct err *e)
{
	struct array *a = array_of(r);
	/* mdadm that fails may leave an array that does not run, and holds its drives */
	const char *device = a->members.device ? a->members.device : a->members.waiting;
	int code =
		a->made && a->members.device ? array_is_used(a->members.device, h, e) : 0;

	if (code != 0)
		return code;
	if (a->wiped)
		return 1;
	if (device)
		code = array_stop(device, h, e);
	if (code == 0 && a->made)
		code = array_clear(&a->members, a->made, h, e);
	if (code == 0)
		mem_set(&a->made, NULL);
	return code;
}

static void array_done(struct resource *r)
{
	struct array *a = array_of(r);

	array_forget(a);
	free(a->name);
	free(a->made);
	free(a->u.spec.format);
	free(a->u.spec.label);
	disk_user_done(&a->u);
}

/* Identifying a drive, the host's mdadm and what that does, and loading RAID 0. */
static uint64_t array_capabilities(const char *name, bool acts)
{
	(void)name;
	return CAPABILITY(SYS_ADMIN) | CAPABILITY(SYS_CHROOT) |
	       (acts ? CAPABILITY(MKNOD) | CAPABILITY(SYS_MODULE) : 0);
}

const struct kind kind_array = {
	.name = "array",
	.section = "storage",
	.doc = "file systems on drives of this node, and their mount points",
	.page = "docs/storage.md",
	.shape = SECTION_ITEMS,
	.fields = disk_user_fields,
	.size = sizeof(struct array),
	.facts = &drive_facts,
	.record = storage_record,
	.expand = per_drive_expand,
	.survey = queue_survey,
	.parse = array_parse,
	.observe = array_observe,
	.diff = array_diff,
	.capabilities = array_capabilities,
	.differences = array_differences,
	.apply = array_apply,
	.stays = "storage is never undone",
	.revert = array_revert,
	.done = array_done,
};
