/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/bind_target.h"

#include "base/mem.h"
#include "bottlerocket/ephemeral.h"
#include "host/block_device.h"
#include "host/file.h"
#include "host/mount/mount.h"
#include "host/tree/tree.h"
#include "resource/kind.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Space that a copy needs per entry, beyond its content: an inode and a name. */
#define ENTRY_BYTES 1024

void bind_target_done(struct bind_target *d)
{
	free(d->from);
	free(d->options);
	free(d->below);
	free(d->unsafe);
	free(d->shared);
	free(d->no_api);
	free(d->too_large);
	*d = (struct bind_target){0};
}

/* --- what is mounted -----------------------------------------------------------------
 */

static bool bind_target_is_on(const struct bind_target_spec *spec, const struct host *h,
                              const struct host_mount *at)
{
	_block_device_ struct block_device dev = {0};
	struct err ignored;

	return spec->device && block_device_find(h, spec->device, &dev, &ignored) == 0 &&
	       at->major == dev.major && at->minor == dev.minor;
}

/* What the kernel appends to the root of a bind whose directory was removed. */
#define DELETED "//deleted"

static bool is_deleted(const struct host_mount *at)
{
	size_t len = strlen(at->root), end = strlen(DELETED);

	return len >= end && strcmp(at->root + len - end, DELETED) == 0;
}

static const char *first_below(const struct host_mounts *m, const char *dir)
{
	size_t len = strlen(dir);

	for (size_t i = 0; i < m->n; i++)
		if (strncmp(m->list[i].target, dir, len) == 0 &&
		    m->list[i].target[len] == '/')
			return m->list[i].target;
	return NULL;
}

static int probe_mounts(const struct bind_target_spec *spec, const struct host *h,
                        struct bind_target *d, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	int code = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);
	const struct host_mount *at;
	const char *below;

	if (code < 0)
		return code;
	at = host_mounts_at(&mounts, spec->dir);
	below = first_below(&mounts, spec->dir);
	if (below)
		d->below = mem_format("below it, at %s", below);
	if (!at)
		return 0;
	d->mounted = true;
	d->owned = bind_target_is_on(spec, h, at) && !is_deleted(at);
	d->options = mem_dup(at->options);
	if (d->owned)
		d->from = mem_format("%s%s", spec->mount,
		                     strcmp(at->root, "/") == 0 ? "" : at->root);
	else
		d->from = mem_format("%s%s (%s)",
		                     is_deleted(at) ? "a removed directory of " : "",
		                     at->source ? at->source : "none", at->fstype);
	return 0;
}

/* --- what it holds -------------------------------------------------------------------
 */

/* Set d->too_large if the content does not fit on the file system. */
static int measure(const struct bind_target_spec *spec, const struct host *h,
                   struct bind_target *d, struct err *e)
{
	struct host_tree_size size, room;
	uint64_t bytes;
	int code = host_tree_measure(h, spec->dir, &size, e);

	if (code == 0)
		code = host_tree_room(h, spec->mount, &room, e);
	if (code < 0)
		return code;
	bytes = size.bytes + size.entries * ENTRY_BYTES;
	if (bytes > room.bytes || size.entries > room.entries)
		d->too_large = mem_format("it holds %" PRIu64 " MiB in %" PRIu64
		                          " files, but %s has room for only "
		                          "%" PRIu64 " MiB in %" PRIu64 " files",
		                          bytes >> 20, size.entries, spec->mount,
		                          room.bytes >> 20, room.entries);
	return 0;
}

static int probe_content(const struct bind_target_spec *spec, const struct host *h,
                         struct bind_target *d, struct err *e)
{
	int code = host_tree_is_empty(h, spec->dir, e);

	if (code == -ENOENT)
		return 0;
	if (code < 0)
		return code;
	d->holds = code == 0;
	if (!d->holds || !spec->move)
		return 0;
	code = spec->source ? host_tree_is_empty(h, spec->source, e) : 1;
	if (code < 0 && code != -ENOENT)
		return code;
	d->to_copy = code != 0;
	if (d->to_copy)
		return spec->source ? measure(spec, h, d, e) : 0;
	/* what an earlier run copied is newer, if dir is still what it copied */
	code = host_tree_is_copied(h, spec->dir, spec->source, e);
	d->differs = code == 0;
	return code < 0 ? code : 0;
}

static int probe_dir(const struct bind_target_spec *spec, const struct host *h,
                     struct bind_target *d, struct err *e)
{
	struct err found = {0};
	int r = host_mount_check_target(h, spec->dir, &found);

	if (r == -ELOOP || r == -ENOTDIR || r == -EROFS) {
		d->unsafe = mem_dup(found.text);
		return 0;
	}
	if (r < 0 && r != -ENOENT) {
		*e = found;
		return r == -EACCES ? err_hint(e, "run as root") : r;
	}
	return probe_content(spec, h, d, e);
}

/* --- who can bind it -----------------------------------------------------------------
 */

static int probe_reach(const struct bind_target_spec *spec, const struct host *h,
                       struct bind_target *d, struct err *e)
{
	_block_device_ struct block_device dev = {0};
	struct err why = {0};
	bool exists = spec->device && block_device_find(h, spec->device, &dev, &why) == 0;
	int code = host_mounts_reach(h, spec->dir, &d->reach, &d->shared, e);

	if (code < 0 || host_reach_arrives(d->reach) || d->owned ||
	    strcmp(spec->mount, API_EPHEMERAL) != 0)
		return code;
	d->by_api = api_ephemeral_offers(h, exists ? spec->device : NULL, spec->dir,
	                                 &why) == 0;
	if (!d->by_api)
		d->no_api = mem_dup(why.text);
	return 0;
}

int bind_target_probe(const struct bind_target_spec *spec, const struct host *h,
                      struct bind_target *ret, struct err *e)
{
	int code;

	*ret = (struct bind_target){0};
	code = probe_mounts(spec, h, ret, e);
	if (code == 0)
		code = probe_reach(spec, h, ret, e);
	if (code == 0 && !ret->mounted && !ret->below)
		code = probe_dir(spec, h, ret, e);
	if (code == -EACCES || code == -EPERM)
		return err_hint(e, "run as root");
	return code;
}

/* --- why it cannot be bound ----------------------------------------------------------
 */

static void refuse_reach(const struct bind_target *now,
                         const struct bind_target_spec *spec, struct change *ret)
{
	bool there = strcmp(spec->mount, API_EPHEMERAL) == 0;
	const char *shared = now->shared ? now->shared : "";

	if (there && now->no_api) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_NOT_SHARED,
		           "a bind made here would not be visible on the host, and %s",
		           now->no_api);
		change_remedy(ret, "choose a directory below %s", shared);
		return;
	}
	change_set(ret, STATE_REFUSED, REASON_TARGET_NOT_SHARED,
	           "a bind made here would not be visible on the host");
	change_remedy(ret,
	              *shared ? "choose a directory below %s, or set "
	                        "`mount: " API_EPHEMERAL
	                        "` for directories that the Bottlerocket API binds"
	                      : "run on the host, or in a container with shared "
	                        "mounts%s",
	              shared);
}

bool bind_target_refuse(const struct bind_target *now,
                        const struct bind_target_spec *spec, struct change *ret)
{
	if (now->mounted || now->below) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_IN_USE, "%s is mounted %s",
		           now->mounted ? now->from : "a file system",
		           now->mounted ? "there" : now->below);
		change_remedy(ret, "unmount it, or remove the directory from `bind:`");
	} else if (now->unsafe) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_UNSAFE, "%s", now->unsafe);
		change_remedy(ret, "use the path of a directory, without symbolic links");
	} else if (!host_reach_arrives(now->reach) && !now->by_api) {
		refuse_reach(now, spec, ret);
	} else if (now->holds && !spec->move) {
		change_set(
			ret, STATE_REFUSED, REASON_TARGET_NOT_EMPTY,
			"the directory is not empty, and a bind would hide its content");
		change_remedy(
			ret,
			"set `move: true` to copy the content first, or empty the directory");
	} else if (now->differs) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_NOT_EMPTY,
		           "the directory changed after it was copied to %s, or was "
		           "never copied: a bind would hide its content",
		           spec->source);
		change_remedy(ret,
		              "move what you need from %s to %s and empty %s, or remove "
		              "%s, so that %s is copied again",
		              spec->dir, spec->source, spec->dir, spec->source,
		              spec->dir);
	} else if (now->too_large) {
		change_set(ret, STATE_FAILED, REASON_NO_SPACE, "%s", now->too_large);
		change_remedy(ret, "free up space, or remove the directory from `bind:`");
	}
	return ret->state != STATE_OK;
}
