/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Chosen pods, found without the API of Kubernetes: the kubelet keeps the logs of a pod
 * in /var/log/pods/NAMESPACE_NAME_UID, and no part of that contains "_".
 */
#include "base/mem.h"
#include "baseline/baseline.h"
#include "baseline/cgroup.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/file.h"

#include <errno.h>
#include <string.h>

#define LOGS "/var/log/pods"

/* A UID has hexadecimal digits and hyphens; that of a static pod is a hash. */
static bool is_uid(const char *text)
{
	size_t len = strlen(text);

	return (len == 36 || len == 32) && !text[strspn(text, "0123456789abcdef-")];
}

const char *baseline_pod_fault(const char *name)
{
	const char *slash = strchr(name, '/');
	const char *allowed = "abcdefghijklmnopqrstuvwxyz0123456789-./";

	if (is_uid(name))
		return NULL;
	if (!slash || slash == name || !slash[1] || strchr(slash + 1, '/'))
		return "is neither NAMESPACE/NAME nor the UID of a pod";
	if (name[strspn(name, allowed)] || strlen(name) > 63 + 1 + 253)
		return "cannot be the name of a pod";
	return NULL;
}

/* "default_web-0_1234-..." of the pod "default/web-0", or of that UID. */
static const char *uid_in(const char *directory, const char *name)
{
	const char *at = strrchr(directory, '_'), *slash = strchr(name, '/');
	size_t space = slash ? (size_t)(slash - name) : 0, len = strlen(name);

	if (!at || !is_uid(at + 1))
		return NULL;
	if (!slash)
		return strcmp(at + 1, name) == 0 ? at + 1 : NULL;
	if ((size_t)(at - directory) != len || strncmp(directory, name, space) != 0 ||
	    directory[space] != '_' ||
	    strncmp(directory + space + 1, slash + 1, len - space - 1) != 0)
		return NULL;
	return at + 1;
}

/* Read one pod: its cgroup decides whether it runs. */
static struct node *pod_node(const struct baseline_source *s, const char *uid,
                             const struct cgroup *c)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "uid", uid);
	part_set_number(n, "cgroup_version", c->v1 ? 1 : 2);
	node_set(n, "limits", cgroup_limits(s, c));
	node_set(n, "dirty", cgroup_dirty(s, c));
	node_set(n, "mounts", part_pod_mounts(s, uid));
	return n;
}

/* Return: NULL if no pod with that UID runs; missing: whether it does is unknown. */
static struct node *running_pod(const struct baseline_source *s, const char *uid)
{
	_cleanup_(cgroup_done) struct cgroup c = {0};
	struct err e = {0};
	int r = cgroup_find(s, uid, &c, &e);

	if (r == -ENOENT)
		return NULL;
	return r < 0 ? part_missing(e.text) : pod_node(s, uid, &c);
}

/* Logs of pods that were deleted may remain for a while. Null: it does not run here. */
static struct node *find_pod(const struct baseline_source *s, const char *name)
{
	_cleanup_(names_freep) char **logs = NULL;
	struct node *n = is_uid(name) ? running_pod(s, name) : NULL;
	struct err e = {0};

	if (n)
		return n;
	if (host_file_list(s->h, LOGS, &logs, &e) < 0)
		return is_uid(name) ? node_new_null() : part_missing(e.text);
	for (size_t i = 0; logs[i]; i++) {
		const char *uid = uid_in(logs[i], name);
		struct node *one = uid ? running_pod(s, uid) : NULL;

		if (!one)
			continue;
		node_free(n);
		n = one;
		if (!part_why_missing(n))
			break;
	}
	return n ? n : node_new_null();
}

struct node *part_pods(const struct baseline_source *s, const struct node *names)
{
	struct node *all = node_new(NODE_MAP);

	node_for_each (name, names)
		node_set(all, name->key, find_pod(s, name->key));
	return all;
}
