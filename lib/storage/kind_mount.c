/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The file system of an item, mounted where the host sees it. A mount in a container
 * reaches the host only below shared mount points, and only when it is created: its
 * options cannot be changed later.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/words.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/capture.h"
#include "storage/mount/host_path.h"
#include "storage/mount/option.h"
#include "storage/mount/option_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FSTYPE "xfs"

struct mount {
	struct resource r;
	char *target, *options; /* options NULL: not managed */
	char *binds;            /* of the item, "/a /b": kind_bind checks their flags */

	bool mounted, owned; /* a mount is at target; it is our whole drive */
	char *what;          /* source and type of that mount */
	char *now_options;   /* options of that mount */
	char *elsewhere;     /* another mount point of our whole drive; NULL: none */
	char *others;        /* other mounts of our drive that lack configured flags */
	int unsafe;          /* why nothing can be mounted at target: 0 or -errno ... */
	char *unsafe_text;   /* ... in words */
	enum host_reach reach;
	char *shared; /* REACH_NONE: paths below which a mount reaches the host */

	char *had_options; /* when apply() started; NULL: not mounted */
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

static void mount_forget(struct mount *m)
{
	m->mounted = m->owned = false;
	m->unsafe = 0;
	m->reach = HOST_REACH_NONE;
	mem_set(&m->others, NULL);
	mem_set(&m->what, NULL);
	mem_set(&m->now_options, NULL);
	mem_set(&m->elsewhere, NULL);
	mem_set(&m->unsafe_text, NULL);
	mem_set(&m->shared, NULL);
}

static bool mount_is_on(const struct host_mount *at, const struct block_device *dev)
{
	return dev->name && at->major == dev->major && at->minor == dev->minor;
}

static bool is_own_bind(const struct mount *m, const char *target)
{
	return words_have(m->binds, ' ', target);
}

/* Flags belong to a mount, not to the file system: other mounts have their own. */
static void probe_other(struct mount *m, const struct host_mount *at, struct buf *others)
{
	_free_ char *flags = m->options ? mount_options_flags(m->options, "") : NULL;
	_free_ char *missing = flags ? mount_options_missing(flags, at->options) : NULL;
	_free_ char *text = NULL;

	if (!m->elsewhere && strcmp(at->root, "/") == 0)
		m->elsewhere = mem_dup(at->target);
	if (!missing || is_own_bind(m, at->target))
		return;
	text = mem_format("%s without %s", at->target, missing);
	buf_join(others, ", ", text);
}

static void mount_probe(struct mount *m, const struct host_mounts *mounts,
                        const struct block_device *dev)
{
	const struct host_mount *at = host_mounts_at(mounts, m->target);
	_buf_ struct buf others = {0};

	for (size_t i = 0; i < mounts->n; i++)
		if (&mounts->list[i] != at && mount_is_on(&mounts->list[i], dev))
			probe_other(m, &mounts->list[i], &others);
	if (others.len)
		m->others = buf_take(&others);
	if (!at)
		return;
	m->mounted = true;
	m->owned = mount_is_on(at, dev) && strcmp(at->root, "/") == 0;
	m->what = mem_format("%s%s%s (%s)", at->source ? at->source : "none",
	                     strcmp(at->root, "/") == 0 ? "" : ", directory ",
	                     strcmp(at->root, "/") == 0 ? "" : at->root, at->fstype);
	m->now_options = mem_dup(at->options);
	m->r.seen.now = mount_describe(m->target, at->options);
}

static int probe_at_target(struct mount *m, const struct host *h, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	const char *device = resource_device(&m->r);
	_block_device_ struct block_device dev = {0};
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);

	/* a device that does not exist yet is not mounted */
	if (r == 0 && device)
		r = block_device_find(h, device, &dev, e);
	if (r == -ENODEV)
		r = 0;
	if (r == 0)
		mount_probe(m, &mounts, &dev);
	return r;
}

/* Find out whether anything can be mounted at the target. */
static int probe_target(struct mount *m, const struct host *h, struct err *e)
{
	struct err found = {0};
	int r = host_mount_check_target(h, m->target, &found);

	if (r == -ELOOP || r == -ENOTDIR || r == -EROFS) {
		m->unsafe = r;
		m->unsafe_text = mem_dup(found.text);
	} else if (r < 0 && r != -ENOENT) {
		*e = found;
		return r == -EACCES ? err_hint(e, "run as root") : r;
	}
	return host_mounts_reach(h, m->target, &m->reach, &m->shared, e);
}

static int mount_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct mount *m = mount_of(r);
	int code;

	mount_forget(m);
	code = probe_at_target(m, h, e);
	return code < 0 ? code : probe_target(m, h, e);
}

/* --- comparing -----------------------------------------------------------------------
 */

static void diff_mounted(const struct mount *m, struct change *ret)
{
	_free_ char *missing =
		m->options ? mount_options_missing(m->options, m->now_options) : NULL;

	if (!missing) {
		if (m->others)
			change_set(ret, STATE_OK, REASON_BINDS_DIFFER,
			           "in sync, but also mounted at %s", m->others);
		return;
	}
	if (m->reach == HOST_REACH_SAME && mount_options_are_flags(missing)) {
		change_set(ret, STATE_DRIFT, REASON_OPTIONS_DIFFER, "mounted without %s",
		           missing);
		change_remedy(ret, "mount -o remount,bind,%s %s", missing, m->target);
		return;
	}
	change_set(ret, STATE_FAILED, REASON_OPTIONS_DIFFER, "mounted without %s, but %s",
	           missing,
	           m->reach == HOST_REACH_SAME
	                   ? "it takes effect only on a new mount"
	                   : "a container cannot change the flags of the host's mount");
	change_remedy(ret, "unmount %s on the host, or reboot, then apply again",
	              m->target);
}

/* Return: whether a mount is impossible, with the reason in *ret. */
static bool mount_diff_impossible(const struct mount *m, struct change *ret)
{
	if (m->mounted) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_IN_USE,
		           "%s is mounted there", m->what);
		change_remedy(ret, "unmount it, or choose another mount point");
	} else if (m->unsafe == -EROFS) {
		change_set(ret, STATE_FAILED, REASON_FAILED, "%s", m->unsafe_text);
		change_remedy(ret, "choose a mount point that exists or can be created");
	} else if (m->unsafe) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_UNSAFE, "%s",
		           m->unsafe_text);
		change_remedy(ret, "use a path without symbolic links");
	} else if (m->reach == HOST_REACH_NONE) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_NOT_SHARED,
		           "a mount made here would not be visible on the host");
		change_remedy(ret,
		              m->shared && *m->shared
		                      ? "choose a mount point below %s"
		                      : "run on the host, or in a container with shared "
		                        "mounts%s",
		              m->shared ? m->shared : "");
	} else if (m->elsewhere) {
		change_set(ret, STATE_REFUSED, REASON_MOUNTED_ELSEWHERE,
		           "%s is mounted at %s", m->r.spec.depends_on->seen.device,
		           m->elsewhere);
		change_remedy(ret, "unmount it there, or set `mount: %s`", m->elsewhere);
	}
	return ret->state != STATE_OK;
}

static void mount_differences(const struct resource *r, struct differences *ret)
{
	const struct mount *m = CONST_CONTAINER_OF(r, struct mount, r);

	if (!m->owned)
		difference_add(ret, NULL, mem_dup("not mounted"), mem_dup(r->spec.want));
	else
		difference_add(ret, mem_dup(" options"), mem_dup(m->now_options),
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
	else if (m->owned)
		diff_mounted(m, ret);
	else if (!r->spec.depends_on->seen.device)
		change_set(ret, STATE_PENDING, REASON_WAITS, "its file system is %s",
		           state_word(below->state));
	/* before waiting: no drive is formatted for a mount that is impossible */
	else if (mount_diff_impossible(m, ret))
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

	mem_set(&m->had_options, m->owned ? mem_dup(m->now_options) : NULL);
	if (m->owned) {
		flags = mount_options_flags(m->options, m->now_options);
		return host_mount_remount(h, m->target, flags, e);
	}
	code = host_mount_attach(h, r->spec.depends_on->seen.device, m->target, FSTYPE,
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
		return host_mount_detach(h, m->target, e);
	flags = mount_options_exactly(m->had_options);
	return host_mount_remount(h, m->target, flags, e);
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

	mount_forget(m);
	free(m->binds);
	free(m->had_options);
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
