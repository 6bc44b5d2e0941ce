/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/add.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "collect/mounts.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Everyone may read it: what only root may read of a module may be a secret. */
#define PARAMETERS "/parameters/"

#define MOUNTS "/proc/1/mountinfo"

bool collect_is_full(const struct host *h, const char **ret_why)
{
	const struct bundle *b = h->record;

	if (b->bytes >= COLLECT_TOTAL_BYTES || b->n >= COLLECT_FILES)
		*ret_why = "the bundle is full";
	else if (deadline_expired(h->deadline))
		*ret_why = deadline_reason(h->deadline);
	else
		return false;
	return true;
}

void collect_failed(const struct host *h, const char *path, const struct err *e,
                    unsigned mode)
{
	bundle_note_lack(h->record, path, e, mode);
}

void collect_cut(const struct host *h, const char *why)
{
	node_set_text(h->record->manifest, "incomplete", why);
}

/* It is on the host, but not in the bundle. */
static void collect_skipped(const struct host *h, const char *path, const char *why,
                            unsigned mode)
{
	struct err e;

	(void)err_set(&e, -ENODATA, "%s: %s", path, why);
	collect_failed(h, path, &e, mode);
}

/* The same, for a limit of the bundle: whoever collects it must know. */
static void collect_limited(const struct host *h, const char *path, const char *why,
                            unsigned mode)
{
	collect_skipped(h, path, why, mode);
	collect_cut(h, why);
}

void collect_text(const struct host *h, const char *path, char *text)
{
	bundle_add(h->record, path, text, strlen(text));
}

void collect_cover(const struct host *h, const char *pattern)
{
	struct node *parts = node_get(h->record->manifest, "covers");

	if (!parts) {
		parts = node_new(NODE_LIST);
		node_set(h->record->manifest, "covers", parts);
	}
	node_append(parts, node_new_text(pattern));
}

static void collect_file(const struct host *h, const char *path, const struct stat *st)
{
	_free_ char *text = NULL;
	struct err e;
	int r;

	if (strstr(path, PARAMETERS) && !(st->st_mode & S_IROTH)) {
		collect_skipped(h, path, "only root may read it", st->st_mode);
		return;
	}
	r = host_file_read(h, path, COLLECT_FILE_BYTES, &text, &e);
	if (r == -ENOENT || r == -ESRCH)
		return;
	if (r == -EFBIG)
		collect_limited(h, path, e.text, st->st_mode);
	else if (r < 0)
		collect_failed(h, path, &e, st->st_mode);
	else if (strcmp(path, MOUNTS) == 0)
		collect_text(h, path, collect_mounts_reduce(text));
	else
		collect_text(h, path, TAKE_PTR(text));
}

void collect_path(const struct host *h, const char *path)
{
	const char *why;
	struct stat st;
	struct err e;
	int r;

	if (collect_is_full(h, &why)) {
		collect_limited(h, path, why, 0);
		return;
	}
	r = host_file_stat(h, path, &st, &e);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		collect_failed(h, path, &e, 0);
	else if (r == 0 && S_ISDIR(st.st_mode))
		bundle_add(h->record, path, NULL, 0);
	else if (r == 0 && S_ISREG(st.st_mode))
		collect_file(h, path, &st);
}
