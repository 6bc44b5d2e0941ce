/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/server.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"
#include "nfsd/files.h"
#include "nfsd/listen.h"
#include "nfsd/netlink.h"
#include "nfsd/state_node.h"
#include "nfsd/versions_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL_MODE  "/sys/module/sunrpc/parameters/pool_mode"
#define BLOCK_SIZE "max_block_size"

/* In a bundle, the answers of files. */
#define NFSD_FILE "nfsd-file"

/* Fits any message; machines have fewer CPUs, and therefore fewer pools. */
#define POOLS_MAX 2048

/*
 * Return: 1 if netlink answered; 0 if the kernel has no such family, or if the root is
 * captured: its kernel is not the one running here.
 */
static int ask_netlink(const struct host *h, struct nfsd_server *ret, bool *ret_listens,
                       struct err *e)
{
	int r = h->live ? nfsd_netlink_get(h, ret, ret_listens, e) : -ENOENT;

	return r == -ENOENT ? 0 : r < 0 ? r : 1;
}

/*
 * Check that a temporary private mount is safe: when the last mount goes away, the
 * kernel stops the server of this network namespace (nfsd_umount()). A server started
 * through files always has a mount. A server that netlink started, or gave sockets, may
 * have none.
 */
static int check_harmless(const struct host *h, struct err *e)
{
	struct nfsd_server now;
	bool listens;
	int r = nfsd_files_find_mount(h, e);

	if (r != 0)
		return r < 0 ? r : 0;
	r = ask_netlink(h, &now, &listens, e);
	if (r == 1 && (now.threads > 0 || listens))
		return err_set(e, -EBUSY,
		               "access to the nfsd file system could stop the running "
		               "NFS server (run on the host: mount -t nfsd nfsd "
		               "/proc/fs/nfsd)");
	return r < 0 ? r : 0;
}

/* Its error concerns only who asks for it: nfsd_server_check_pool_mode(). */
static void see_pool_mode(const struct host *h, struct nfsd_server *ret)
{
	_free_ char *mode = NULL;
	struct err kept_as_code;
	int r = host_file_read_line(h, POOL_MODE, &mode, &kept_as_code);

	if (r == 0)
		(void)snprintf(ret->pool_mode, sizeof(ret->pool_mode), "%s", mode);
	if (r == 0 && !*mode)
		r = -ENODATA;
	ret->pool_mode_error = r == -ENOENT ? 0 : r;
}

static int observe_server(const struct host *h, struct nfsd_server *ret, struct err *e)
{
	bool listens;
	int r = h->live ? nfsd_files_check(h, e) : 0;

	*ret = (struct nfsd_server){0};
	if (r == 0)
		r = ask_netlink(h, ret, &listens, e);
	if (r == 0)
		r = nfsd_files_get(h, ret, e);
	ret->moving = ret->min_threads > 0 && h->kernel < NUM_VERSION(7, 0);
	see_pool_mode(h, ret);
	return r < 0 ? r : 0;
}

int nfsd_server_observe(const struct host *h, struct nfsd_server *ret, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "nfsd", "", &known, e);

	*ret = (struct nfsd_server){0};
	if (r > 0)
		nfsd_state_take(known, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	r = observe_server(h, ret, e);
	return recorded_put(h, "nfsd", "", r, e,
	                    r == 0 && h->record ? nfsd_state_node(ret) : NULL);
}

static int read_nfsd_file(const struct host *h, const char *file, char **ret_text,
                          struct err *e)
{
	int r = check_harmless(h, e);

	if (r == 0)
		r = nfsd_files_read(h, &file, 1, ret_text, e);
	if (r == 0 && !*ret_text)
		r = err_set(e, -ENODATA, "nfsd's %s: is empty", file);
	return r;
}

int nfsd_server_read(const struct host *h, const char *file, char **ret_text,
                     struct err *e)
{
	return recorded_word(h, NFSD_FILE, file, read_nfsd_file, ret_text, e);
}

int nfsd_server_check_pool_mode(const struct nfsd_server *s, struct err *e)
{
	if (s->pool_mode_error == 0)
		return 0;
	return host_file_hint(err_errno(e, -s->pool_mode_error, "read " POOL_MODE), e);
}

int nfsd_server_read_block_size(const struct host *h, struct nfsd_server *s,
                                struct err *e)
{
	_free_ char *text = NULL;
	int r;

	if (s->max_block_size)
		return 0;
	r = nfsd_server_read(h, BLOCK_SIZE, &text, e);
	/* the file is not there, or empty; a bundle that lacks it says nothing */
	if (r == -ENODATA && (!h->bundle || recorded_has(h, NFSD_FILE, BLOCK_SIZE)))
		return 0;
	if (r == 0 && num_u64(text, &s->max_block_size) < 0)
		return err_set(e, -EIO, "nfsd's " BLOCK_SIZE ": \"%s\" is not a number",
		               text);
	return r;
}

/* --- a running server -------------------------------------------------------------- */

/* Divide the threads among the pools; the first pools get the remainder. */
static size_t nfsd_server_divide(unsigned threads, unsigned n, unsigned *pools)
{
	if (n == 0 || n > POOLS_MAX)
		n = 1;
	for (unsigned i = 0; i < n; i++)
		pools[i] = threads / n + (i < threads % n);
	return n;
}

/* Unlike "threads" and netlink, the file pool_threads does not start a server. */
static int write_threads(struct host *h, const unsigned *pools, size_t n, struct err *e)
{
	_buf_ struct buf text = {0};
	int r;

	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%s%u", i > 0 ? " " : "", pools[i]);
	r = nfsd_files_write(h, "pool_threads", text.text, e);
	if (r == -ENOENT && !h->live && n == 1)
		r = nfsd_files_write(h, "threads", text.text, e);
	return r;
}

/*
 * With netlink alone, a server that another process stops between our check and the write
 * is started again. This window is some microseconds long, and the kernel offers no way
 * to close it.
 */
int nfsd_server_set_threads(struct host *h, unsigned threads, unsigned min_threads,
                            struct err *e)
{
	unsigned pools[POOLS_MAX];
	struct nfsd_server now;
	size_t n;
	int r = nfsd_server_observe(h, &now, e);

	if (r < 0)
		return r;
	if (now.threads == 0)
		return err_set(e, -ESRCH, "no NFS server is running");
	n = nfsd_server_divide(threads, now.pools, pools);
	if (!now.has_min_threads)
		min_threads = 0;
	r = nfsd_files_find_mount(h, e);
	if (r < 0)
		return r;
	if (now.netlink && (min_threads > 0 || r == 0))
		return nfsd_netlink_set_threads(h, pools, n, min_threads, e);
	return write_threads(h, pools, n, e);
}

/* --- a stopped server -------------------------------------------------------------- */

int nfsd_server_set_versions(struct host *h, unsigned versions, struct err *e)
{
	struct nfsd_server now;
	_free_ char *text = NULL;
	int r = nfsd_server_observe(h, &now, e);

	if (r < 0)
		return r;
	if (versions & ~now.versions_known)
		return err_set(e, -EOPNOTSUPP,
		               "the kernel supports only some of the versions");
	if (now.netlink)
		return nfsd_netlink_set_versions(h, versions, e);
	text = nfsd_versions_file_format(versions, now.versions_known);
	return nfsd_files_write(h, "versions", text, e);
}

int nfsd_server_set_pool_mode(struct host *h, const char *mode, struct err *e)
{
	return host_file_write(h, POOL_MODE, mode, e);
}

int nfsd_server_set_max_block_size(struct host *h, uint64_t bytes, struct err *e)
{
	_free_ char *text = mem_format("%" PRIu64, bytes);
	int r = check_harmless(h, e);

	return r < 0 ? r : nfsd_files_write(h, BLOCK_SIZE, text, e);
}

static int start_netlink(struct host *h, unsigned threads, unsigned min_threads,
                         bool listens, struct err *e)
{
	struct err ignored;
	int r = listens ? 0 : nfsd_netlink_set_listeners(h, true, e);

	if (r == 0)
		r = nfsd_netlink_set_threads(h, &threads, 1, min_threads, e);
	if (r < 0 && !listens)
		(void)nfsd_netlink_set_listeners(h, false, &ignored);
	return r;
}

static int start_files(struct host *h, unsigned threads, struct err *e)
{
	_free_ char *text = mem_format("%u", threads);
	struct err ignored;
	int r = nfsd_listen(h, e);

	if (r == 0)
		return nfsd_files_write(h, "threads", text, e);
	/* close a socket that the kernel accepted before another one failed */
	(void)nfsd_files_write(h, "threads", "0", &ignored);
	return r;
}

/*
 * Mount permanently. The host's /proc/fs/nfsd does not serve another network namespace;
 * there netlink needs no mount.
 */
static int mount_to_stay(struct host *h, bool netlink, struct err *e)
{
	if (netlink && !nfsd_files_in_host_net(h))
		return 0;
	return nfsd_files_mount(h, e);
}

int nfsd_server_start(struct host *h, unsigned threads, unsigned min_threads,
                      struct err *e)
{
	bool listens = false, netlink, mounted;
	struct nfsd_server now;
	struct err ignored;
	int r = ask_netlink(h, &now, &listens, e);

	if (r < 0)
		return r;
	netlink = r == 1;
	r = mount_to_stay(h, netlink, e);
	if (r < 0)
		return r;
	mounted = r == 1;
	if (netlink)
		r = start_netlink(h, threads, now.has_min_threads ? min_threads : 0,
		                  listens, e);
	else
		r = start_files(h, threads, e);
	if (r < 0 && mounted)
		(void)nfsd_files_unmount(h, &ignored);
	return r < 0 ? r : mounted;
}

int nfsd_server_stop(struct host *h, bool mounted, struct err *e)
{
	static const unsigned none = 0;
	struct nfsd_server now;
	bool listens;
	int r = ask_netlink(h, &now, &listens, e);

	if (r == 1)
		r = nfsd_netlink_set_threads(h, &none, 1, 0, e);
	else if (r == 0)
		r = nfsd_files_write(h, "threads", "0", e);
	if (r == 0 && mounted)
		r = nfsd_files_unmount(h, e);
	return r;
}
