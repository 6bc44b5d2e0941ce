/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/form.h"

#include "base/mem.h"
#include "bottlerocket/setting.h"
#include "doc/node.h"

#include <arpa/inet.h>
#include <string.h>

/*
 * Recorded from the servers of core kit 3.1.1 and 12.3. The models are in
 * bottlerocket-settings-sdk, bottlerocket-settings-models/settings-extensions/: boot,
 * oci-defaults, container-registry (de.rs: a map of mirrors becomes a list), kubernetes
 * (de.rs: a taint's text becomes a list; KubernetesMemoryManagerPolicy has aliases;
 * IpAddr), dns and network (IpAddr).
 */
static const struct {
	const char *path[5]; /* "*": any segment */
	enum setting_form form;
} forms[] = {
	{{"kernel", "sysctl", "*"}, SETTING_SYSCTL},
	{{"boot", "kernel", "*"}, SETTING_BOOT},
	{{"boot", "init", "*"}, SETTING_BOOT},
	{{"oci-defaults", "resource-limits", "*", "*"}, SETTING_LIMIT},
	{{"container-registry", "mirrors", "*"}, SETTING_MIRROR},
	{{"kubernetes", "node-taints", "*"}, SETTING_TAINT},
	{{"kubernetes", "memory-manager-policy"}, SETTING_POLICY},
	{{"kubernetes", "cluster-dns-ip"}, SETTING_ADDRESS},
	{{"kubernetes", "node-ip"}, SETTING_ADDRESS},
	{{"dns", "name-servers"}, SETTING_ADDRESS},
	{{"network", "hosts"}, SETTING_ADDRESS},
};

/* Names that the server accepts, and the names it returns. */
static const struct {
	const char *top, *accepted, *returned;
} renamed[] = {
	{"boot", "kernel-parameters", "kernel"},
	{"boot", "init-parameters", "init"},
	{"container-registry", "creds", "credentials"},
};

static bool setting_form_fits(const char *const *pattern, const char *const *path,
                              size_t n)
{
	for (; *pattern && n > 0; pattern++, path++, n--)
		if (strcmp(*pattern, "*") != 0 && strcmp(*pattern, *path) != 0)
			return false;
	return !*pattern && n == 0;
}

static enum setting_form form_at(const char *const *path, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (setting_form_fits(forms[i].path, path, n))
			return forms[i].form;
	return SETTING_ANY;
}

enum setting_form setting_form_of(char **path)
{
	size_t n = 0;

	while (path[n])
		n++;
	for (size_t i = 0; n > 1 && i < ARRAY_SIZE(renamed); i++)
		if (strcmp(path[0], renamed[i].top) == 0 &&
		    strcmp(path[1], renamed[i].accepted) == 0)
			mem_set(&path[1], mem_dup(renamed[i].returned));
	return form_at((const char *const *)path, n);
}

/* --- values --------------------------------------------------------------------------
 */

static struct node *texts(struct node *value)
{
	struct node *list = value;

	if (value->type == NODE_SCALAR) {
		list = node_new(NODE_LIST);
		list->at = value->at;
		node_append(list, value);
	}
	node_for_each (item, list)
		item->plain = false;
	return list;
}

static void replace_text(struct node *value, const char *from, const char *to, bool plain)
{
	if (strcmp(value->text, from) != 0)
		return;
	mem_set(&value->text, mem_dup(to));
	value->plain = plain;
}

struct node *setting_form_value(enum setting_form form, struct node *value)
{
	if ((form == SETTING_BOOT || form == SETTING_TAINT) && value->type != NODE_MAP)
		return texts(value);
	if (value->type != NODE_SCALAR)
		return value;
	if (form == SETTING_SYSCTL)
		value->plain = false;
	if (form == SETTING_LIMIT)
		replace_text(value, "unlimited", "-1", true);
	if (form == SETTING_POLICY) {
		replace_text(value, "static", "Static", false);
		replace_text(value, "none", "None", false);
	}
	return value;
}

/* --- a map that the server stores as a list ------------------------------------------
 */

static struct node *find_mirror(const struct node *list, const char *registry)
{
	node_for_each (mirror, list) {
		const struct node *name = node_get(mirror, "registry");

		if (name && name->type == NODE_SCALAR &&
		    strcmp(name->text, registry) == 0)
			return mirror;
	}
	return NULL;
}

static void add_mirror(const char *registry, const struct node *endpoints,
                       const struct node *live, struct node *settings)
{
	const struct node *stored =
		node_get(node_get(live, "container-registry"), "mirrors");
	struct node *all = node_get_map(settings, "container-registry");
	struct node *list = node_get(all, "mirrors"), *mirror;

	if (!list || list->type != NODE_LIST) {
		list = stored && stored->type == NODE_LIST ? node_copy(stored)
		                                           : node_new(NODE_LIST);
		node_set(all, "mirrors", list);
	}
	mirror = find_mirror(list, registry);
	if (!mirror) {
		mirror = node_new(NODE_MAP);
		node_set_text(mirror, "registry", registry);
		node_append(list, mirror);
	}
	node_set(mirror, "endpoint", node_copy(endpoints));
}

void setting_form_add(enum setting_form form, char *const *path, const struct node *value,
                      const struct node *live, struct node *wanted)
{
	struct node *map = wanted;
	size_t i;

	if (form == SETTING_MIRROR) {
		add_mirror(path[2], value, live, wanted);
		return;
	}
	for (i = 0; path[i + 1]; i++)
		map = node_get_map(map, path[i]);
	node_set(map, path[i], node_copy(value));
}

/* --- comparing -----------------------------------------------------------------------
 */

static bool same_address(const struct node *wanted, const struct node *live)
{
	struct in6_addr a, b;

	return inet_pton(AF_INET6, wanted->text, &a) == 1 &&
	       inet_pton(AF_INET6, live->text, &b) == 1 && memcmp(&a, &b, sizeof(a)) == 0;
}

bool setting_form_same(const char *const *path, size_t n, const struct node *wanted,
                       const struct node *live)
{
	return setting_same_or(wanted, live,
	                       form_at(path, n) == SETTING_ADDRESS ? same_address : NULL);
}
