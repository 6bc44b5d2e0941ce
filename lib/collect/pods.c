/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/pods.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "collect/add.h"
#include "collect/mounts.h"
#include "diagnose/pods/container.h"
#include "diagnose/pods/name.h"
#include "diagnose/pods/spec.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Of all tables of mounts together: the rest of the bundle needs its room. */
#define TABLES_MAX (24U << 20)

/* --- names ---------------------------------------------------------------------------
 */

/* The names in the directory, and nothing of what they name. */
static void collect_names(const struct host *h, const char *dir)
{
	_cleanup_(names_freep) char **names = NULL;
	_free_ char *pattern = mem_format("%s/*", dir);
	const char *why;
	struct err e;
	int r = host_file_list(h, dir, &names, &e);

	collect_cover(h, pattern);
	if (r < 0 && r != -ENOENT)
		collect_failed(h, dir, &e, 0);
	if (r == 0)
		bundle_add(h->record, dir, NULL, 0);
	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *path = mem_format("%s/%s", dir, names[i]);

		/* notes that there is no room for it */
		if (collect_is_full(h, &why))
			collect_path(h, path);
		else
			bundle_add(h->record, path, NULL, 0);
	}
}

/* --- mounts --------------------------------------------------------------------------
 */

/* Return: the bytes of its table. */
static size_t collect_mounts(const struct host *h, const struct pod_container *c,
                             size_t left)
{
	_free_ char *text = NULL, *table = NULL, *path = NULL, *cgroup = NULL;
	size_t len = 0;
	struct err e;
	int pid = c->pids[0];
	int r = pod_container_mounts(h, c, &pid, &text, &e);

	if (r == -ESRCH)
		return 0;
	cgroup = mem_format("/proc/%d/cgroup", pid);
	collect_path(h, cgroup);
	/* that of process 1 is in each bundle */
	if (pid == 1)
		return 0;
	path = mem_format("/proc/%d/mountinfo", pid);
	table = r == 0 ? collect_mounts_reduce_all(text) : NULL;
	len = table ? strlen(table) : 0;
	if (table && len > left)
		r = err_set(&e, -ENODATA, "%s: the tables of mounts are too long", path);
	if (r < 0)
		collect_failed(h, path, &e, 0);
	else
		collect_text(h, path, TAKE_PTR(table));
	return r < 0 ? 0 : len;
}

/* Of what containerd was asked, no environment and no arguments. */
static void collect_spec(const struct host *h, const char *id)
{
	_free_ char *path = pod_spec_path(id);
	struct pod_spec spec;
	struct err e;
	int r = pod_spec_read(h, id, &spec, &e);

	if (r == 0)
		collect_text(h, path, pod_spec_format(&spec));
	else if (r != -ENOENT)
		collect_failed(h, path, &e, 0);
	pod_spec_done(&spec);
}

/* A process whose container is unknown, so that not all containers are known. */
static void collect_unread(const struct host *h, int pid, const struct err *why)
{
	_free_ char *dir = mem_format("/proc/%d", pid);
	_free_ char *path = mem_format("%s/cgroup", dir);

	bundle_add(h->record, dir, NULL, 0);
	collect_failed(h, path, why, 0);
}

static void collect_containers(const struct host *h)
{
	_pod_containers_ struct pod_containers containers = {0};
	_free_ char *spec = pod_spec_path("*");
	size_t bytes = 0;
	const char *why;
	struct err e;

	/* without a pattern they are unknown */
	if (pod_containers_list(h, &containers, &e) < 0)
		return;
	collect_cover(h, "/proc/*/cgroup");
	collect_cover(h, "/proc/*/mountinfo");
	collect_cover(h, spec);
	if (containers.unread > 0)
		collect_unread(h, containers.unread_pid, &containers.why);
	for (size_t i = 0; i < containers.n; i++) {
		if (collect_is_full(h, &why)) {
			(void)err_set(&e, -ENODATA, "%s", why);
			collect_unread(h, containers.list[i].pids[0], &e);
			return;
		}
		collect_spec(h, containers.list[i].id);
		bytes += collect_mounts(h, &containers.list[i], TABLES_MAX - bytes);
	}
}

void collect_pods(const struct host *h)
{
	collect_names(h, POD_LOGS_DIR);
	collect_names(h, CONTAINER_LOGS_DIR);
	collect_names(h, KUBELET_PODS_DIR);
	collect_containers(h);
}
