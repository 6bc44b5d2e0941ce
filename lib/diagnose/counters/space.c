/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How full the file systems of the host are, and which of them do not answer. */
#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/live.h"
#include "host/mount/mounts.h"
#include "host/process/child.h"
#include "host/recorded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define WHAT       "space"
#define TIMEOUT_MS 1000

/* After so many that do not answer, the others are not asked. */
#define HUNG_MAX        4
#define FILESYSTEMS_MAX 128

struct space {
	uint64_t blocks, free, available, files, files_free;
};

/* --- which ---------------------------------------------------------------------------
 */

/* A file system of a drive or of a server; pods have many of memory, which have limits.
 */
static bool is_asked(const struct host_mount *m)
{
	static const char remote[] = "nfs nfs4 cifs ceph lustre virtiofs 9p";
	static const char packed[] = "squashfs erofs iso9660 autofs";

	return !words_have(m->options, ',', "ro") &&
	       !words_have(packed, ' ', m->fstype) &&
	       (m->major > 0 || words_have(remote, ' ', m->fstype) ||
	        strncmp(m->fstype, "fuse", 4) == 0 || strcmp(m->fstype, "btrfs") == 0);
}

/* A path leads to what was mounted last: another one would answer for one below it. */
static bool can_answer(const struct host_mounts *all, const struct host_mount *m)
{
	return is_asked(m) && host_mounts_visible(all, m);
}

/* The first mount of each file system. */
static bool is_first(const struct host_mounts *all, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (all->list[j].major == all->list[i].major &&
		    all->list[j].minor == all->list[i].minor &&
		    can_answer(all, &all->list[j]))
			return false;
	return can_answer(all, &all->list[i]);
}

/* --- asking --------------------------------------------------------------------------
 */

/* In a child, which may hang: an NFS server that is gone, a frozen file system. */
static int ask_inside(void *arg, char *text, struct err *e)
{
	const struct host_mount *m = arg;
	struct statfs s;
	struct stat st;

	if (stat(m->target, &st) < 0 || statfs(m->target, &s) < 0)
		return err_errno(e, errno, "statfs %s", m->target);
	/* a mount of the host that this mount namespace does not have, or a later one */
	if (m->major > 0 && st.st_dev != makedev(m->major, m->minor))
		return err_set(e, -ENODEV, "%s: is another file system here", m->target);
	(void)snprintf(text, HOST_CHILD_TEXT_MAX,
	               "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
	               (uint64_t)s.f_blocks, (uint64_t)s.f_bfree, (uint64_t)s.f_bavail,
	               (uint64_t)s.f_files, (uint64_t)s.f_ffree);
	return 0;
}

static int space_ask(const struct host *h, struct host_mount *m, struct space *ret,
                     struct err *e)
{
	_free_ char *text = NULL;
	int r = host_live_check(h, e);

	if (r == 0)
		r = host_child_run(h, HOST_CHILD_CHROOT, TIMEOUT_MS, ask_inside, m, &text,
		                   e);
	if (r == 0 &&
	    sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
	           &ret->blocks, &ret->free, &ret->available, &ret->files,
	           &ret->files_free) != 5)
		return err_set(e, -EBADMSG, "%s: the answer cannot be parsed", m->target);
	return r;
}

static int space_read(const struct host *h, struct host_mount *m, struct space *ret,
                      struct err *e)
{
	const struct {
		const char *key;
		uint64_t *value;
	} keys[] = {{"blocks", &ret->blocks},
	            {"free", &ret->free},
	            {"available", &ret->available},
	            {"files", &ret->files},
	            {"files-free", &ret->files_free}};
	struct node *answer = NULL;
	const struct node *known;
	int r = recorded_get(h, WHAT, m->target, &known, e);

	*ret = (struct space){0};
	for (size_t i = 0; r > 0 && i < sizeof(keys) / sizeof(*keys); i++)
		*keys[i].value = recorded_number(known, keys[i].key, UINT64_MAX);
	if (r != 0)
		return r < 0 ? r : 0;
	r = space_ask(h, m, ret, e);
	if (r == 0 && h->record) {
		answer = node_new(NODE_MAP);
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			node_set(answer, keys[i].key, node_new_uint(*keys[i].value));
	}
	return recorded_put(h, WHAT, m->target, r, e, answer);
}

/* --- measures ------------------------------------------------------------------------
 */

/* Per cent, rounded up as df(1) does. */
static int64_t space_percent(uint64_t used, uint64_t left)
{
	double all = (double)used + (double)left, p = (double)used * 100.0 / all;

	return all > 0.0 ? (int64_t)p + ((double)(int64_t)p < p) : 0;
}

static void add_space(struct diagnose_run *run, const char *target, const struct space *s)
{
	uint64_t used = s->blocks > s->free ? s->blocks - s->free : 0;
	uint64_t files = s->files > s->files_free ? s->files - s->files_free : 0;

	measure_add(&run->measures, MEASURE_SPACE_USED, target,
	            space_percent(used, s->available), "statfs");
	measure_add(&run->measures, MEASURE_INODES_USED, target,
	            space_percent(files, s->files_free), "statfs");
}

static void space_unread(struct diagnose_run *run, const char *target,
                         const struct err *e)
{
	measure_add_unread(&run->measures, MEASURE_SPACE_USED, target, e);
	measure_add_unread(&run->measures, MEASURE_INODES_USED, target, e);
}

static void add_mount(struct diagnose_run *run, struct host_mount *m, size_t *hung)
{
	struct space space;
	struct err e = {0};
	int r = *hung < HUNG_MAX
	                ? space_read(run->h, m, &space, &e)
	                : err_set(&e, -ECANCELED, "not asked: %d others do not answer",
	                          HUNG_MAX);
	bool hangs = r == -ETIMEDOUT || r == -ETIME;

	*hung += hangs;
	if (r == 0)
		add_space(run, m->target, &space);
	if (r == 0 || hangs)
		measure_add(&run->measures, MEASURE_HUNG, m->target, hangs, "statfs");
	else
		measure_add_unread(&run->measures, MEASURE_HUNG, m->target, &e);
	if (r < 0)
		space_unread(run, m->target, &e);
}

static void space_end(struct diagnose_run *run, void *first)
{
	_mounts_ struct host_mounts all = {0};
	struct err e = {0};
	size_t asked = 0, hung = 0;
	int r = recorded_or_live(run->h)
	                ? host_mounts_read(run->h, HOST_MOUNTS_HOST, &all, &e)
	                : host_live_check(run->h, &e);

	(void)first;
	for (size_t i = 0; r == 0 && i < all.n; i++) {
		if (deadline_expired(run->h->deadline)) {
			r = err_set(&e, -ETIME, "%s", deadline_reason(run->h->deadline));
			break;
		}
		if (!is_first(&all, i))
			continue;
		if (asked++ < FILESYSTEMS_MAX)
			add_mount(run, &all.list[i], &hung);
		else
			unchecked_add(run->d, all.list[i].target,
			              "there are too many file systems");
	}
	if (r < 0) {
		measure_add_unread(&run->measures, MEASURE_HUNG, "", &e);
		space_unread(run, "", &e);
	}
}

const struct diagnose_source source_space = {
	.name = "space", .needs_host = true, .expensive = true, .end = space_end};
