/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/task.h"

#include "base/macro.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parent of all kernel threads, visible only in the initial PID namespace. */
#define KTHREADD 2

bool task_parse(const char *text, struct task *ret)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	uint64_t user, system;
	size_t len;
	int parent;

	*ret = (struct task){.pid = (int)strtol(text, NULL, 10)};
	if (!name || !end || end <= name || ret->pid <= 0)
		return false;
	len = (size_t)(end - name) - 1;
	len = len < sizeof(ret->name) ? len : sizeof(ret->name) - 1;
	memcpy(ret->name, name + 1, len);
	/* state, parent, nine more, two times, six more, start */
	if (sscanf(end,
	           ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
	           " %*d %*d %*d %*d %*d %*d %" SCNu64,
	           &ret->state, &parent, &user, &system, &ret->start) != 5)
		return false;
	ret->ticks = user + system;
	ret->kernel = parent == KTHREADD;
	return true;
}

const char *task_kind(const struct task *t)
{
	static const char *const kinds[] = {
		"ksoftirqd", "nfsd", "kswapd",  "kworker", "kcompactd", "khugepaged",
		"xfsaild",   "jbd2", "kblockd", "lockd",   "kdmflush",  "khungtaskd"};

	if (!t->kernel)
		return NULL;
	if (strncmp(t->name, "kworker", 7) == 0 && strstr(t->name, "flush-"))
		return "writeback";
	/* "md127_raid0", not "mdadm" */
	if (strncmp(t->name, "md", 2) == 0 && strstr(t->name, "_raid"))
		return "md";
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *rest = t->name + strlen(kinds[i]);

		/* "kswapd0", "ksoftirqd/3", but not "nfsd4_callbacks" */
		if (strncmp(t->name, kinds[i], strlen(kinds[i])) == 0 &&
		    (*rest == '/' || !rest[strspn(rest, "0123456789")]))
			return kinds[i];
	}
	return NULL;
}
