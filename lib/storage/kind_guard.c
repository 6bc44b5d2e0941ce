/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The directory of an item's mount point, below the mount: empty and immutable, so that
 * nothing can write to the root volume while the drive is not mounted. It concerns the
 * node without the drive most, so it depends on no other resource of its item.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/mount/mounts.h"
#include "host/process/capabilities.h"
#include "host/tree/below.h"
#include "resource/kinds.h"
#include "storage/mount/host_path.h"
#include "storage/per_drive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ON  "immutable"
#define OFF "not immutable"

struct guard {
	struct resource r;
	bool guard;
	char *target;

	struct host_below now, had;
	char *fstype; /* of the directory, if it has no such flag */
	char *unseen; /* why `now` is unknown for lack of a capability; NULL: it is not */
	char *unsafe; /* why nothing can be mounted there; NULL: it can */
};

static const struct field fields[] = {
	{.name = "guard",
         .type = FIELD_BOOL,
         .offset = offsetof(struct guard, guard),
         .doc = "true: keep the directory below the mount empty and immutable, so that "
                "nothing can write there while the drive is not mounted; false: not "
                "immutable"},
	{0},
};

static struct guard *guard_of(struct resource *r)
{
	return CONTAINER_OF(r, struct guard, r);
}

static bool guard_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	const struct node *guard = node_get(n, "guard"), *mount = node_get(n, "mount");
	struct guard *g = guard_of(r);

	fields_parse(fields, n, g, diag);
	if (!guard)
		return false;
	if (!mount)
		diag_error(diag, guard->at, "guard: requires mount");
	if (!mount || mount->type != NODE_SCALAR || host_path_fault(mount->text))
		return false;
	/* it depends on no drive, so nothing else stops it at "/mnt/{serial}" */
	if (per_drive_is_unexpanded(n))
		return false;
	g->target = mem_dup(mount->text);
	r->spec.want = mem_dup(g->guard ? ON : OFF);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static void guard_forget(struct guard *g)
{
	mem_set(&g->fstype, NULL);
	mem_set(&g->unseen, NULL);
	mem_set(&g->unsafe, NULL);
}

static int read_fstype(struct guard *g, const struct host *h, struct err *e)
{
	_free_ char *above =
		mem_dup_n(g->target, (size_t)(strrchr(g->target, '/') - g->target));
	_mounts_ struct host_mounts mounts = {0};
	int code = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);
	const struct host_mount *on =
		code < 0 ? NULL : host_mounts_holding(&mounts, *above ? above : "/");

	g->fstype = mem_dup(on ? on->fstype : "the file system");
	return code;
}

static int guard_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct guard *g = guard_of(r);
	int code;

	guard_forget(g);
	code = host_below_read(h, g->target, &g->now, e);
	if (code == -EPERM)
		g->unseen = mem_dup(e->text);
	else if (code == -ELOOP || code == -ENOTDIR)
		g->unsafe = mem_dup(e->text);
	else if (code < 0)
		return code;
	else if (g->now.there)
		r->seen.now = mem_dup(g->now.immutable ? ON : OFF);
	return code == 0 && !g->now.can_be_immutable ? read_fstype(g, h, e) : 0;
}

/* --- comparing -----------------------------------------------------------------------
 */

static void refuse_content(const struct guard *g, struct change *ret)
{
	const char *slash = strrchr(g->target, '/');

	change_set(ret, STATE_REFUSED, REASON_GUARD_NOT_EMPTY,
	           "the directory%s is not empty",
	           g->now.hidden ? " below the mount" : "");
	if (g->now.hidden)
		change_remedy(ret,
		              "mkdir /run/below; mount --bind %.*s /run/below; move away "
		              "what is in /run/below%s; umount /run/below",
		              slash == g->target ? 1 : (int)(slash - g->target),
		              g->target, slash);
	else
		change_remedy(ret, "move away what is in %s", g->target);
}

/* Return: whether the flag cannot be set, with the reason in *ret. */
static bool guard_diff_impossible(const struct guard *g, struct change *ret)
{
	if (g->guard && g->now.there && !g->now.empty) {
		refuse_content(g, ret);
	} else if (g->guard && !g->now.can_be_immutable) {
		change_set(ret, STATE_FAILED, REASON_GUARD_UNSUPPORTED,
		           "%s has no immutable flag", g->fstype);
		change_remedy(ret,
		              "choose a mount point on ext4 or XFS, or remove guard");
	}
	return ret->state != STATE_OK;
}

static void guard_diff_flag(const struct guard *g, struct change *ret)
{
	change_set(ret, STATE_DRIFT, g->guard ? REASON_NOT_GUARDED : REASON_GUARDED,
	           g->guard ? "anything can write to %s while nothing is mounted there"
	                    : "nothing can write to %s while nothing is mounted there",
	           g->target);
	if (!g->now.hidden)
		change_remedy(ret, "%schattr %ci %s",
		              g->now.there ? "" : "create the directory, then ",
		              g->guard ? '+' : '-', g->target);
}

static void guard_diff(const struct resource *r, struct change *ret)
{
	const struct guard *g = CONST_CONTAINER_OF(r, struct guard, r);

	if (g->unsafe) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_UNSAFE, "%s", g->unsafe);
		change_remedy(ret, "use a path without symbolic links");
	} else if (g->unseen) {
		change_set(ret, STATE_PENDING, REASON_CAPABILITY_MISSING, "%s",
		           g->unseen);
		change_remedy(ret,
		              "run hosttune on the host, or in a privileged container");
	} else if (guard_diff_impossible(g, ret) || g->now.immutable == g->guard) {
		return;
	} else if (g->now.may_set) {
		guard_diff_flag(g, ret);
	} else {
		change_set(ret, STATE_PENDING, REASON_CAPABILITY_MISSING,
		           "is %s; changing that needs CAP_LINUX_IMMUTABLE",
		           r->seen.now ? r->seen.now : "absent");
		change_remedy(ret,
		              "run hosttune on the host, or in a privileged container");
	}
}

/* --- changing ------------------------------------------------------------------------
 */

static int guard_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct guard *g = guard_of(r);
	int code;

	g->had = g->now;
	code = g->now.there ? 0 : host_file_mkdir(h, g->target, 0755, e);
	if (code >= 0)
		code = host_below_set_immutable(h, g->target, g->guard, e);
	if (code == -EOPNOTSUPP || code == -ENOTTY)
		*ret_reason = REASON_GUARD_UNSUPPORTED;
	return code;
}

static int guard_revert(struct resource *r, struct host *h, struct err *e)
{
	const struct guard *g = guard_of(r);
	struct host_below now;
	int code = host_below_read(h, g->target, &now, e);

	if (code == 0 && now.immutable != g->had.immutable)
		code = host_below_set_immutable(h, g->target, g->had.immutable, e);
	if (code == 0 && now.there && !g->had.there)
		code = host_below_remove(h, g->target, e);
	return code;
}

/* The kind mount captures it together with the mount point. */
static bool guard_capture(const struct resource *r, const struct host *h,
                          struct node *section, struct diagnostics *diag)
{
	(void)r;
	(void)h;
	(void)section;
	(void)diag;
	return true;
}

static void guard_done(struct resource *r)
{
	struct guard *g = guard_of(r);

	guard_forget(g);
	free(g->target);
}

/* Looking below the mount; and the flag, of which it also reports whether it can be set.
 */
static uint64_t guard_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return CAPABILITY(SYS_ADMIN) | CAPABILITY(LINUX_IMMUTABLE);
}

const struct kind kind_guard = {
	.name = "guard",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.flags = KIND_APART,
	.size = sizeof(struct guard),
	.parse = guard_parse,
	.observe = guard_observe,
	.diff = guard_diff,
	.capabilities = guard_capabilities,
	.apply = guard_apply,
	.revert = guard_revert,
	.stays = "storage is never undone",
	.capture = guard_capture,
	.done = guard_done,
};
