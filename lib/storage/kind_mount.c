/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The file system of an item, mounted where the host sees it. A mount in a container
 * reaches the host only below shared mount points, and only when it is created: its
 * options cannot be changed later.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/capture.h"
#include "storage/lack.h"
#include "storage/mount/host_path.h"
#include "storage/mount/option.h"
#include "storage/mount/option_check.h"
#include "storage/mount/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FSTYPE "xfs"

struct mount {
	struct resource r;
	char *target, *options; /* options NULL: not managed */
	char *binds;            /* of the item, "/a /b": kind_bind checks their flags */

	struct mount_target now;
	struct lack lack;  /* unless it is mounted, or there is no device yet */
	char *had_options; /* when apply() started; NULL: not mounted */
	char *device;      /* that apply() mounted, or whose mount it changed */
};

/* --- the profile ---------------------------------------------------------------------
 */

/* The message shows control characters as "?". */
static void check_target(const struct node *n, struct diagnostics *diag)
{
	const char *fault = host_path_fault(n->text);
	_free_ char *quoted = mem_dup(n->text);

	for (char *p = quoted; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	if (fault)
		diag_error(diag, n->at, "mount \"%.200s\": %s", quoted, fault);
}

static const struct field fields[] = {
	{.name = "mount",
         .type = FIELD_TEXT,
         .offset = offsetof(struct mount, target),
         .check = check_target,
         .doc = "mount point, a path on the host; created if missing"},
	{.name = "options",
         .type = FIELD_WORDS,
         .offset = offsetof(struct mount, options),
         .check = mount_options_check,
         .doc = "mount options; options not listed are not managed"},
	{0},
};

static struct mount *mount_of(struct resource *r)
{
	return CONTAINER_OF(r, struct mount, r);
}

static char *mount_describe(const char *target, const char *options)
{
	return mem_format("%s%s%s", target, options && *options ? " " : "",
	                  options ? options : "");
}

static char *binds_of(const struct node *list)
{
	_buf_ struct buf binds = {0};

	if (list && list->type == NODE_LIST)
		node_for_each (dir, list)
			if (dir->type == NODE_SCALAR)
				buf_join(&binds, " ", dir->text);
	return buf_take(&binds);
}

static bool mount_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	const struct node *options = node_get(n, "options"), *move = node_get(n, "move");
	struct mount *m = mount_of(r);

	fields_parse(fields, n, m, diag);
	if (options && !node_get(n, "mount"))
		diag_error(diag, options->at, "options: requires mount");
	if (move && !node_get(n, "bind"))
		diag_error(diag, move->at, "move: requires bind");
	if (!m->target)
		return false;
	m->binds = binds_of(node_get(n, "bind"));
	r->spec.want = mount_describe(m->target, m->options);
	r->spec.unique = mem_format("mount %s", m->target);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static int mount_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct mount *m = mount_of(r);
	const struct mount_target_spec spec = {
		.target = m->target,
		.options = m->options,
		.binds = m->binds,
		.device = resource_device(r),
	};
	int code;

	mount_target_done(&m->now);
	lack_done(&m->lack);
	code = mount_target_probe(&spec, h, &m->now, e);
	if (code == 0 && !m->now.mounted && spec.device)
		lack_find_kernel(h, KERNEL_XFS, &m->lack);
	/* a mount formats nothing: the kernel decides whether it can */
	if (m->lack.reason == REASON_NOT_READABLE)
		lack_done(&m->lack);
	if (m->now.mounted)
		r->seen.now = mount_describe(m->target, m->now.options);
	return code;
}

/* --- comparing -----------------------------------------------------------------------
 */

static void diff_mounted(const struct mount *m, struct change *ret)
{
	_free_ char *missing =
		m->options ? mount_options_missing(m->options, m->now.options) : NULL;

	if (!missing) {
		if (m->now.others)
			change_set(ret, STATE_OK, REASON_BINDS_DIFFER,
			           "in sync, but also mounted at %s", m->now.others);
		return;
	}
	if (m->now.reach == HOST_REACH_SAME && mount_options_are_flags(missing)) {
		change_set(ret, STATE_DRIFT, REASON_OPTIONS_DIFFER, "mounted without %s",
		           missing);
		change_remedy(ret, "mount -o remount,bind,%s %s", missing, m->target);
		return;
	}
	change_set(ret, STATE_FAILED, REASON_OPTIONS_DIFFER, "mounted without %s, but %s",
	           missing,
	           m->now.reach == HOST_REACH_SAME
	                   ? "it takes effect only on a new mount"
	                   : "a container cannot change the flags of the host's mount");
	change_remedy(ret, "unmount %s on the host, or reboot, then apply again",
	              m->target);
}

static void mount_differences(const struct resource *r, struct differences *ret)
{
	const struct mount *m = CONST_CONTAINER_OF(r, struct mount, r);

	if (!m->now.owned)
		difference_add(ret, NULL, mem_dup("not mounted"), mem_dup(r->spec.want));
	else
		difference_add(ret, mem_dup(" options"), mem_dup(m->now.options),
		               mem_dup(m->options));
}

static void mount_diff_absent(const struct mount *m, struct change *ret)
{
	const char *device = m->r.spec.depends_on->seen.device;

	change_set(ret, STATE_DRIFT, REASON_NOT_MOUNTED, "%s is not mounted", device);
	change_remedy(ret, "mount %s%s%s%s %s", m->options ? "-o " : "",
	              m->options ? m->options : "", m->options ? " " : "", device,
	              m->target);
}

static void mount_diff(const struct resource *r, struct change *ret)
{
	const struct mount *m = CONST_CONTAINER_OF(r, struct mount, r);
	const struct change *below = &r->spec.depends_on->run.change;
	bool made = below->state == STATE_OK || below->state == STATE_CHANGED;

	if (below->state == STATE_SKIPPED)
		change_set(ret, STATE_SKIPPED, below->reason, "its drive is missing");
	else if (m->now.owned)
		diff_mounted(m, ret);
	else if (!r->spec.depends_on->seen.device)
		change_set(ret, STATE_PENDING, REASON_WAITS, "its file system is %s",
		           state_word(below->state));
	/* before waiting: no drive is formatted for a mount that is impossible */
	else if (mount_target_refuse(&m->now, r->spec.depends_on->seen.device, ret))
		return;
	else if (made && lack_diff(&m->lack, ret))
		return;
	else if (r->run.waits || !made)
		change_set(ret, STATE_PENDING, REASON_WAITS, "%s is not formatted yet",
		           r->spec.depends_on->seen.device);
	else
		mount_diff_absent(m, ret);
}

/* --- mounting ------------------------------------------------------------------------
 */

static int mount_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct mount *m = mount_of(r);
	_free_ char *flags = NULL;
	int code;

	mem_set(&m->device, mem_dup(r->spec.depends_on->seen.device));
	mem_set(&m->had_options, m->now.owned ? mem_dup(m->now.options) : NULL);
	if (m->now.owned) {
		flags = mount_options_flags(m->options, m->now.options);
		return host_mount_remount(h, m->device, m->target, flags, e);
	}
	code = host_mount_attach(h, m->device, m->target, FSTYPE,
	                         m->options ? m->options : "", e);
	if (code == -EXDEV)
		*ret_reason = REASON_TARGET_NOT_SHARED;
	else if (code == -EINVAL)
		(void)err_hint(e, "see the kernel log for the reason: dmesg");
	return code;
}

static int mount_revert(struct resource *r, struct host *h, struct err *e)
{
	struct mount *m = mount_of(r);
	_free_ char *flags = NULL;

	if (!m->had_options)
		return host_mount_detach(h, m->device, m->target, e);
	flags = mount_options_exactly(m->had_options);
	return host_mount_remount(h, m->device, m->target, flags, e);
}

static bool mount_capture(const struct resource *r, const struct host *h,
                          struct node *section, struct diagnostics *diag)
{
	struct err e = {0};

	if (disk_capture_mounts(h, section, diag, &e) < 0)
		diag_note(diag, r->spec.at, "storage: %s", e.text);
	return true;
}

static void mount_done(struct resource *r)
{
	struct mount *m = mount_of(r);

	mount_target_done(&m->now);
	lack_done(&m->lack);
	free(m->binds);
	free(m->had_options);
	free(m->device);
}

/* Identifying a drive, and mounting it inside the host's root. */
static uint64_t mount_capabilities(const char *name, bool acts)
{
	(void)name;
	return CAPABILITY(SYS_ADMIN) | (acts ? CAPABILITY(SYS_CHROOT) : 0);
}

const struct kind kind_mount = {
	.name = "mount",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.size = sizeof(struct mount),
	.parse = mount_parse,
	.observe = mount_observe,
	.diff = mount_diff,
	.capabilities = mount_capabilities,
	.differences = mount_differences,
	.apply = mount_apply,
	.revert = mount_revert,
	.stays = "storage is never undone",
	.capture = mount_capture,
	.done = mount_done,
};
