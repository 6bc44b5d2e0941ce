/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/open.h"

#include "base/mem.h"
#include "base/num.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/os_release.h"
#include "host/own_namespaces.h"
#include "host/own_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Of the manifest. */
#define HOST "host"

/*
 * A link in a captured tree could lead to the /proc of this machine. Return: 1; 0;
 * -errno: unknown.
 */
static int is_live(const struct host *h, struct err *e)
{
	_close_ int fd = openat(h->root_fd, "proc",
	                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return 0;
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return err_errno(e, errno, "inspect %s/proc", h->root);
	return fs.f_type == PROC_SUPER_MAGIC;
}

static char *root_name(const char *root)
{
	size_t len;

	if (!root)
		root = access(HOST_BOOTSTRAP_ROOT, F_OK) == 0 ? HOST_BOOTSTRAP_ROOT : "/";
	len = strlen(root);
	while (len > 0 && root[len - 1] == '/')
		len--;
	return mem_dup_n(root, len);
}

static char *read_release(const struct host *h)
{
	char *release = NULL;
	struct err ignored;
	struct utsname u;

	if (h->live && uname(&u) == 0)
		return mem_dup(u.release);
	return host_file_read_line(h, "/proc/sys/kernel/osrelease", &release, &ignored) ==
	                       0
	               ? release
	               : mem_dup("");
}

static int open_root(const char *root)
{
	return openat(AT_FDCWD, *root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

struct host_namespaces host_open_namespaces(const char *root)
{
	_free_ char *name = root_name(root);
	_close_ int fd = open_root(name);
	const struct host_namespaces unknown = {0};

	if (fd < 0)
		return unknown;
	return host_namespaces_compare(fd);
}

int host_open(struct host *h, const char *root, struct err *e)
{
	struct err ignored;
	int r;

	*h = (struct host){.root_fd = -1, .root = root_name(root)};
	h->root_fd = open_root(h->root);
	if (h->root_fd < 0) {
		(void)err_errno(e, errno, "host root \"%s\"", h->root);
		host_close(h);
		return e->code;
	}
	r = is_live(h, e);
	if (r < 0) {
		host_close(h);
		return r;
	}
	h->live = r > 0;
	if (h->live) {
		(void)!readlink("/proc/thread-self/ns/net", h->net, sizeof(h->net) - 1);
		h->other_netns = host_netns_is_hosts(h, &ignored) <= 0;
	}
	h->release = read_release(h);
	h->kernel = num_version(h->release);
	host_os_release_keep(h);
	return 0;
}

/* --- bundles --------------------------------------------------------------------------
 */

void host_describe(const struct host *h)
{
	struct node *n = bundle_part(h->record, HOST);

	node_set_text(n, "root", h->root);
	node_set_text(n, "kernel", h->release);
	node_set_text(n, "network_namespace", h->net);
	if (h->other_netns)
		node_set_text(n, "other_network_namespace", "true");
	node_set(n, "euid", node_new_uint(geteuid()));
	if (h->api_socket)
		node_set_text(n, "api_socket", h->api_socket);
	if (h->no_api)
		node_set_text(n, "no_api", h->no_api);
}

static const char *described(const struct bundle *b, const char *key)
{
	const struct node *n = node_get(node_get(b->manifest, HOST), key);

	return n && n->type == NODE_SCALAR ? n->text : NULL;
}

int host_open_bundle(struct host *h, struct bundle *b, struct err *e)
{
	const char *root = described(b, "root"), *release = described(b, "kernel");

	*h = (struct host){.root_fd = -1, .bundle = b};
	if (!root || !release)
		return err_set(e, -EBADMSG, "manifest.json: does not describe a host");
	h->root = mem_dup(root);
	h->release = mem_dup(release);
	h->kernel = num_version(release);
	h->api_socket = mem_dup(described(b, "api_socket"));
	h->no_api = described(b, "no_api");
	h->other_netns = described(b, "other_network_namespace") != NULL;
	if (described(b, "network_namespace"))
		(void)snprintf(h->net, sizeof(h->net), "%s",
		               described(b, "network_namespace"));
	return 0;
}

void host_close(struct host *h)
{
	if (h->root_fd >= 0)
		(void)close(h->root_fd);
	free(h->root);
	free(h->api_socket);
	free(h->release);
	free(h->os_release);
	bundle_free(h->bundle);
	*h = (struct host){.root_fd = -1};
}
