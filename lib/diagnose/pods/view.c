/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/view.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/search.h"

#include <stdlib.h>
#include <string.h>

#define KUBELET_PLUGINS "/plugins/kubernetes.io/"

bool view_same_device(const struct host_mount *a, const struct host_mount *b)
{
	return a->major == b->major && a->minor == b->minor;
}

bool view_same(const struct host_mount *a, const struct host_mount *b)
{
	return view_same_device(a, b) && strcmp(a->root, b->root) == 0;
}

bool view_is_device(const struct host_mount *m)
{
	/* file systems with data whose device number belongs to no block device */
	static const char *const types[] = {"btrfs", "zfs",    "bcachefs", "nfs", "nfs4",
	                                    "ceph",  "lustre", "cifs",     "smb3"};

	if (m->major != 0)
		return true;
	for (size_t i = 0; m->fstype && i < ARRAY_SIZE(types); i++)
		if (strcmp(m->fstype, types[i]) == 0)
			return true;
	return false;
}

/* --- order ---------------------------------------------------------------------------
 */

static int compare_numbers(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static int compare_devices(const struct host_mount *x, const struct host_mount *y)
{
	int r = compare_numbers(x->major, y->major);

	return r ? r : compare_numbers(x->minor, y->minor);
}

static int compare_roots(const void *a, const void *b)
{
	const struct host_mount *x = *(const struct host_mount *const *)a,
				*y = *(const struct host_mount *const *)b;
	int r = compare_devices(x, y);

	r = r ? r : strcmp(x->root, y->root);
	return r ? r : (x > y) - (x < y);
}

static int compare_targets(const void *a, const void *b)
{
	const struct host_mount *x = *(const struct host_mount *const *)a,
				*y = *(const struct host_mount *const *)b;
	int r = strcmp(x->target, y->target);

	return r ? r : (x > y) - (x < y);
}

static int compare_directories(const void *a, const void *b)
{
	const struct view_entry *x = a, *y = b;
	int r = compare_devices(x->mount, y->mount);

	r = r ? r : strcmp(x->mount->root, y->mount->root);
	return r ? r : strcmp(x->volume->path.uid, y->volume->path.uid);
}

static int compare_entries(const void *a, const void *b)
{
	const struct view_entry *x = a, *y = b;
	int r = compare_directories(x, y);

	return r ? r : (x->mount > y->mount) - (x->mount < y->mount);
}

static void sort(const struct host_mount **list, size_t n,
                 int (*compare)(const void *a, const void *b))
{
	if (n > 0)
		qsort(list, n, sizeof(const struct host_mount *), compare);
}

/* --- building ------------------------------------------------------------------------
 */

/* What the runtimes and kubelet mount for containers, besides volumes. */
static bool is_of_runtime(const char *target)
{
	static const char *const dirs[] = {"/run/containerd/", "/var/lib/containerd/",
	                                   "/run/netns/", "/var/lib/docker/",
	                                   "/var/lib/containers/"};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (strncmp(target, dirs[i], strlen(dirs[i])) == 0)
			return true;
	return false;
}

static void split(struct view *v)
{
	struct kubelet_path path;

	for (size_t i = 0; i < v->mounts.n; i++) {
		const struct host_mount *m = &v->mounts.list[i];
		bool of_pod = kubelet_path_parse(m->target, &path);

		if (of_pod && path.whole && !kubelet_path_is_generated(&path))
			v->of_volumes[v->n_of_volumes++] = m;
		if (of_pod || is_of_runtime(m->target))
			continue;
		v->base[v->n_base++] = m;
		/* volumes come and go there while agents run that see the whole host */
		if (view_is_device(m) && !strstr(m->target, KUBELET_PLUGINS))
			v->devices[v->n_devices++] = m;
	}
}

static void add_volumes(struct view *v)
{
	for (size_t i = 0; i < v->n_of_volumes; i++) {
		const struct host_mount *const *at = &v->of_volumes[i];
		struct view_volume *volume =
			v->n_volumes > 0 ? &v->volumes[v->n_volumes - 1] : NULL;

		if (!volume || strcmp(volume->list[0]->target, (*at)->target) != 0) {
			volume = &v->volumes[v->n_volumes++];
			volume->list = at;
			(void)kubelet_path_parse((*at)->target, &volume->path);
			volume->top = host_mounts_at(&v->mounts, (*at)->target);
		}
		volume->n++;
		/* all are hidden by a mount above them: the last one is the best guess */
		if (!volume->top)
			volume->top = *at;
		v->entries[i] = (struct view_entry){*at, volume};
	}
}

void view_init(struct view *v, struct host_mounts *mounts)
{
	size_t n = mounts->n;

	*v = (struct view){.mounts = *mounts};
	*mounts = (struct host_mounts){0};
	v->base = mem_new(n, sizeof(const struct host_mount *));
	v->devices = mem_new(n, sizeof(const struct host_mount *));
	v->of_volumes = mem_new(n, sizeof(const struct host_mount *));
	split(v);
	v->volumes = mem_new(v->n_of_volumes, sizeof(*v->volumes));
	v->entries = mem_new(v->n_of_volumes, sizeof(*v->entries));
	sort(v->base, v->n_base, compare_roots);
	sort(v->devices, v->n_devices, compare_targets);
	sort(v->of_volumes, v->n_of_volumes, compare_targets);
	add_volumes(v);
	if (v->n_of_volumes > 0)
		qsort(v->entries, v->n_of_volumes, sizeof(*v->entries), compare_entries);
}

void view_done(struct view *v)
{
	free(v->base);
	free(v->devices);
	free(v->of_volumes);
	free(v->volumes);
	free(v->entries);
	host_mounts_done(&v->mounts);
	*v = (struct view){0};
}

/* --- searching -----------------------------------------------------------------------
 */

struct view_volume *view_volume_at(const struct view *v, const char *path)
{
	size_t low = 0, high = v->n_volumes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int r = strcmp(v->volumes[mid].list[0]->target, path);

		if (r == 0)
			return &v->volumes[mid];
		if (r < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct view_volume *view_volume_of(const struct view *v, const char *uid,
                                   const struct host_mount *m)
{
	struct view_volume of = {.path = {.plugin = NULL}};
	const struct view_entry key = {m, &of}, *found;

	memcpy(of.path.uid, uid, strnlen(uid, sizeof(of.path.uid) - 1));
	found = search_first(&key, v->entries, v->n_of_volumes, sizeof(*v->entries),
	                     compare_directories);
	return found ? found->volume : NULL;
}
