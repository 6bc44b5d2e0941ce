/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/nfs.h"

#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/nfs/servers.h"
#include "host/host.h"
#include "storage/block/ephemeral.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define THREADS  "/proc/fs/nfsd/threads"
#define VERSIONS "/proc/fs/nfsd/versions"
#define CALLS    "/proc/net/rpc/nfsd"

/* "nfsd in net:[4026531840] (rpc.mountd)" */
static char *server_subject(const struct nfs_server *s)
{
	return mem_format("nfsd%s%s%s%s%s", *s->name ? " in " : "", s->name,
	                  *s->process ? " (" : "", s->process, *s->process ? ")" : "");
}

static void add_versions(struct measures *m, const char *subject,
                         const struct nfsd_server *s)
{
	if (s->versions_known)
		measure_add(m, MEASURE_NFSD_V3, subject, (s->versions & NFSD_V3) != 0,
		            VERSIONS);
	else
		measure_add_absent(m, MEASURE_NFSD_V3, subject,
		                   "the kernel does not report the versions");
}

/* Of a node with one server there is no need to name its namespace. */
static char *export_subject(const struct nfs_servers *all, const struct nfs_server *s,
                            const struct nfs_export *x)
{
	return all->n == 1 || !*s->name ? mem_dup(x->path)
	                                : mem_format("%s in %s", x->path, s->name);
}

static void add_ephemeral(struct diagnose_run *run, const char *subject,
                          const struct nfs_export *x)
{
	struct measures *m = &run->measures;
	_free_ char *drives = NULL;
	struct err e = {0};
	int r = x->fstype ? disk_ephemeral(run->h, x->fstype, x->major, x->minor, &drives,
	                                   &e)
	                  : err_set(&e, -ENODATA, "its mount is unknown");

	if (r < 0) {
		measure_add_unread(m, MEASURE_EXPORT_EPHEMERAL, subject, &e);
		measure_add_unread(m, MEASURE_EXPORT_DEVICE, subject, &e);
		return;
	}
	measure_add(m, MEASURE_EXPORT_EPHEMERAL, subject, r, "/proc/self/mountinfo");
	measure_add_text(m, MEASURE_EXPORT_DEVICE, subject, drives, "/sys/block");
}

static void add_exports(struct diagnose_run *run, const struct nfs_servers *all,
                        const struct nfs_server *s)
{
	struct measures *m = &run->measures;

	for (size_t i = 0; i < s->exports.n; i++) {
		const struct nfs_export *x = &s->exports.list[i];
		_free_ char *subject = export_subject(all, s, x);

		measure_add(m, MEASURE_EXPORT_SYNC, subject, x->sync, x->where);
		add_ephemeral(run, subject, x);
	}
}

static void add_one(struct diagnose_run *run, const struct nfs_servers *all,
                    const struct nfs_server *s)
{
	struct measures *m = &run->measures;
	_free_ char *subject = server_subject(s);

	measure_add(m, MEASURE_NFSD_THREADS, subject, s->state.threads, THREADS);
	add_versions(m, subject, &s->state);
	if (s->no_calls) {
		measure_add_absent(m, MEASURE_NFSD_V3_USED, subject, s->no_calls);
		measure_add_absent(m, MEASURE_NFSD_V3_CALLS, subject, s->no_calls);
		measure_add_absent(m, MEASURE_NFSD_V4_CALLS, subject, s->no_calls);
	} else {
		measure_add(m, MEASURE_NFSD_V3_USED, subject, s->v3_calls > 0, CALLS);
		measure_add(m, MEASURE_NFSD_V3_CALLS, subject, (int64_t)s->v3_calls,
		            CALLS);
		measure_add(m, MEASURE_NFSD_V4_CALLS, subject, (int64_t)s->v4_calls,
		            CALLS);
	}
	add_exports(run, all, s);
	if (s->no_exports) {
		unchecked_add(run->d, subject, s->no_exports);
		measure_add_absent(m, MEASURE_EXPORT_SYNC, subject, s->no_exports);
	}
}

/* Of the servers that cannot be found, and of what they export. */
static void servers_unread(struct diagnose_run *run, const struct err *e)
{
	static const enum measure_id ids[] = {
		MEASURE_NFSD_THREADS,     MEASURE_NFSD_V3,       MEASURE_NFSD_V3_USED,
		MEASURE_NFSD_V3_CALLS,    MEASURE_NFSD_V4_CALLS, MEASURE_EXPORT_SYNC,
		MEASURE_EXPORT_EPHEMERAL, MEASURE_EXPORT_DEVICE};

	measure_add_unread_all(&run->measures, ids, ARRAY_SIZE(ids), "", e);
}

static void nfs_end(struct diagnose_run *run, void *first)
{
	_cleanup_(nfs_servers_done) struct nfs_servers all = {0};
	struct err e;
	int r = nfs_servers_read(run->h, &all, &e);

	(void)first;
	if (r < 0) {
		servers_unread(run, &e);
		return;
	}
	for (size_t i = 0; i < all.n; i++)
		add_one(run, &all, &all.list[i]);
	if (all.incomplete)
		unchecked_add(run->d, "NFS servers", all.incomplete);
}

const struct diagnose_source source_nfs = {
	.name = "nfs", .needs_host = true, .expensive = true, .end = nfs_end};
