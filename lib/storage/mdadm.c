/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mdadm.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/process/capabilities.h"
#include "host/process/exec.h"
#include "storage/block/md.h"
#include "storage/block/probe.h"
#include "storage/block/scan.h"
#include "storage/block/wipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MDADM_TIMEOUT_MS 120000

static void mdadm_close_all(int *locks)
{
	for (size_t i = 0; locks[i] >= 0; i++)
		(void)close(locks[i]);
	free(locks);
}

static void close_allp(int **locks)
{
	if (*locks)
		mdadm_close_all(*locks);
}

#define _locks_ _cleanup_(close_allp)

static int *new_locks(size_t n)
{
	int *locks = mem_new(n + 1, sizeof(*locks));

	for (size_t i = 0; i <= n; i++)
		locks[i] = -1;
	return locks;
}

/* Run mdadm with `words`, then the host paths of `devices`. Both end with NULL. */
static int run_mdadm(struct host *h, const char *const words[],
                     const char *const devices[], struct err *e)
{
	_cleanup_(names_freep) char **argv = NULL;
	size_t n = 0, cap = 0;
	struct host_tool tool;
	int r = host_live_check(h, e);

	if (r == 0)
		/* it opens members by nodes that it makes */
		r = host_exec_find(h, "mdadm", CAPABILITY(SYS_ADMIN) | CAPABILITY(MKNOD),
		                   &tool, e);

	if (r < 0)
		return r;
	for (size_t i = 0; words[i]; i++) {
		argv = mem_grow(argv, &cap, n + 1, sizeof(*argv));
		argv[n++] = mem_dup(words[i]);
	}
	for (size_t i = 0; devices[i]; i++) {
		argv = mem_grow(argv, &cap, n + 1, sizeof(*argv));
		argv[n++] = mem_format("%s%s", tool.in_root ? "" : h->root, devices[i]);
	}
	argv = mem_grow(argv, &cap, n + 1, sizeof(*argv));
	argv[n] = NULL;
	return host_exec(h, &tool, (const char *const *)argv,
	                 deadline_earlier(h->deadline, deadline_in_ms(MDADM_TIMEOUT_MS)),
	                 NULL, e);
}

/* Device nodes of the members, NULL-terminated; the strings are borrowed. */
static const char **nodes_of(const struct array_members *m)
{
	const char **nodes = mem_new(m->n + 1, sizeof(*nodes));

	for (size_t i = 0; i < m->n; i++)
		nodes[i] = m->list[i].device;
	return nodes;
}

int array_stop(const char *device, struct host *h, struct err *e)
{
	static const char *const words[] = {"mdadm", "--stop", NULL};
	const char *const devices[] = {device, NULL};

	return run_mdadm(h, words, devices, e);
}

/*
 * Wipe the superblock of array `uuid` from a member that is blank otherwise. Return 0
 * also for a member without this superblock: it is not changed.
 */
static int clear_member(struct host *h, const struct disks *disks,
                        const struct array_member *member, const char *uuid,
                        struct err *e)
{
	const struct disk *d = disks_find(disks, member->device);
	_free_ char *id = d ? disk_id(d) : NULL;
	_cleanup_(md_done) struct md md = {0};
	_close_ int lock = -1;
	int r;

	if (!d || strcmp(id, member->id) != 0)
		return err_set(e, -ENODEV, "%s: is a different drive now",
		               member->device);
	lock = blk_lock(h, d, e);
	r = lock < 0 ? lock : md_read(h, d, &md, e);
	if (r <= 0 || strcmp(md.uuid, uuid) != 0)
		return r < 0 ? r : 0;
	r = md_is_blank(h, d, e);
	if (r == 0)
		r = err_set(e, -EBUSY, "%s: holds data now", member->device);
	return r < 0 ? r : disk_wipe_start(h, d, MD_SUPERBLOCK_END, e);
}

int array_clear(const struct array_members *m, const char *uuid, struct host *h,
                struct err *e)
{
	_disks_ struct disks disks = {0};
	int r = disks_read(h, &disks, e);

	for (size_t i = 0; r == 0 && i < m->n; i++)
		r = clear_member(h, &disks, &m->list[i], uuid, e);
	return r;
}

/* Seize all members. Return: 0 with their locks in `locks`, or -errno. */
static int claim_all(const struct disk_user *u, const struct array_members *m,
                     struct host *h, int *locks, enum reason *ret_reason, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct array_member *member = &m->list[i];

		locks[i] = disk_claim(u, h, member->device, member->id, member->wipe,
		                      ret_reason, e);
		if (locks[i] < 0)
			return locks[i];
	}
	return 0;
}

/* Wipe the members for which that was planned; `wiped`: those that were. */
static int wipe_all(const struct array_members *m, struct host *h, bool *ret_wiped,
                    struct buf *wiped, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct array_member *member = &m->list[i];
		_free_ char *name = mem_format("%s %s", member->name, member->serial);
		int r;

		if (!member->wipe)
			continue;
		*ret_wiped = true;
		r = disk_claim_wipe(h, member->device, member->id, e);
		if (r < 0)
			return r;
		buf_join(wiped, ", ", name);
	}
	return 0;
}

static int create(const char *name, const struct array_members *m, struct host *h,
                  char **ret_uuid, struct err *e)
{
	_free_ const char **nodes = nodes_of(m);
	_free_ char *path = mem_format("/dev/md/%s", name);
	_free_ char *name_is = mem_format("--name=%s", name);
	_free_ char *n_is = mem_format("--raid-devices=%zu", m->n);
	_free_ char *uuid_is = NULL;

	mem_set(ret_uuid, md_new_uuid());
	uuid_is = mem_format("--uuid=%s", *ret_uuid);
	/* never --force or --run: mdadm must stop where it would ask */
	const char *const words[] = {"mdadm",
	                             "--create",
	                             path,
	                             "--homehost=any",
	                             "--level=0",
	                             "--chunk=" ARRAY_CHUNK_KIB,
	                             "--metadata=1.2",
	                             name_is,
	                             uuid_is,
	                             n_is,
	                             NULL};

	return run_mdadm(h, words, nodes, e);
}

/* No drive is wiped before all are claimed: one that is in use now costs no data. */
int array_create(const struct disk_user *u, const char *name,
                 const struct array_members *m, struct host *h, char **ret_uuid,
                 bool *ret_wiped, enum reason *ret_reason, struct err *e)
{
	_locks_ int *locks = new_locks(m->n);
	_buf_ struct buf wiped = {0};
	int r = claim_all(u, m, h, locks, ret_reason, e);

	if (r == 0)
		r = wipe_all(m, h, ret_wiped, &wiped, e);
	if (r == 0)
		r = create(name, m, h, ret_uuid, e);
	return r < 0 && wiped.len ? err_hint(e, "already wiped: %s", wiped.text) : r;
}

/*
 * Stop arrays without members: a killed mdadm leaves them behind. Otherwise mdadm
 * --assemble reuses one of them: it stops the array, then assembles it. But a stopped
 * array cannot be opened until its last user has closed it (md_clean() in
 * drivers/md/md.c keeps MD_CLOSING since Linux 6.9, and in 6.1 and 6.6). The array would
 * run, but be unusable until the next boot.
 */
static void stop_empty(struct host *h)
{
	_disks_ struct disks disks = {0};
	struct err ignored; /* if an array is in use after all, mdadm reports it */

	if (disks_read(h, &disks, &ignored) < 0)
		return;
	for (size_t i = 0; i < disks.n; i++) {
		const struct disk *d = &disks.list[i];

		if (d->array && !d->active && !*d->members && d->use != DISK_UNREADABLE)
			(void)array_stop(d->device, h, &ignored);
	}
}

int array_assemble(const char *name, const struct array_members *m, struct host *h,
                   struct err *e)
{
	_free_ const char **nodes = nodes_of(m);
	_free_ char *path = mem_format("/dev/md/%s", name);
	_free_ char *uuid_is = mem_format("--uuid=%s", m->uuid);
	const char *const words[] = {"mdadm",          "--assemble", path,
	                             "--homehost=any", uuid_is,      NULL};

	stop_empty(h);
	return run_mdadm(h, words, nodes, e);
}

int array_is_used(const char *device, const struct host *h, struct err *e)
{
	_disks_ struct disks disks = {0};
	_blk_ struct blk b = {0};
	const struct disk *d;
	int r = disks_read(h, &disks, e);

	d = r == 0 ? disks_find(&disks, device) : NULL;
	if (r == 0 && d)
		r = blk_probe(h, d, &b, e);
	return r < 0 ? r : d && (b.content != BLK_BLANK || b.busy || d->in_use);
}
