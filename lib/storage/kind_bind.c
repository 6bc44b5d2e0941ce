/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A directory of the host that is moved to an item's file system. Its content lives below
 * the mount point, in a directory named as Bottlerocket's API names it, and that
 * directory is bound over the original. A bind never hides content that was not copied.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/ephemeral.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/mount/bind_copy.h"
#include "storage/mount/bind_path.h"
#include "storage/mount/bind_target.h"
#include "storage/mount/host_path.h"
#include "storage/mount/option.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct bind {
	struct resource r; /* its name is the directory */
	bool move;
	char *mount, *source;
	char *flags; /* mount flags in the item's options; "": none */

	struct bind_target now;
	char *had_options;     /* when apply() started; NULL: not bound */
	char *had_from;        /* ... and the directory that was bound */
	bool bound_by_api;     /* by apply() */
	struct bind_copy copy; /* by this run */
};

/* --- the profile ---------------------------------------------------------------------
 */

static const struct field fields[] = {
	{.name = "bind",
         .type = FIELD_EACH,
         .doc = "directories of the host to place on the file system, as bind mounts"},
	{.name = "move",
         .type = FIELD_BOOL,
         .offset = offsetof(struct bind, move),
         .doc = "true: copy the content of a directory there first; false (default): refuse "
                "a directory that is not empty"},
	{0},
};

static struct bind *bind_of(struct resource *r)
{
	return CONTAINER_OF(r, struct bind, r);
}

/* The mount flags in a list of options. */
static char *flags_of(const struct node *options)
{
	_buf_ struct buf list = {0};

	if (options && options->type == NODE_LIST)
		node_for_each (item, options)
			if (item->type == NODE_SCALAR)
				buf_join(&list, ",", item->text);
	return mount_options_flags(list.text ? list.text : "", "");
}

static bool bind_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	const struct node *mount = node_get(n, "mount");
	struct bind *b = bind_of(r);

	fields_parse(fields, n, b, diag);
	if (!mount || mount->type != NODE_SCALAR || host_path_fault(mount->text)) {
		/* kind_mount reports an invalid mount point */
		if (!mount)
			diag_error(diag, r->spec.at, "bind: requires mount");
		return false;
	}
	b->mount = mem_dup(mount->text);
	b->flags = flags_of(node_get(n, "options"));
	b->source = bind_path_source(b->mount, r->name);
	if (mount_options_have(b->flags, "ro"))
		diag_error(diag, r->spec.at,
		           "bind \"%s\": the file system is mounted read-only", r->name);
	bind_path_check(r->name, b->mount, r->spec.at, diag);
	r->spec.want = mem_format("%s%s%s", b->source, *b->flags ? " " : "", b->flags);
	r->spec.unique = mem_format("mount %s", r->name);
	return true;
}

static void bind_check_all(struct resource *const *list, size_t n,
                           const struct host_facts *facts, struct diagnostics *diag)
{
	(void)facts;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			bind_path_check_pair(list[i]->name, bind_of(list[i])->source,
			                     list[j]->name, bind_of(list[j])->source,
			                     list[i]->spec.at, diag);
}

/* --- looking -------------------------------------------------------------------------
 */

static bool is_up(const struct resource *r)
{
	enum state below = r->spec.depends_on->run.change.state;

	return !r->run.waits && (below == STATE_OK || below == STATE_CHANGED);
}

static struct bind_target_spec bind_spec(const struct resource *r)
{
	const struct bind *b = CONST_CONTAINER_OF(r, struct bind, r);

	return (struct bind_target_spec){
		.dir = r->name,
		.mount = b->mount,
		.source = is_up(r) ? b->source : NULL,
		.device = resource_device(r),
		.move = b->move,
	};
}

static int bind_observe(struct resource *r, const struct host *h, struct err *e)
{
	const struct bind_target_spec spec = bind_spec(r);
	struct bind *b = bind_of(r);
	int code;

	bind_target_done(&b->now);
	code = bind_target_probe(&spec, h, &b->now, e);
	if (code == 0 && b->now.mounted)
		r->seen.now = mem_format("%s %s", b->now.from, b->now.options);
	if (code == 0 && r->seen.now && b->copy.lost.sockets)
		mem_set(&r->seen.now,
		        mem_format("%s (%" PRIu64 " sockets were not copied)",
		                   r->seen.now, b->copy.lost.sockets));
	return code;
}

/* --- comparing -----------------------------------------------------------------------
 */

static void diff_bound(const struct bind *b, struct change *ret)
{
	_free_ char *missing = mount_options_missing(b->flags, b->now.options);
	const struct host_tree_labels *labels = &b->copy.lost.labels;

	if (!missing && labels->n)
		change_set(
			ret, STATE_OK, REASON_LABEL_DIFFERS,
			"the security policy does not let hosttune set labels: %" PRIu64
			" differ, the first is \"%s\", should be \"%s\"",
			labels->n, labels->now, labels->want);
	if (!missing)
		return;
	if (b->now.reach == HOST_REACH_SAME) {
		change_set(ret, STATE_DRIFT, REASON_OPTIONS_DIFFER, "bound without %s",
		           missing);
		change_remedy(ret, "mount -o remount,bind,%s %s", missing, b->r.name);
		return;
	}
	change_set(ret, STATE_FAILED, REASON_OPTIONS_DIFFER,
	           "bound without %s, but a container cannot change the flags of the "
	           "host's mount",
	           missing);
	change_remedy(ret, "mount -o remount,bind,%s %s on the host, or reboot", missing,
	              b->r.name);
}

static void bind_diff(const struct resource *r, struct change *ret)
{
	const struct bind *b = CONST_CONTAINER_OF(r, struct bind, r);
	const struct bind_target_spec spec = bind_spec(r);
	const struct change *below = &r->spec.depends_on->run.change;

	if (below->state == STATE_SKIPPED) {
		change_set(ret, STATE_SKIPPED, below->reason, "its drive is missing");
	} else if (b->now.owned) {
		diff_bound(b, ret);
	} else if (bind_target_refuse(&b->now, &spec, ret)) {
		return;
	} else if (!is_up(r)) {
		change_set(ret, STATE_PENDING, REASON_WAITS, "%s is not mounted yet",
		           b->mount);
	} else {
		change_set(ret, STATE_DRIFT, REASON_NOT_BOUND, "is not on %s%s", b->mount,
		           b->now.to_copy ? "; its content would be copied" : "");
		change_remedy(ret, "mount --rbind %s %s", b->source, r->name);
	}
}

static void bind_differences(const struct resource *r, struct differences *ret)
{
	const struct bind *b = CONST_CONTAINER_OF(r, struct bind, r);

	if (!b->now.owned)
		difference_add(ret, NULL, mem_dup("not bound"), mem_dup(r->spec.want));
	else
		difference_add(ret, mem_dup(" options"), mem_dup(b->now.options),
		               mem_dup(b->flags));
}

/* --- binding -------------------------------------------------------------------------
 */

/* If the API's answer is lost, the host's mount table says whether it made the bind. */
static int bind_attach(struct bind *b, struct host *h, struct err *e)
{
	const char *dir = b->r.name;
	struct err ignored;
	int code;

	if (!b->now.by_api)
		return host_mount_bind(h, b->source, dir, e);
	code = api_ephemeral_bind(h, resource_device(&b->r), dir, e);
	if (code < 0 && code != -EREMOTEIO &&
	    host_mount_check_seen(h, b->source, dir, &ignored) == 0)
		return 0;
	return code;
}

/* The bind failed with `code`: remove the copy, or add to `e` that it stays. */
static int bind_withdraw(struct bind *b, struct host *h, int code, struct err *e)
{
	struct err why = {0};

	/* without the copy, an API that is still at work would bind an empty directory */
	if (b->now.by_api && code != -EREMOTEIO)
		return err_hint(e, "%s stays: the API may still bind it", b->source);
	if (bind_copy_drop(&b->copy, h, b->r.name, b->source, &why) < 0)
		return err_hint(e, "%s", why.text);
	return code;
}

static int bind_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                      struct err *e)
{
	struct bind *b = bind_of(r);
	_free_ char *flags = NULL;
	int code;

	mem_set(&b->had_options, b->now.owned ? mem_dup(b->now.options) : NULL);
	mem_set(&b->had_from, b->now.owned ? mem_dup(b->now.from) : NULL);
	if (b->now.owned) {
		flags = mount_options_flags(b->flags, b->now.options);
		return host_mount_remount(h, b->had_from, r->name, flags, e);
	}
	code = bind_copy_make(&b->copy, h, r->name, b->source, b->now.to_copy, e);
	if (code == -ENOSPC || code == -EDQUOT)
		*ret_reason = REASON_NO_SPACE;
	if (code < 0)
		return code;
	b->bound_by_api = b->now.by_api;
	code = bind_attach(b, h, e);
	if (code == -EREMOTEIO)
		*ret_reason = REASON_API_REFUSED;
	return code < 0 ? bind_withdraw(b, h, code, e) : 0;
}

static int bind_revert(struct resource *r, struct host *h, struct err *e)
{
	struct bind *b = bind_of(r);
	_free_ char *flags = NULL;
	int code;

	if (b->had_options) {
		flags = mount_options_exactly(b->had_options);
		return host_mount_remount(h, b->had_from, r->name, flags, e);
	}
	if (b->bound_by_api)
		return err_set(e, -EPERM,
		               "the Bottlerocket API bound %s and cannot unbind it",
		               r->name);
	code = host_mount_detach(h, b->source, r->name, e);
	return code < 0 ? code : bind_copy_drop(&b->copy, h, r->name, b->source, e);
}

static void bind_done(struct resource *r)
{
	struct bind *b = bind_of(r);

	bind_target_done(&b->now);
	free(b->mount);
	free(b->source);
	free(b->flags);
	free(b->had_options);
	free(b->had_from);
}

/* Mounts; and a copy with owners, modes, devices and attributes, over any quota. */
static uint64_t bind_capabilities(const char *name, bool acts)
{
	(void)name;
	return CAPABILITY(SYS_ADMIN) |
	       (acts ? CAPABILITY(SYS_CHROOT) | CAPABILITY(CHOWN) | CAPABILITY(FOWNER) |
	                        CAPABILITY(FSETID) | CAPABILITY(MKNOD) |
	                        CAPABILITY(SETFCAP) | CAPABILITY(SYS_RESOURCE)
	             : 0);
}

const struct kind kind_bind = {
	.name = "bind",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.each = "bind",
	.size = sizeof(struct bind),
	.parse = bind_parse,
	.check_all = bind_check_all,
	.observe = bind_observe,
	.diff = bind_diff,
	.capabilities = bind_capabilities,
	.differences = bind_differences,
	.apply = bind_apply,
	.revert = bind_revert,
	.stays = "storage is never undone",
	.done = bind_done,
};
