/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/name.h"

#include "base/mem.h"
#include "diagnose/pods/layout.h"
#include "host/file.h"

#include <stdlib.h>
#include <string.h>

/* Names in Kubernetes: no "_" and no "/", so that both can separate them. */
static bool is_name(const char *text, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

	return len > 0 && len <= 253 && strspn(text, allowed) >= len;
}

void pod_names_add(struct pod_names *n, const char *uid, const char *namespace,
                   const char *name)
{
	if (!uid || !namespace || !name || !is_name(namespace, strlen(namespace)) ||
	    !is_name(name, strlen(name)))
		return;
	n->list = mem_grow(n->list, &n->cap, n->n, sizeof(*n->list));
	n->list[n->n++] =
		(struct pod_name){mem_dup(uid), mem_format("%s/%s", namespace, name)};
	n->sorted = false;
}

void pod_names_read(struct pod_names *n, const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	if (host_file_list(h, POD_LOGS_DIR, &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++) {
		char *rest = names[i], *namespace = strsep(&rest, "_"),
		     *name = strsep(&rest, "_");
		char uid[POD_UID_SIZE];

		if (rest && pod_uid_read(rest, uid) == strlen(rest) && *rest)
			pod_names_add(n, uid, namespace, name);
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct pod_name *x = a, *y = b;

	return strcmp(x->uid, y->uid);
}

char *pod_names_find(struct pod_names *n, const char *uid)
{
	struct pod_name key = {.uid = (char *)(uintptr_t)uid};
	const struct pod_name *found;

	if (!n->sorted && n->n > 0)
		qsort(n->list, n->n, sizeof(*n->list), compare_names);
	n->sorted = true;
	found = n->n > 0 ? bsearch(&key, n->list, n->n, sizeof(*n->list), compare_names)
	                 : NULL;
	return found ? mem_dup(found->name) : mem_format("UID %s", uid);
}

void pod_names_done(struct pod_names *n)
{
	for (size_t i = 0; i < n->n; i++) {
		free(n->list[i].uid);
		free(n->list[i].name);
	}
	free(n->list);
	*n = (struct pod_names){0};
}
