/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/source.h"

#include "base/input.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "doc/yaml.h"
#include "profile/builtin.h"
#include "profile/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most profiles fit; a stack is touched, and so cleared, as far as a buffer reaches. */
#define CHUNK_BYTES 8192

/* Place of a read error: where the file is included, else the file itself. */
static struct place blame(const char *file, const struct place *asked_at)
{
	return asked_at ? *asked_at : (struct place){.file = file, .line = 1, .col = 1};
}

static const char *open_hint(int code)
{
	return code == -EACCES && geteuid() != 0 ? " (run as root)" : "";
}

/* What is read, where it is named, and until when. */
struct reading {
	const struct place *asked_at;
	struct deadline until;
	struct diagnostics *diag;
};

static int source_fail(const struct source *s, const struct reading *in,
                       const struct err *e)
{
	diag_error(in->diag, blame(s->file, in->asked_at), "%s \"%s\": %s%s", s->what,
	           s->file, e->text, open_hint(e->code));
	return -1;
}

/*
 * Read to the end, but stop beyond the size limit: the parser then reports it. A file of
 * `size` bytes has ended there; 0: its size is unknown.
 */
static int source_read_all(struct source *s, int fd, size_t size,
                           const struct reading *in)
{
	_buf_ struct buf text = {0};
	_uninitialized_ char chunk[CHUNK_BYTES];
	struct err e = {0};
	ssize_t n;

	do {
		n = input_read(fd, chunk, sizeof(chunk), in->until, &e);
		if (n < 0)
			return source_fail(s, in, &e);
		buf_add_n(&text, chunk, (size_t)n);
	} while (n > 0 && text.len != size && text.len <= NODE_YAML_SIZE_MAX);
	s->len = text.len;
	s->text = buf_take(&text);
	return 0;
}

static int source_read_file(struct source *s, const char *path, const struct reading *in)
{
	struct err e = {0};
	_close_ int fd = input_open(AT_FDCWD, path, false, &e);
	struct stat st = {0};

	s->file = mem_dup(path);
	if (fd < 0)
		return source_fail(s, in, &e);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return source_read_all(s, fd, 0, in);
	s->fault = trust_fault(fd, &st);
	return source_read_all(s, fd, (size_t)st.st_size, in);
}

static bool is_path(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') || (len > 5 && strcmp(name + len - 5, ".yaml") == 0) ||
	       (len > 4 && strcmp(name + len - 4, ".yml") == 0);
}

static const struct builtin *find_builtin(const char *name)
{
	for (const struct builtin *b = builtins(); b->name; b++)
		if (strcmp(b->name, name) == 0)
			return b;
	return NULL;
}

static void source_report_unknown(const char *name, const struct place *asked_at,
                                  struct diagnostics *diag)
{
	struct suggest near = {.typed = name};

	for (const struct builtin *b = builtins(); b->name; b++)
		suggest_offer(&near, b->name);
	if (near.best)
		diag_error(
			diag, blame(name, asked_at),
			"profile \"%s\": no such file or built-in profile (did you mean "
			"\"%s\"?)",
			name, near.best);
	else
		diag_error(diag, blame(name, asked_at),
		           "profile \"%s\": no such file or built-in profile "
		           "(\"hosttune profiles\" lists them)",
		           name);
}

/*
 * Resolve a path relative to the file that names it. Strip "./", so that a file that
 * includes itself is recognised.
 */
static char *resolve(const char *path, const struct place *asked_at)
{
	const char *relative_to = asked_at ? asked_at->file : NULL;
	const char *slash = relative_to ? strrchr(relative_to, '/') : NULL;

	while (relative_to && strncmp(path, "./", 2) == 0)
		path += 2;
	if (path[0] == '/' || !slash)
		return mem_dup(path);
	return mem_format("%.*s/%s", (int)(slash - relative_to), relative_to, path);
}

static int read_named(struct source *s, const char *name, const char *dir,
                      const struct reading *in)
{
	_free_ char *in_dir = dir ? mem_format("%s/%s.yaml", dir, name) : NULL;
	_free_ char *path = resolve(name, in->asked_at);
	const struct builtin *b = find_builtin(name);

	if (in_dir && access(in_dir, F_OK) == 0)
		return source_read_file(s, in_dir, in);
	if (b) {
		s->file = mem_dup(b->file);
		s->text = mem_dup(b->text);
		s->len = strlen(b->text);
		s->built_in = true;
		return 0;
	}
	if (is_path(name) || access(path, F_OK) == 0)
		return source_read_file(s, path, in);
	s->file = mem_dup(name);
	source_report_unknown(name, in->asked_at, in->diag);
	return -1;
}

static int source_read_stdin(struct source *s, const struct reading *in)
{
	s->file = mem_dup("<stdin>");
	return source_read_all(s, STDIN_FILENO, 0, in);
}

int source_read_other(struct source *s, const char *path, const char *what,
                      struct deadline until, struct diagnostics *diag)
{
	const struct reading in = {.until = until, .diag = diag};

	*s = (struct source){.what = what, .until = until};
	return strcmp(path, "-") == 0 ? source_read_stdin(s, &in)
	                              : source_read_file(s, path, &in);
}

int source_read(struct source *s, const char *name, const struct source_from *from,
                const struct place *asked_at, struct diagnostics *diag)
{
	static const struct source_from nowhere;
	struct reading in = {.asked_at = asked_at, .diag = diag};
	_free_ char *path = NULL;

	if (!from)
		from = &nowhere;
	in.until = from->until;
	*s = (struct source){.what = "profile", .until = from->until};
	if (strcmp(name, "-") == 0)
		return source_read_stdin(s, &in);
	if (!is_path(name))
		return read_named(s, name, from->dir, &in);
	path = resolve(name, asked_at);
	return source_read_file(s, path, &in);
}

void source_done(struct source *s)
{
	free(s->file);
	free(s->text);
	free(s->fault);
	*s = (struct source){0};
}
