/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/option_check.h"

#include "base/mem.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "storage/mount/option_table.h"

#include <inttypes.h>
#include <string.h>

/* Ranges of the value after "=" of MOUNT_SIZED options. */
static const struct size {
	const char *name;
	uint64_t min, max;
	bool power_of_2;
} sizes[] = {
	{"allocsize", 4 << 10, 1 << 30, true},
	{"logbsize", 16 << 10, 256 << 10, true},
	{"logbufs", 2, 8, false},
};

static void mount_option_check_size(const struct size *s, const struct node *n,
                                    struct diagnostics *diag)
{
	const char *value = strchr(n->text, '=');
	int64_t size = value ? mount_option_size(value + 1, strlen(value + 1)) : -1;
	uint64_t unit = s->min >= 1024 ? 1024 : 1;
	const char *k = unit == 1 ? "" : "k";

	if (size >= 0 && (uint64_t)size >= s->min && (uint64_t)size <= s->max &&
	    !(s->power_of_2 && (size & (size - 1)) != 0))
		return;
	diag_error(diag, n->at,
	           "options \"%s\": %s must be %s from %" PRIu64 "%s to %" PRIu64 "%s",
	           n->text, s->name, s->power_of_2 ? "a power of two" : "a number",
	           s->min / unit, k, s->max / unit, k);
}

static void mount_option_check_value(const struct mount_option *o, const struct node *n,
                                     struct diagnostics *diag)
{
	for (size_t i = 0; o->show == MOUNT_SIZED && i < ARRAY_SIZE(sizes); i++)
		if (strcmp(sizes[i].name, o->name) == 0)
			mount_option_check_size(&sizes[i], n, diag);
	if (o->show != MOUNT_SIZED && strchr(n->text, '='))
		diag_error(diag, n->at, "options \"%s\": %s takes no value", n->text,
		           o->name);
}

static void mount_option_report_unknown(const struct node *n, struct diagnostics *diag)
{
	_free_ char *name = mem_dup_n(n->text, strcspn(n->text, "="));
	struct suggest near = {.typed = name};

	mount_option_suggest(&near);
	if (near.best)
		diag_error(diag, n->at,
		           "options \"%s\": not a mount option of XFS (did you mean "
		           "\"%s\"?)",
		           n->text, near.best);
	else
		diag_error(diag, n->at, "options \"%s\": not a mount option of XFS",
		           n->text);
}

/* The group "quota" (noquota) excludes "user quota" and the others. */
static bool contradict(const char *group, const char *other)
{
	return strcmp(group, other) == 0 ||
	       (strcmp(group, "quota") == 0 && strstr(other, " quota")) ||
	       (strcmp(other, "quota") == 0 && strstr(group, " quota"));
}

static void check_contradiction(const struct node *list, const struct node *n,
                                const struct mount_option *o, struct diagnostics *diag)
{
	node_for_each (before, list) {
		const struct mount_option *other = mount_option_find(before->text);

		if (before == n)
			return;
		if (other && contradict(other->group, o->group)) {
			diag_error(diag, n->at, "options \"%s\": contradicts \"%s\"",
			           n->text, before->text);
			return;
		}
	}
}

void mount_options_check(const struct node *n, struct diagnostics *diag)
{
	node_for_each (item, n) {
		const struct mount_option *o = mount_option_find(item->text);

		if (o) {
			mount_option_check_value(o, item, diag);
			check_contradiction(n, item, o, diag);
		} else {
			mount_option_report_unknown(item, diag);
		}
	}
}
