/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fleet/collect.h"

#include "base/input.h"
#include "base/mem.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "fleet/documents.h"
#include "fleet/fleet.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Values in a document: a report of some 5,000 resources. Each takes memory. */
#define VALUES_MAX 100000

#define SUFFIX ".json"

static void skip(struct fleet *f, const char *what, const char *reason,
                 fleet_problem *problem)
{
	_free_ char *text = mem_format("%s: %s", what, reason);

	f->n_skipped++;
	problem(text);
}

/* --- one document ---------------------------------------------------------------------
 */

/* A report without the node's name has that of its file: "node1.json" -> "node1". */
static char *fallback_name(const char *file, size_t n)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t len = strlen(base), suffix = strlen(SUFFIX);

	if (len > suffix && strcmp(base + len - suffix, SUFFIX) == 0)
		len -= suffix;
	return n > 1 ? mem_format("%.*s#%zu", (int)len, base, n) : mem_dup_n(base, len);
}

static int add_document(struct fleet *f, const struct documents *d, const char *file,
                        struct err *e)
{
	_free_ char *name = fallback_name(file, d->n);
	_node_ struct node *report = NULL;

	if (d->too_large)
		return err_set(e, -EFBIG, "larger than %u MiB",
		               DOCUMENT_MAX_BYTES / (1024 * 1024));
	if (d->cut_short)
		return err_set(e, -EBADMSG, "cut short: it ends in the middle");
	report = confined_json_parse_some(d->text.text, d->text.len, VALUES_MAX, d->until,
	                                  e);
	return report ? fleet_add(f, report, name, e) : e->code;
}

static void collect_stream(struct fleet *f, int fd, const char *file,
                           struct deadline until, fleet_problem *problem)
{
	_cleanup_(documents_done) struct documents d = {.fd = fd, .until = until};
	struct err e = {0};
	int r;

	while ((r = documents_next(&d, &e)) > 0) {
		_free_ char *what =
			d.n > 1 ? mem_format("%s: report %zu", file, d.n) : mem_dup(file);

		if (add_document(f, &d, file, &e) < 0)
			skip(f, what, e.text, problem);
	}
	if (r < 0)
		skip(f, file, e.text, problem);
	else if (d.n == 0)
		skip(f, file, "empty", problem);
}

/* --- files ----------------------------------------------------------------------------
 */

bool fleet_is_report(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return *name != '.' && len > suffix && !strchr(name, '/') &&
	       strcmp(name + len - suffix, SUFFIX) == 0;
}

static int is_report(const struct dirent *entry)
{
	return fleet_is_report(entry->d_name);
}

static void collect_file(struct fleet *f, int dir, const char *name, const char *path,
                         struct deadline until, fleet_problem *problem)
{
	struct err e = {0};
	_close_ int fd = input_open(dir, name, false, &e);

	if (fd < 0)
		skip(f, path, e.text, problem);
	else
		collect_stream(f, fd, path, until, problem);
}

static void collect_directory(struct fleet *f, int dir, const char *path,
                              struct deadline until, fleet_problem *problem)
{
	size_t len = strlen(path);
	struct dirent **entries;
	int n = scandirat(dir, ".", &entries, is_report, alphasort);

	if (n < 0) {
		skip(f, path, strerror(errno), problem);
		return;
	}
	if (n == 0)
		skip(f, path, "a directory without *" SUFFIX " files", problem);
	for (int i = 0; i < n; i++) {
		_free_ char *file =
			mem_format("%s%s%s", path, path[len - 1] == '/' ? "" : "/",
		                   entries[i]->d_name);

		collect_file(f, dir, entries[i]->d_name, file, until, problem);
		free(entries[i]);
	}
	free(entries);
}

void fleet_collect(struct fleet *f, const char *path, struct deadline until,
                   fleet_problem *problem)
{
	_close_ int dir = -1;

	if (strcmp(path, "-") == 0) {
		collect_stream(f, STDIN_FILENO, "<stdin>", until, problem);
		return;
	}
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0)
		collect_directory(f, dir, path, until, problem);
	else if (errno == ENOTDIR)
		collect_file(f, AT_FDCWD, path, path, until, problem);
	else
		skip(f, path, strerror(errno), problem);
}
