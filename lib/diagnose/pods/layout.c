/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/layout.h"

#include "base/macro.h"

#include <ctype.h>
#include <string.h>

#define HASH_LEN    32 /* of a static pod */
#define ID_LEN      (CONTAINER_ID_SIZE - 1)
#define VOLUMES     "/volumes/"
#define SUBPATHS    "/volume-subpaths/"
#define BELOW_A_CSI "/mount"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static size_t hex_length(const char *text, size_t max)
{
	size_t n = 0;

	while (n < max && is_hex(text[n]))
		n++;
	return n;
}

/* 8-4-4-4-12 digits, as in the API, or with "_" in names of systemd's units. */
static size_t uuid_length(const char *text)
{
	static const size_t parts[] = {8, 4, 4, 4, 12};
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (i > 0 && text[at] != '-' && text[at] != '_')
			return 0;
		at += i > 0;
		if (hex_length(text + at, parts[i]) < parts[i])
			return 0;
		at += parts[i];
	}
	return at;
}

size_t pod_uid_read(const char *text, char ret[POD_UID_SIZE])
{
	size_t len = uuid_length(text);

	if (len == 0 && hex_length(text, HASH_LEN) == HASH_LEN)
		len = HASH_LEN;
	if (isalnum((unsigned char)text[len]))
		len = 0;
	for (size_t i = 0; i < len; i++)
		ret[i] = (char)(text[i] == '_' ? '-' : text[i]);
	ret[len] = '\0';
	return len;
}

/* --- cgroups -------------------------------------------------------------------------
 */

/* "pod1234", "kubepods-burstable-pod1234.slice". */
static void read_pod(const char *part, size_t len, struct pod_cgroup *ret)
{
	for (size_t i = 0; i + 3 < len; i++)
		if (strncmp(part + i, "pod", 3) == 0 &&
		    pod_uid_read(part + i + 3, ret->uid) > 0)
			return;
}

/* "ID", "cri-containerd-ID.scope", "kubepods-pod1234.slice:cri-containerd:ID". */
static bool read_container(const char *part, size_t len, struct pod_cgroup *ret)
{
	static const char scope[] = ".scope", monitor[] = "conmon";
	size_t from;

	if (len > strlen(scope) &&
	    strncmp(part + len - strlen(scope), scope, strlen(scope)) == 0)
		len -= strlen(scope);
	from = len < ID_LEN ? len : len - ID_LEN;
	if (hex_length(part + from, ID_LEN) < ID_LEN || from + ID_LEN != len ||
	    (from > 0 && part[from - 1] != '-' && part[from - 1] != ':') ||
	    memmem(part, from, monitor, strlen(monitor)))
		return false;
	memcpy(ret->container, part + from, ID_LEN);
	ret->container[ID_LEN] = '\0';
	return true;
}

static bool read_line(const char *path, size_t len, struct pod_cgroup *ret)
{
	bool found = false;

	*ret = (struct pod_cgroup){0};
	for (size_t at = 0; at < len;) {
		const char *part = path + at;
		const char *end = memchr(part, '/', len - at);
		size_t n = end ? (size_t)(end - part) : len - at;

		at += n + 1;
		ret->depth += found && n > 0;
		if (!found)
			found = read_container(part, n, ret);
		if (!*ret->uid)
			read_pod(part, n, ret);
	}
	return found;
}

bool pod_cgroup_parse(const char *text, struct pod_cgroup *ret)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n"), skip = strcspn(line, ":") + 1;

		/* "5:memory:/kubepods/..." */
		if (skip < len)
			skip += strcspn(line + skip, ":") + 1;
		if (skip < len && read_line(line + skip, len - skip, ret))
			return true;
		line += len + (line[len] == '\n');
	}
	return false;
}

/* --- paths ---------------------------------------------------------------------------
 */

static void next_part(const char **rest, const char **ret, size_t *ret_len)
{
	*ret = *rest;
	*ret_len = strcspn(*rest, "/");
	*rest += *ret_len;
	if (**rest)
		(*rest)++;
}

static bool parse_volume(const char *rest, struct kubelet_path *ret)
{
	const char *tilde;

	next_part(&rest, &ret->plugin, &ret->plugin_len);
	next_part(&rest, &ret->name, &ret->name_len);
	tilde = memchr(ret->plugin, '~', ret->plugin_len);
	if (tilde) {
		ret->plugin_len -= (size_t)(tilde + 1 - ret->plugin);
		ret->plugin = tilde + 1;
	}
	/* a CSI driver mounts it one directory below */
	ret->whole = !*rest || strcmp(rest - 1, BELOW_A_CSI) == 0;
	return ret->plugin_len > 0 && ret->name_len > 0;
}

static bool parse_subpath(const char *rest, struct kubelet_path *ret)
{
	const char *ignored;
	size_t len;

	ret->plugin = "subpath";
	ret->plugin_len = strlen(ret->plugin);
	next_part(&rest, &ret->name, &ret->name_len);
	next_part(&rest, &ignored, &len);
	next_part(&rest, &ignored, &len);
	ret->whole = !*rest;
	return ret->name_len > 0 && len > 0;
}

bool kubelet_path_parse(const char *path, struct kubelet_path *ret)
{
	static const char pods[] = "/pods/";

	for (const char *p = path; (p = strstr(p, pods)); p++) {
		const char *rest = p + strlen(pods);

		*ret = (struct kubelet_path){0};
		rest += pod_uid_read(rest, ret->uid);
		if (*ret->uid && strncmp(rest, VOLUMES, strlen(VOLUMES)) == 0)
			return parse_volume(rest + strlen(VOLUMES), ret);
		if (*ret->uid && strncmp(rest, SUBPATHS, strlen(SUBPATHS)) == 0)
			return parse_subpath(rest + strlen(SUBPATHS), ret);
	}
	return false;
}

bool kubelet_path_is_generated(const struct kubelet_path *p)
{
	static const char *const plugins[] = {"secret", "configmap", "projected",
	                                      "downward-api"};

	for (size_t i = 0; i < ARRAY_SIZE(plugins); i++)
		if (strlen(plugins[i]) == p->plugin_len &&
		    strncmp(plugins[i], p->plugin, p->plugin_len) == 0)
			return true;
	return false;
}
