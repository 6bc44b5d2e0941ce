/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "baseline/compare_part.h"
#include "baseline/comparing.h"
#include "baseline/part.h"
#include "doc/node.h"

#include <string.h>

static void compare_limits(struct comparing *k, const struct node *was,
                           const struct node *now, const char *subject, const char *name)
{
	struct changed change = {.group = "limit", .subject = subject, .pod = name};
	_free_ char *containers = mem_format("%s containers", subject);
	const struct node *before = node_get(was, "containers");

	comparing_values(k, was, now, &change);
	change.subject = containers;
	if (before && before->type == NODE_MAP)
		comparing_values(k, before, node_get(now, "containers"), &change);
}

static const char *comparing_uid(const struct node *pod)
{
	const char *uid = comparing_text(node_get(pod, "uid"));

	return uid ? uid : "UID";
}

/* Its UID is another one after it was deleted: that is the remedy of some changes. */
static void note_uid(struct comparing *k, const struct node *was, const struct node *now,
                     const char *subject)
{
	const char *before = comparing_text(node_get(was, "uid"));
	const char *after = comparing_text(node_get(now, "uid"));

	if (before && after && strcmp(before, after) != 0)
		comparing_note(
			k, false, subject,
			"was deleted and created again since: its UID is %s, not %s",
			after, before);
}

static void compare_pod(struct comparing *k, const struct node *was,
                        const struct node *now, const char *name)
{
	_free_ char *subject = mem_format("pod %s", name);
	_free_ char *title = mem_format("pod %s mount", name);
	_free_ char *below = mem_format(PART_POD_MOUNTS "%s/", comparing_uid(now));
	_free_ char *limits = mem_format("%s limits", subject);
	_free_ char *mounts = mem_format("%s mounts", subject);
	const struct node *before = node_get(was, "limits"),
			  *after = node_get(now, "limits");
	uint64_t version, other;

	note_uid(k, was, now, subject);
	if (comparing_number(was, "cgroup_version", &version) &&
	    comparing_number(now, "cgroup_version", &other) && version != other)
		comparing_note(k, false, limits,
		               "the node uses version %u of cgroups, not %u",
		               (unsigned)other, (unsigned)version);
	else if (comparing_both(k, limits, before, after))
		compare_limits(k, before, after, subject, name);
	compare_dirty(k, node_get(was, "dirty"), node_get(now, "dirty"), subject, name);
	before = node_get(was, "mounts");
	after = node_get(now, "mounts");
	if (comparing_both(k, mounts, before, after))
		compare_mounts(k, before, after, &(struct mounts_of){title, below, true});
}

void compare_pods(struct comparing *k)
{
	const struct node *was, *now;

	if (!comparing_part(k, "pods", &was, &now))
		return;
	node_for_each (pod, was) {
		const struct node *other = node_get(now, pod->key);
		_free_ char *subject = mem_format("pod %s", pod->key);

		if (!comparing_both(k, subject, pod, other))
			continue;
		if (pod->type == NODE_MAP && other->type == NODE_MAP)
			compare_pod(k, pod, other, pod->key);
		else if (pod->type == NODE_MAP)
			comparing_add(k, &(struct changed){.group = "pod",
			                                   .key = "gone",
			                                   .subject = subject,
			                                   .pod = pod->key,
			                                   .was = "running"});
	}
}
