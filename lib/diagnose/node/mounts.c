/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/mounts.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/mount/mounts.h"
#include "storage/block/ephemeral.h"
#include "storage/mount/option.h"

#include <stdlib.h>
#include <string.h>

#define WHERE "/proc/1/mountinfo"

static bool is_local(const char *fstype)
{
	return strcmp(fstype, "xfs") == 0 || strcmp(fstype, "ext4") == 0;
}

static bool is_nfs(const char *fstype)
{
	return strcmp(fstype, "nfs") == 0 || strcmp(fstype, "nfs4") == 0;
}

/*
 * Hundreds of pods bind the same file system: a mount counts if no earlier one of its
 * device has the same options, and is visible as well.
 */
static bool was_before(const struct host_mounts *m, size_t i)
{
	const struct host_mount *at = &m->list[i];

	for (size_t j = 0; j < i; j++)
		if (m->list[j].major == at->major && m->list[j].minor == at->minor &&
		    strcmp(m->list[j].options, at->options) == 0 &&
		    host_mounts_visible(m, &m->list[j]))
			return true;
	return false;
}

/* "vers=4.2" in the options -> 4.2; 0: not there. */
static unsigned nfs_version(const char *options)
{
	static const char key[] = ",vers=";
	_free_ char *list = mem_format(",%s", options);
	const char *at = strstr(list, key);
	_free_ char *text = NULL;
	size_t len;

	if (!at)
		return 0;
	at += strlen(key);
	len = strcspn(at, ",");
	text = mem_format("%.*s%s", (int)len, at, memchr(at, '.', len) ? "" : ".0");
	return num_version(text);
}

static void add_option(struct measures *m, enum measure_id id,
                       const struct host_mount *at, const char *option)
{
	measure_add(m, id, at->target, mount_options_have(at->options, option), WHERE);
}

static void add_mount(struct diagnose_run *run, const struct host_mount *at)
{
	struct measures *m = &run->measures;
	unsigned version = is_nfs(at->fstype) ? nfs_version(at->options) : 0;
	struct err e = {0};
	int r;

	measure_add_text(m, MEASURE_MOUNT_TYPE, at->target, at->fstype, WHERE);
	if (version)
		measure_add(m, MEASURE_MOUNT_NFS, at->target, version, WHERE);
	if (is_nfs(at->fstype))
		return;
	add_option(m, MEASURE_MOUNT_NOATIME, at, "noatime");
	add_option(m, MEASURE_MOUNT_NODIRATIME, at, "nodiratime");
	add_option(m, MEASURE_MOUNT_RO, at, "ro");
	add_option(m, MEASURE_MOUNT_SYNC, at, "sync");
	add_option(m, MEASURE_MOUNT_DISCARD, at, "discard");
	r = disk_ephemeral(run->h, at->fstype, at->major, at->minor, NULL, &e);
	if (r < 0)
		measure_add_unread(m, MEASURE_MOUNT_EPHEMERAL, at->target, &e);
	else
		measure_add(m, MEASURE_MOUNT_EPHEMERAL, at->target, r, "/sys/block");
}

/* Of the mounts that cannot be listed. */
static void mounts_unread(struct diagnose_run *run, const struct err *e)
{
	static const enum measure_id ids[] = {
		MEASURE_MOUNT_TYPE,      MEASURE_MOUNT_NOATIME, MEASURE_MOUNT_NODIRATIME,
		MEASURE_MOUNT_RO,        MEASURE_MOUNT_SYNC,    MEASURE_MOUNT_DISCARD,
		MEASURE_MOUNT_EPHEMERAL, MEASURE_MOUNT_NFS};

	measure_add_unread_all(&run->measures, ids, ARRAY_SIZE(ids), "", e);
}

static void mounts_end(struct diagnose_run *run, void *first)
{
	_mounts_ struct host_mounts mounts = {0};
	struct err e;

	(void)first;
	if (host_mounts_read(run->h, HOST_MOUNTS_HOST, &mounts, &e) < 0) {
		mounts_unread(run, &e);
		return;
	}
	for (size_t i = 0; i < mounts.n; i++) {
		const struct host_mount *at = &mounts.list[i];

		if ((is_local(at->fstype) || is_nfs(at->fstype)) &&
		    host_mounts_visible(&mounts, at) && !was_before(&mounts, i))
			add_mount(run, at);
	}
}

const struct diagnose_source source_mounts = {
	.name = "mounts", .needs_host = true, .end = mounts_end};
