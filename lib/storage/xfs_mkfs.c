/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/xfs_mkfs.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/process/capabilities.h"
#include "host/process/exec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/*
 * First line of Bottlerocket's mkfs.xfs, which reads defaults for its kernel from a file.
 * The command line overrides these defaults.
 */
#define CONFIG_WAS_READ "Parameters parsed from "

/* Printed if the file system is too small for the stripes of its array. */
#define STRIPE_IGNORED "small data volume, ignoring"

/* Last line of each refusal; the only line if mkfs.xfs could not examine the drive. */
#define FORCE_ADVICE "Use the -f option to force overwrite"

#define MKFS_TIMEOUT_MS    600000
#define VERSION_TIMEOUT_MS 30000

/*
 * Features that a newer mkfs.xfs enables and an older kernel rejects ("unknown
 * incompatible features") or calls experimental. `kernel` is the first version with the
 * feature in the mkfs/lts_*.conf files of xfsprogs, up to that of 7.2. `mkfs` is the
 * first version that knows the option: an unknown option is an error.
 *
 * Older kernels can already mount them: bigtime and inobtcount from 5.10, nrext64 from
 * 5.19, exchange and parent from 6.10. All kernels since 5.10 mount the features that are
 * not listed (finobt, sparse, reflink, rmapbt) without a warning.
 */
static const struct feature {
	const char *option, *off;
	unsigned mkfs, kernel;
} features[] = {
	{"-m", "bigtime=0", NUM_VERSION(5, 10), NUM_VERSION(5, 15)},
	{"-m", "inobtcount=0", NUM_VERSION(5, 10), NUM_VERSION(5, 15)},
	{"-i", "nrext64=0", NUM_VERSION(5, 19), NUM_VERSION(6, 6)},
	{"-i", "exchange=0", NUM_VERSION(6, 10), NUM_VERSION(6, 18)},
	{"-n", "parent=0", NUM_VERSION(6, 10), NUM_VERSION(6, 18)},
};

struct vector {
	char **list;
	size_t n, cap;
};

static void xfs_mkfs_add(struct vector *v, const char *text)
{
	v->list = mem_grow(v->list, &v->cap, v->n + 1, sizeof(char *));
	v->list[v->n++] = mem_dup(text);
	v->list[v->n] = NULL;
}

static void add_option(struct vector *v, const char *option, const char *fmt, ...)
	_printf_(3, 4);
static void add_option(struct vector *v, const char *option, const char *fmt, ...)
{
	_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = mem_vformat(fmt, ap);
	va_end(ap);
	xfs_mkfs_add(v, option);
	xfs_mkfs_add(v, text);
}

static void add_wanted(struct vector *v, const struct xfs_mkfs *m)
{
	if (m->agcount)
		add_option(v, "-d", "agcount=%" PRIu64, m->agcount);
	if (m->su)
		add_option(v, "-d", "su=%" PRIu64 ",sw=%" PRIu64, m->su, m->sw);
	if (m->inode_size)
		add_option(v, "-i", "size=%" PRIu64, m->inode_size);
	if (m->log_size)
		add_option(v, "-l", "size=%" PRIu64, m->log_size);
	if (m->no_reflink)
		add_option(v, "-m", "reflink=0");
}

char **xfs_mkfs_arguments(const struct xfs_mkfs *m, const char *label, const char *device,
                          unsigned version, unsigned kernel)
{
	struct vector v = {0};

	xfs_mkfs_add(&v, "mkfs.xfs");
	xfs_mkfs_add(&v, "-q");
	/* no discard: a drive that was never written, or is trimmed, needs none */
	xfs_mkfs_add(&v, "-K");
	/* never -f: without it, mkfs.xfs checks once more that the drive is blank */
	add_option(&v, "-L", "%s", label);
	add_wanted(&v, m);
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		const struct feature *f = &features[i];

		if (version >= f->mkfs && kernel && kernel < f->kernel)
			add_option(&v, f->option, "%s", f->off);
	}
	xfs_mkfs_add(&v, device);
	return v.list;
}

/* Bottlerocket's mkfs.xfs prints a line about its defaults before its version. */
static int xfs_mkfs_version_of(struct host *h, const struct host_tool *tool,
                               unsigned *ret, struct err *e)
{
	static const char *const argv[] = {"mkfs.xfs", "-V", NULL};
	_free_ char *text = NULL;
	const char *version;
	int r = host_exec(h, tool, argv, deadline_in_ms(VERSION_TIMEOUT_MS), &text, e);

	if (r < 0)
		return r;
	version = strstr(text, "version");
	*ret = version ? num_version(version) : 0;
	if (*ret == 0)
		return err_set(e, -EPROTO, "mkfs.xfs -V prints no version");
	return 0;
}

static bool is_remark(const char *line)
{
	return strncmp(line, CONFIG_WAS_READ, strlen(CONFIG_WAS_READ)) == 0 ||
	       strstr(line, STRIPE_IGNORED) || strstr(line, FORCE_ADVICE);
}

/* mkfs.xfs prints remarks, then the reason, then its usage. NULL: no reason. */
static const char *xfs_mkfs_reason_of(char *output)
{
	char *line;

	while ((line = strsep(&output, "\n")))
		if (*line && !is_remark(line))
			return line;
	return NULL;
}

static int xfs_mkfs_failure(int code, char *output, struct err *e)
{
	bool refused = code == -EIO && output && strstr(output, FORCE_ADVICE);
	const char *reason = code == -EIO && output ? xfs_mkfs_reason_of(output) : NULL;

	if (!reason && refused)
		reason = "cannot determine the content of the drive";
	if (!reason)
		return code;
	return err_set(
		e, code, "%s%s",
		strncmp(reason, "mkfs.xfs: ", 10) == 0 ? "" : "mkfs.xfs: ", reason);
}

int xfs_mkfs_find(const struct host *h, struct host_tool *ret, struct err *e)
{
	/* it sets the size of the drive's blocks */
	int r = host_exec_find(h, "mkfs.xfs", CAPABILITY(SYS_ADMIN), ret, e);

	if (r == 0 && !h->kernel)
		return err_set(e, -EPROTO,
		               "mkfs.xfs: the version of the kernel is unknown");
	return r;
}

int xfs_mkfs_start(const struct xfs_mkfs *m, const char *label, const char *device,
                   struct host *h, struct host_exec_job *ret, struct err *e)
{
	_cleanup_(names_freep) char **argv = NULL;
	_free_ char *path = NULL;
	struct host_tool tool;
	unsigned version;
	int r = host_live_check_device(h, device, e);

	if (r == 0)
		r = xfs_mkfs_find(h, &tool, e);
	if (r == 0)
		r = xfs_mkfs_version_of(h, &tool, &version, e);
	if (r < 0)
		return r;
	path = mem_format("%s%s", tool.in_root ? "" : h->root, device);
	argv = xfs_mkfs_arguments(m, label, path, version, h->kernel);
	/* not the deadline of the run: an interrupted mkfs.xfs must start over */
	return host_exec_start(h, &tool, (const char *const *)argv,
	                       deadline_in_ms(MKFS_TIMEOUT_MS), ret, e);
}

int xfs_mkfs_finish(struct host *h, struct host_exec_job *job, struct err *e)
{
	_free_ char *output = NULL;
	int r = host_exec_wait(h, job, &output, e);

	return xfs_mkfs_failure(r, output, e);
}
