/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/name.h"

#include "base/mem.h"
#include "base/search.h"
#include "diagnose/pods/layout.h"
#include "host/file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Names in Kubernetes: no "_" and no "/", so that both can separate them. */
static bool is_name(const char *text, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

	return len > 0 && len <= 253 && strspn(text, allowed) >= len;
}

void pod_names_add(struct pod_names *n, const char *key, const char *namespace,
                   const char *pod, const char *container)
{
	if (!key || !namespace || !pod || !is_name(namespace, strlen(namespace)) ||
	    !is_name(pod, strlen(pod)))
		return;
	n->list = mem_grow(n->list, &n->cap, n->n, sizeof(*n->list));
	n->list[n->n++] = (struct pod_name){.key = mem_dup(key),
	                                    .pod = mem_format("%s/%s", namespace, pod),
	                                    .container = mem_dup(container)};
	n->sorted = false;
}

/* "default_web-0_UID" */
static void add_pod(struct pod_names *n, char *rest)
{
	char *namespace = strsep(&rest, "_"), *pod = strsep(&rest, "_");
	char uid[POD_UID_SIZE];

	if (rest && pod_uid_read(rest, uid) == strlen(rest) && *uid)
		pod_names_add(n, uid, namespace, pod, NULL);
}

/* "web-0_default_web-ID.log" */
static void add_container(struct pod_names *n, char *rest)
{
	static const char suffix[] = ".log";
	const size_t tail = CONTAINER_ID_SIZE + strlen(suffix);
	char *pod = strsep(&rest, "_"), *namespace = strsep(&rest, "_"), *id;
	size_t len = rest ? strlen(rest) : 0;

	if (len <= tail || strcmp(rest + len - strlen(suffix), suffix) != 0)
		return;
	rest[len - strlen(suffix)] = '\0';
	id = rest + len - tail;
	*id++ = '\0';
	if (is_name(rest, strlen(rest)))
		pod_names_add(n, id, namespace, pod, rest);
}

void pod_names_read(struct pod_names *n, const struct host *h)
{
	_cleanup_(names_freep) char **pods = NULL, **containers = NULL;
	struct err ignored;

	if (host_file_list(h, POD_LOGS_DIR, &pods, &ignored) == 0)
		for (size_t i = 0; pods[i]; i++)
			add_pod(n, pods[i]);
	if (host_file_list(h, CONTAINER_LOGS_DIR, &containers, &ignored) == 0)
		for (size_t i = 0; containers[i]; i++)
			add_container(n, containers[i]);
}

static int compare_keys(const void *a, const void *b)
{
	const struct pod_name *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* Logs of two pods can claim one UID. */
static int compare_names(const void *a, const void *b)
{
	const struct pod_name *x = a, *y = b;
	int r = compare_keys(x, y);

	r = r ? r : strcmp(x->pod, y->pod);
	return r ? r
	         : strcmp(x->container ? x->container : "",
	                  y->container ? y->container : "");
}

const struct pod_name *pod_names_find(struct pod_names *n, const char *key)
{
	const struct pod_name wanted = {.key = (char *)(uintptr_t)key};

	if (!n->sorted && n->n > 0)
		qsort(n->list, n->n, sizeof(*n->list), compare_names);
	n->sorted = true;
	return search_first(&wanted, n->list, n->n, sizeof(*n->list), compare_keys);
}

char *pod_names_pod(struct pod_names *n, const char *uid)
{
	const struct pod_name *found = pod_names_find(n, uid);

	return found ? mem_dup(found->pod) : mem_format("UID %s", uid);
}

void pod_names_done(struct pod_names *n)
{
	for (size_t i = 0; i < n->n; i++) {
		free(n->list[i].key);
		free(n->list[i].pod);
		free(n->list[i].container);
	}
	free(n->list);
	*n = (struct pod_names){0};
}
