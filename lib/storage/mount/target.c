/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/target.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "host/block_device.h"
#include "host/mount/mount.h"
#include "resource/kind.h"
#include "storage/mount/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void mount_target_done(struct mount_target *t)
{
	free(t->what);
	free(t->options);
	free(t->elsewhere);
	free(t->others);
	free(t->unsafe_text);
	free(t->shared);
	*t = (struct mount_target){0};
}

static bool target_is_on(const struct host_mount *at, const struct block_device *dev)
{
	return dev->name && at->major == dev->major && at->minor == dev->minor;
}

/* Flags belong to a mount, not to the file system: other mounts have their own. */
static void probe_other(const struct mount_target_spec *spec, const struct host_mount *at,
                        struct mount_target *t, struct buf *others)
{
	_free_ char *flags =
		spec->options ? mount_options_flags(spec->options, "") : NULL;
	_free_ char *missing = flags ? mount_options_missing(flags, at->options) : NULL;
	_free_ char *text = NULL;

	if (!t->elsewhere && strcmp(at->root, "/") == 0)
		t->elsewhere = mem_dup(at->target);
	/* kind_bind checks the flags of the item's own */
	if (!missing || words_have(spec->binds, ' ', at->target))
		return;
	text = mem_format("%s without %s", at->target, missing);
	buf_join(others, ", ", text);
}

static void take_mounts(const struct mount_target_spec *spec,
                        const struct host_mounts *mounts, const struct block_device *dev,
                        struct mount_target *t)
{
	const struct host_mount *at = host_mounts_at(mounts, spec->target);
	_buf_ struct buf others = {0};
	bool whole;

	for (size_t i = 0; i < mounts->n; i++)
		if (&mounts->list[i] != at && target_is_on(&mounts->list[i], dev))
			probe_other(spec, &mounts->list[i], t, &others);
	if (others.len)
		t->others = buf_take(&others);
	if (!at)
		return;
	whole = strcmp(at->root, "/") == 0;
	t->mounted = true;
	t->owned = target_is_on(at, dev) && whole;
	t->what = mem_format("%s%s%s (%s)", at->source ? at->source : "none",
	                     whole ? "" : ", directory ", whole ? "" : at->root,
	                     at->fstype);
	t->options = mem_dup(at->options);
}

static int probe_mounts(const struct mount_target_spec *spec, const struct host *h,
                        struct mount_target *t, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	_block_device_ struct block_device dev = {0};
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);

	/* a device that does not exist yet is not mounted */
	if (r == 0 && spec->device)
		r = block_device_find(h, spec->device, &dev, e);
	if (r == -ENODEV)
		r = 0;
	if (r == 0)
		take_mounts(spec, &mounts, &dev, t);
	return r;
}

/* Find out whether anything can be mounted at the target. */
static int probe_path(const struct mount_target_spec *spec, const struct host *h,
                      struct mount_target *t, struct err *e)
{
	struct err found = {0};
	int r = host_mount_check_target(h, spec->target, &found);

	if (r == -ELOOP || r == -ENOTDIR || r == -EROFS) {
		t->unsafe = r;
		t->unsafe_text = mem_dup(found.text);
	} else if (r < 0 && r != -ENOENT) {
		*e = found;
		return r == -EACCES ? err_hint(e, "run as root") : r;
	}
	return host_mounts_reach(h, spec->target, &t->reach, &t->shared, e);
}

int mount_target_probe(const struct mount_target_spec *spec, const struct host *h,
                       struct mount_target *ret, struct err *e)
{
	int code;

	*ret = (struct mount_target){0};
	code = probe_mounts(spec, h, ret, e);
	return code < 0 ? code : probe_path(spec, h, ret, e);
}

bool mount_target_refuse(const struct mount_target *t, const char *device,
                         struct change *ret)
{
	if (t->mounted) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_IN_USE,
		           "%s is mounted there", t->what);
		change_remedy(ret, "unmount it, or choose another mount point");
	} else if (t->unsafe == -EROFS) {
		change_set(ret, STATE_FAILED, REASON_FAILED, "%s", t->unsafe_text);
		change_remedy(ret, "choose a mount point that exists or can be created");
	} else if (t->unsafe) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_UNSAFE, "%s",
		           t->unsafe_text);
		change_remedy(ret, "use a path without symbolic links");
	} else if (!host_reach_arrives(t->reach)) {
		change_set(ret, STATE_REFUSED, REASON_TARGET_NOT_SHARED,
		           "a mount made here would not be visible on the host");
		change_remedy(ret,
		              t->shared && *t->shared
		                      ? "choose a mount point below %s"
		                      : "run on the host, or in a container with shared "
		                        "mounts%s",
		              t->shared ? t->shared : "");
	} else if (t->elsewhere) {
		change_set(ret, STATE_REFUSED, REASON_MOUNTED_ELSEWHERE,
		           "%s is mounted at %s", device, t->elsewhere);
		change_remedy(ret, "unmount it there, or set `mount: %s`", t->elsewhere);
	}
	return ret->state != STATE_OK;
}
