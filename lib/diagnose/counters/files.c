/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/files.h"

#include "base/err.h"
#include "base/mem.h"
#include "host/facts.h"
#include "host/file.h"
#include "host/own_netns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NET        "/proc/net/"
#define UPTIME_MAX 1e10

/* One file, read once. */
struct reading {
	int r;
	struct err e;
	struct tally tally;
};

int64_t counter_value(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int counter_file_read(const struct host *h, const char *path, char **ret, struct err *e)
{
	_free_ char *hosts = strncmp(path, NET, strlen(NET)) == 0
	                             ? host_netns_file(h, path + strlen(NET))
	                             : NULL;

	return host_file_read(h, hosts ? hosts : path, COUNTER_FILE_MAX, ret, e);
}

int counter_uptime(const struct host *h, double *ret, struct err *e)
{
	_free_ char *text = NULL;
	char *end;
	int r = host_file_read_line(h, COUNTER_UPTIME, &text, e);

	if (r < 0)
		return r;
	*ret = strtod(text, &end);
	/* the format of the kernel, not "inf" or "0x1p9" */
	if (end == text || strspn(text, "0123456789. ") != strlen(text) ||
	    *ret > UPTIME_MAX)
		return err_set(e, -EBADMSG, COUNTER_UPTIME ": is no number");
	return 0;
}

static struct reading read_file(const struct host *h, const struct counter_file *f)
{
	struct reading new = {0};
	_free_ char *text = NULL;

	new.r = counter_file_read(h, f->path, &text, &new.e);
	if (new.r == 0)
		f->parse(text, &new.tally);
	return new;
}

void *counter_files_begin(const struct diagnose_run *run,
                          const struct counter_file *files, size_t n)
{
	struct reading *first = mem_new(n, sizeof(*first));

	for (size_t i = 0; i < n; i++)
		first[i] = read_file(run->h, &files[i]);
	return first;
}

static void add_row(struct diagnose_run *run, const struct counter_file *f,
                    const struct counter_row *row, const struct tally *now,
                    const struct tally *before)
{
	bool pages = row->type == COUNTER_PAGES || row->type == GAUGE_PAGES;
	bool grows = row->type == COUNTER || row->type == COUNTER_PAGES;
	uint64_t value;

	if (!tally_sum(now, grows ? before : NULL, row->pattern, &value)) {
		_free_ char *why = mem_format("%s: has no %s", f->path, row->pattern);

		measure_add_absent(&run->measures, row->id, "", why);
		return;
	}
	if (pages &&
	    __builtin_mul_overflow(value, (uint64_t)host_page_size(run->h), &value))
		value = UINT64_MAX;
	measure_add(&run->measures, row->id, "", counter_value(value), f->path);
}

static void add_file(struct diagnose_run *run, const struct counter_file *f,
                     const struct reading *before)
{
	struct reading now = read_file(run->h, f);
	const struct err *fault = now.r < 0                 ? &now.e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;

	for (size_t i = 0; i < f->n_rows; i++)
		if (fault)
			measure_add_unread(&run->measures, f->rows[i].id, "", fault);
		else
			add_row(run, f, &f->rows[i], &now.tally,
			        before ? &before->tally : NULL);
	tally_done(&now.tally);
}

void counter_files_end(struct diagnose_run *run, void *first,
                       const struct counter_file *files, size_t n)
{
	struct reading *before = first;

	for (size_t i = 0; i < n; i++) {
		add_file(run, &files[i], before ? &before[i] : NULL);
		if (before)
			tally_done(&before[i].tally);
	}
	free(before);
}
