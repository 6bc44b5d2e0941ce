/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/server_exports.h"

#include "base/mem.h"
#include "diagnose/nfs/exports_node.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mounts.h"
#include "host/namespace/netns.h"
#include "host/namespace/process_root.h"
#include "host/process/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTS     "/etc/exports"
#define EXPORTS_DIR "/etc/exports.d"
#define SUFFIX      ".exports"
#define MOUNTD      "rpc.mountd"

#define FILE_MAX   65536
#define FILES_MAX  64
#define MOUNTS_MAX (4U << 20)
#define TIMEOUT_MS 5000

/* exports(5): other files in the directory are ignored. */
static bool is_exports_file(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return *name != '.' && len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

/* --- of the host's root ----------------------------------------------------------------
 */

static int add_host_file(const struct host *h, const char *path, struct nfs_exports *ret,
                         struct err *e)
{
	_free_ char *text = NULL;
	int r = host_file_read(h, path, FILE_MAX, &text, e);

	if (r == 0)
		nfs_exports_parse_file(text, path, ret);
	return r == -ENOENT ? 0 : r;
}

static int add_host_files(const struct host *h, struct nfs_exports *ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r = add_host_file(h, EXPORTS, ret, e);

	if (r == 0)
		r = host_file_list(h, EXPORTS_DIR, &names, e);
	for (size_t i = 0; r == 0 && names[i]; i++) {
		_free_ char *path = mem_format(EXPORTS_DIR "/%s", names[i]);

		if (is_exports_file(names[i]))
			r = add_host_file(h, path, ret, e);
	}
	return r == -ENOENT ? 0 : r;
}

/* --- of another mount namespace --------------------------------------------------------
 */

/* Runs in a child: the file system may be one that never answers. */
struct inside {
	const struct host *h;
	int pid;
};

static int add_file(const struct inside *in, const char *path, struct nfs_exports *ret,
                    struct err *e)
{
	_close_ int fd = host_process_open(in->h, in->pid, path, 0, e);
	_free_ char *text = NULL;
	_free_ char *where = mem_format("/proc/%d/root%s", in->pid, path);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	text = mem_new(FILE_MAX + 1, 1);
	while ((n = read(fd, text + len, FILE_MAX - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return err_errno(e, errno, "read %s", where);
	if (len == FILE_MAX)
		return err_set(e, -EFBIG, "%s: is too long", where);
	nfs_exports_parse_file(text, where, ret);
	return 0;
}

static int add_directory(const struct inside *in, struct nfs_exports *ret, struct err *e)
{
	int fd = host_process_open(in->h, in->pid, EXPORTS_DIR, O_DIRECTORY, e), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	unsigned n = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (!dir) {
		r = err_errno(e, errno, "read directory " EXPORTS_DIR);
		(void)close(fd);
		return r;
	}
	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		_free_ char *path = mem_format(EXPORTS_DIR "/%s", entry->d_name);

		if (!is_exports_file(entry->d_name))
			continue;
		r = n++ < FILES_MAX
		            ? add_file(in, path, ret, e)
		            : err_set(e, -E2BIG, EXPORTS_DIR ": has more than %d files",
		                      FILES_MAX);
	}
	if (r == 0 && errno)
		r = err_errno(e, errno, "read directory " EXPORTS_DIR);
	(void)closedir(dir);
	return r;
}

static int read_inside(void *arg, char *text, struct err *e)
{
	const struct inside *in = arg;
	_cleanup_(nfs_exports_done) struct nfs_exports exports = {0};
	_node_ struct node *list = NULL;
	_free_ char *json = NULL;
	int r = add_file(in, EXPORTS, &exports, e);

	if (r == 0)
		r = add_directory(in, &exports, e);
	if (r < 0)
		return r;
	list = nfs_exports_node(&exports);
	json = node_json_format(list, false);
	if (strlen(json) >= HOST_CHILD_TEXT_MAX)
		return err_set(e, -EFBIG, "too many exports");
	memcpy(text, json, strlen(json));
	return 0;
}

static int add_files_of(const struct host *h, int pid, struct nfs_exports *ret,
                        struct err *e)
{
	struct inside in = {.h = h, .pid = pid};
	_free_ char *text = NULL;
	_node_ struct node *list = NULL;
	int r = host_child_run(h, 0, TIMEOUT_MS, read_inside, &in, &text, e);

	if (r < 0)
		return r;
	list = node_json_parse(text, strlen(text), e);
	if (!list)
		return e->code;
	nfs_exports_take(list, ret);
	return 0;
}

/* --- where they lie --------------------------------------------------------------------
 */

/*
 * Set the mount of the exports from `from` on. One that two namespaces see on different
 * devices is unknown.
 */
static void set_mounts(struct nfs_exports *e, size_t from, const struct host_mounts *m,
                       bool again)
{
	for (size_t i = from; i < e->n; i++) {
		struct nfs_export *x = &e->list[i];
		const struct host_mount *at = host_mounts_holding(m, x->path);

		if (!at)
			continue;
		if (again && x->fstype &&
		    (x->major != at->major || x->minor != at->minor)) {
			mem_set(&x->fstype, NULL);
		} else if (!again || x->fstype) {
			mem_set(&x->fstype, mem_dup(at->fstype));
			x->major = at->major;
			x->minor = at->minor;
		}
	}
}

static int read_mounts_of(const struct host *h, int pid, struct host_mounts *ret,
                          struct err *e)
{
	_free_ char *path = mem_format("/proc/%d/mountinfo", pid), *text = NULL;
	int r = host_file_read(h, path, MOUNTS_MAX, &text, e);

	return r < 0 ? r : host_mounts_parse(text, path, ret, e);
}

/*
 * Add those of one mount namespace. The table's exports, `n_table` of them, get their
 * mount from the first one; `again`: this is another.
 */
static int add_namespace(const struct host *h, const struct host_process_root *root,
                         size_t n_table, bool again, struct nfs_exports *ret,
                         struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	size_t before = ret->n;
	struct nfs_exports table = {.list = ret->list, .n = n_table};
	int r = !root || root->hosts ? add_host_files(h, ret, e)
	                             : add_files_of(h, root->pid, ret, e);

	if (r < 0)
		return r;
	r = root ? read_mounts_of(h, root->pid, &mounts, e)
	         : host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);
	if (r < 0)
		return r;
	table.list = ret->list;
	set_mounts(&table, 0, &mounts, again);
	set_mounts(ret, before, &mounts, false);
	return 0;
}

static bool has_mountd(const struct host_process_roots *roots)
{
	for (size_t i = 0; i < roots->n; i++)
		if (strcmp(roots->list[i].name, MOUNTD) == 0)
			return true;
	return false;
}

char *nfs_server_exports(const struct host *h, const struct host_netns *ns,
                         struct nfs_exports *ret)
{
	_cleanup_(host_process_roots_done) struct host_process_roots roots = {0};
	size_t n_table = ret->n, done = 0;
	char *why = NULL;
	bool mountd;
	struct err e;
	int r = ns ? host_process_roots(h, ns, MOUNTD, &roots, &e) : 0;

	if (r < 0)
		return mem_dup(e.text);
	if (roots.n == 0 && add_namespace(h, NULL, n_table, false, ret, &e) < 0)
		why = mem_dup(e.text);
	mountd = has_mountd(&roots);
	for (size_t i = 0; i < roots.n; i++) {
		if (mountd && strcmp(roots.list[i].name, MOUNTD) != 0)
			continue;
		if (add_namespace(h, &roots.list[i], n_table, done++ > 0, ret, &e) < 0)
			mem_set(&why, mem_dup(e.text));
	}
	return why || mountd ? why : host_unseen_text(&roots.unseen);
}
