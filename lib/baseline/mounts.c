/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mounts of drives and of the network. Those of the kernel and in memory do not matter
 * for copies, and those of pods and containers come and go: a pod's own are with the pod.
 */
#include "base/mem.h"
#include "base/text/words.h"
#include "baseline/filesystem.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "storage/block/attribute.h"

#include <stdlib.h>
#include <string.h>

/* Below these, mounts belong to containers and pods. */
static const char *const transient[] = {
	PART_POD_MOUNTS,        "/var/lib/kubelet/plugins/", "/var/lib/containerd/",
	"/var/lib/containers/", "/var/lib/docker/",          "/run/",
	"/.bottlerocket/",
};

/* File systems that have data, but no block device in the mount table. */
static const char network[] = "nfs nfs4 cifs smb3 ceph lustre glusterfs fuse.glusterfs "
			      "9p virtiofs zfs btrfs bcachefs fuse.s3fs fuse.mount-s3";

static bool is_transient(const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(transient); i++)
		if (strncmp(target, transient[i], strlen(transient[i])) == 0)
			return true;
	return false;
}

static bool has_data(const struct host_mount *m)
{
	return m->major > 0 || words_have(network, ' ', m->fstype);
}

/* A file system over the network may not answer: only those of drives are asked. */
static bool is_local(const struct host_mount *m)
{
	return m->major > 0 || strcmp(m->fstype, "btrfs") == 0 ||
	       strcmp(m->fstype, "zfs") == 0;
}

static const char *propagation(const struct host_mount *m)
{
	if (m->peers && m->master)
		return "shared and slave";
	if (m->peers)
		return "shared";
	return m->master ? "slave" : "private";
}

static struct node *mount_device(const struct baseline_source *s,
                                 const struct host_mount *m)
{
	struct attributes a = {.h = s->h};
	_free_ char *device =
		m->major > 0 ? part_device(s, &a, m->major, m->minor) : NULL;
	_free_ char *unknown = device ? NULL : mem_dup(a.fault);

	free(a.fault);
	if (unknown)
		return part_missing(unknown);
	return node_new_text(device ? device : m->source ? m->source : "unknown");
}

/* How many mounts have this mount point. */
static size_t count_at(const struct host_mounts *list, const char *target)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += strcmp(list->list[i].target, target) == 0;
	return n;
}

static struct node *mount_node(const struct baseline_source *s,
                               const struct host_mount *m)
{
	struct node *n = node_new(NODE_MAP);

	node_set(n, "device", mount_device(s, m));
	node_set_text(n, "directory", m->root);
	node_set_text(n, "type", m->fstype);
	node_set_text(n, "options", m->options);
	node_set_text(n, "propagation", propagation(m));
	part_set_number(n, "stacked", count_at(&s->mounts, m->target));
	if (is_local(m))
		node_set(n, "filesystem", filesystem_read(s->h, m));
	return n;
}

/* Add the mounts below `below` (NULL: those of the host), without that part. */
static struct node *mounts_below(const struct baseline_source *s, const char *below)
{
	struct node *all = node_new(NODE_MAP);
	size_t len = below ? strlen(below) : 0;

	for (size_t i = 0; i < s->mounts.n; i++) {
		const struct host_mount *m = &s->mounts.list[i];
		bool mine = below ? strncmp(m->target, below, len) == 0
		                  : !is_transient(m->target);

		/* the visible one of several on one mount point */
		if (mine && has_data(m) && host_mounts_at(&s->mounts, m->target) == m)
			node_set(all, m->target + len, mount_node(s, m));
	}
	return all;
}

struct node *part_mounts(const struct baseline_source *s)
{
	if (s->mounts_code < 0)
		return part_missing(s->mounts_err.text);
	return mounts_below(s, NULL);
}

struct node *part_pod_mounts(const struct baseline_source *s, const char *uid)
{
	_free_ char *below = mem_format(PART_POD_MOUNTS "%s/", uid);

	if (s->mounts_code < 0)
		return part_missing(s->mounts_err.text);
	return mounts_below(s, below);
}
