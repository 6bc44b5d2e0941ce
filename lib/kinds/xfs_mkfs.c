/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/xfs_mkfs.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/host.h"
#include "host/host_exec.h"
#include "host/host_file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Where a distribution keeps mkfs.xfs defaults that fit its kernel: Bottlerocket's. */
#define VENDOR_DEFAULTS "/usr/share/xfsprogs/mkfs/default.conf"

#define MKFS_TIMEOUT_S    600
#define VERSION_TIMEOUT_S 30

/*
 * Features that a newer mkfs.xfs switches on and an older kernel refuses ("unknown
 * incompatible features") or calls experimental. `kernel` is the first that has the
 * feature in xfsprogs' own mkfs/lts_*.conf; `mkfs` the first that knows the word: an
 * unknown one is an error.
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

static void add(struct vector *v, const char *text)
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
	add(v, option);
	add(v, text);
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
                          unsigned version, unsigned kernel, bool vendor)
{
	struct vector v = {0};

	add(&v, "mkfs.xfs");
	add(&v, "-q");
	/* no discard: what was never written, or came trimmed, needs none */
	add(&v, "-K");
	/* and never -f: mkfs looks for itself, once more, that nothing is there */
	add_option(&v, "-L", "%s", label);
	add_wanted(&v, m);
	for (size_t i = 0; !vendor && i < ARRAY_SIZE(features); i++) {
		const struct feature *f = &features[i];

		if (version >= f->mkfs && kernel && kernel < f->kernel)
			add_option(&v, f->option, "%s", f->off);
	}
	add(&v, device);
	return v.list;
}

static unsigned version_of(struct host *h, const struct host_tool *tool)
{
	static const char *const argv[] = {"mkfs.xfs", "-V", NULL};
	_free_ char *text = NULL;
	struct err ignored;

	if (host_exec(h, tool, argv, VERSION_TIMEOUT_S, &text, &ignored) < 0)
		return 0;
	return num_version(text);
}

/* mkfs.xfs tells its reason first, then how it is used. */
static int explain(int code, char *output, struct err *e)
{
	if (code < 0 && output && *output) {
		output[strcspn(output, "\n")] = '\0';
		return err_set(e, code, "%s%s",
		               strncmp(output, "mkfs.xfs: ", 10) == 0 ? "" : "mkfs.xfs: ",
		               output);
	}
	return code;
}

int xfs_mkfs_start(const struct xfs_mkfs *m, const char *label, const char *device,
                   struct host *h, struct host_job *ret, struct err *e)
{
	_cleanup_(names_freep) char **argv = NULL;
	_free_ char *path = NULL;
	int64_t deadline = h->deadline_ms;
	struct host_tool tool;
	bool vendor;
	int r = host_exec_find(h, "mkfs.xfs", &tool, e);

	if (r < 0)
		return r;
	path = mem_format("%s%s", tool.in_root ? "" : h->root, device);
	vendor = tool.in_root && host_file_exists(h, VENDOR_DEFAULTS);
	argv = xfs_mkfs_arguments(m, label, path, version_of(h, &tool), h->kernel,
	                          vendor);
	/* half a file system would be refused ever after: it takes the time it takes */
	host_set_deadline(h, 0);
	r = host_exec_start(h, &tool, (const char *const *)argv, MKFS_TIMEOUT_S, ret, e);
	h->deadline_ms = deadline;
	return r;
}

int xfs_mkfs_finish(struct host *h, struct host_job *job, struct err *e)
{
	_free_ char *output = NULL;
	int r = host_exec_wait(h, job, &output, e);

	return explain(r, output, e);
}
