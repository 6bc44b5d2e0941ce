/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/probe.h"

#include "base/mem.h"
#include "base/stop.h"
#include "baseline/part.h"
#include "baseline/percentile.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/process/child.h"
#include "host/process/signals.h"
#include "host/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* After the child should have ended: a call that waits for a drive ignores signals. */
#define GRACE_MS 5000

/* --- before ---------------------------------------------------------------------------
 */

static int check_space(const struct statvfs *fs, const char *directory, struct err *e)
{
	uint64_t unit = fs->f_frsize, available = fs->f_bavail * unit;
	uint64_t rest = fs->f_blocks * unit / 100 * PROBE_FREE_PERCENT;

	if (available >= PROBE_BYTES && available - PROBE_BYTES >= rest)
		return 0;
	return err_set(e, -ENOSPC,
	               "%s: %u MiB are available: the probe writes %u MiB, and at least "
	               "%u MiB (%u %%) must stay free",
	               directory, (unsigned)(available >> 20),
	               (unsigned)(PROBE_BYTES >> 20), (unsigned)(rest >> 20),
	               PROBE_FREE_PERCENT);
}

int probe_check(const struct host *h, const char *directory, struct err *e)
{
	_close_ int fd = host_live_check(h, e);
	struct statvfs sizes;
	struct statfs fs;

	if (fd == 0)
		fd = host_file_open(h, directory, O_DIRECTORY, e);
	if (fd < 0)
		return TAKE_FD(fd);
	if (fstatfs(fd, &fs) < 0 || fstatvfs(fd, &sizes) < 0)
		return err_errno(e, errno, "size of the file system at %s", directory);
	if (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC)
		return err_set(e, -EOPNOTSUPP,
		               "%s: is in memory: a probe measures a drive", directory);
	return check_space(&sizes, directory, e);
}

/* --- in the child ---------------------------------------------------------------------
 */

struct probe {
	struct host *h;
	const char *directory;
	struct deadline until;
};

struct pass {
	uint64_t us[PROBE_CALLS];
	size_t n;
	uint64_t fsync_us;
};

static uint64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int sync_timed(int fd, uint64_t *ret_us)
{
	uint64_t began = now_us();

	if (fsync(fd) < 0)
		return -errno;
	*ret_us = now_us() - began;
	return 0;
}

/* Write one part of the file: bytes that no drive and no file system can omit. */
static int write_part(int fd, char *part, uint64_t *seed)
{
	size_t done = 0;

	for (size_t i = 0; i < PROBE_CALL_BYTES; i += sizeof(*seed)) {
		/* xorshift64, by Marsaglia */
		*seed ^= *seed << 13;
		*seed ^= *seed >> 7;
		*seed ^= *seed << 17;
		memcpy(part + i, seed, sizeof(*seed));
	}
	while (done < PROBE_CALL_BYTES) {
		ssize_t n = write(fd, part + done, PROBE_CALL_BYTES - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/*
 * Write the file until a quarter of the time is over: then the two copies, which are as
 * large, have enough left on a slow drive. Return: the number of parts, or -errno.
 */
static int write_file(const struct probe *p, int fd)
{
	struct deadline until = deadline_earlier(p->until, deadline_in_ms(PROBE_MS / 4));
	_free_ char *part = mem_new(PROBE_CALL_BYTES, 1);
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	int parts = 0, r = 0;

	while (parts < PROBE_CALLS && !deadline_expired(until)) {
		r = write_part(fd, part, &seed);
		if (r == 0 && fsync(fd) < 0)
			r = -errno;
		if (r < 0)
			return r;
		parts++;
	}
	return parts;
}

/* One call, which a signal can cut short. */
static int copy_part(int to, int from, uint64_t *ret_us)
{
	uint64_t began = now_us();
	size_t left = PROBE_CALL_BYTES;

	while (left > 0) {
		ssize_t n = sendfile(to, from, NULL, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		left -= (size_t)n;
	}
	*ret_us = now_us() - began;
	return 0;
}

/* Copy the file once, and sync the copy. */
static int copy_file(const struct probe *p, int from, int parts, struct pass *pass,
                     struct err *e)
{
	_close_ int to = host_temporary_open(p->h, p->directory, e);
	int r = 0;

	if (to < 0)
		return TAKE_FD(to);
	if (lseek(from, 0, SEEK_SET) < 0)
		return err_errno(e, errno, "seek in the file of the probe");
	while (r == 0 && (int)pass->n < parts && !deadline_expired(p->until)) {
		r = copy_part(to, from, &pass->us[pass->n]);
		pass->n += r == 0;
	}
	if (r == 0)
		r = sync_timed(to, &pass->fsync_us);
	return r < 0 ? err_errno(e, -r, "copy in %s", p->directory) : 0;
}

static struct node *pass_node(const struct pass *pass)
{
	struct node *n = node_new(NODE_MAP);

	part_set_number(n, "calls", pass->n);
	part_set_number(n, "p50_us", percentile(pass->us, pass->n, 50));
	part_set_number(n, "p90_us", percentile(pass->us, pass->n, 90));
	part_set_number(n, "max_us", percentile(pass->us, pass->n, 100));
	part_set_number(n, "fsync_us", pass->fsync_us);
	return n;
}

static void probe_answer(const struct probe *p, const struct pass *cold,
                         const struct pass *warm, char *text)
{
	_node_ struct node *n = node_new(NODE_MAP);
	_free_ char *json = NULL;

	node_set_text(n, "directory", p->directory);
	part_set_number(n, "call_bytes", PROBE_CALL_BYTES);
	node_set(n, "complete",
	         node_new_bool(cold->n == PROBE_CALLS && warm->n == PROBE_CALLS));
	node_set(n, "cold", pass_node(cold));
	node_set(n, "warm", pass_node(warm));
	json = node_json_format(n, false);
	(void)stpncpy(text, json, HOST_CHILD_TEXT_MAX - 1);
}

static int probe_child(void *arg, char *text, struct err *e)
{
	const struct probe *p = arg;
	struct pass cold = {.n = 0}, warm = {.n = 0};
	_close_ int from = -1;
	int parts, r;

	signals_catch();
	from = host_temporary_open(p->h, p->directory, e);
	if (from < 0)
		return TAKE_FD(from);
	parts = write_file(p, from);
	r = parts < 0 ? parts : -posix_fadvise(from, 0, 0, POSIX_FADV_DONTNEED);
	if (r < 0)
		return err_errno(e, -r, "write a file in %s", p->directory);
	r = copy_file(p, from, parts, &cold, e);
	if (r == 0)
		r = copy_file(p, from, parts, &warm, e);
	if (r < 0)
		return r;
	if (cold.n == 0 || warm.n == 0)
		return err_set(e, -ETIMEDOUT, "the probe did not end: %s",
		               deadline_reason(p->until));
	probe_answer(p, &cold, &warm, text);
	return 0;
}

/* --- in the parent --------------------------------------------------------------------
 */

/* Wait for the child, and pass on a signal. */
static void wait_for(const struct host_child *job, struct deadline until)
{
	struct pollfd pfd = {.fd = host_child_fd(job), .events = POLLIN};
	bool asked = false;

	while (poll(&pfd, 1, 100) <= 0) {
		if (!asked && stop_signal()) {
			host_child_ask_to_end(job);
			asked = true;
		}
		if (deadline_expired(until))
			return;
	}
}

struct node *probe_run(struct host *h, const char *directory)
{
	struct deadline until = deadline_earlier(h->deadline, deadline_in_ms(PROBE_MS));
	struct probe p = {.h = h, .directory = directory, .until = until};
	struct host_child *job = NULL;
	_free_ char *text = NULL;
	struct err e = {0};
	struct node *n;
	int r = probe_check(h, directory, &e);

	p.until.until_signal = true;
	if (r == 0)
		r = host_child_start(h, 0, probe_child, &p, &job, &e);
	if (r == 0) {
		wait_for(job, until);
		r = host_child_finish(job, GRACE_MS, &text, &e);
	}
	if (r < 0 || !text)
		return part_missing(e.text);
	n = node_json_parse(text, strlen(text), &e);
	return n ? n : part_missing(e.text);
}
