/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "files.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "output.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

struct named_file {
	char *name; /* as messages name it */
	char *path; /* the same for each name of the file */
	/* of a directory: whether a file in it is read, too; NULL: none is */
	bool (*reads_below)(const char *name);
};

struct named_files {
	struct named_file *list;
	size_t n;
};

static void named_files_done(struct named_files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].name);
		free(f->list[i].path);
	}
	free(f->list);
}

/* One spelling for each file, which may not exist yet. */
static char *spell(const char *file)
{
	_free_ char *copy = mem_dup(file), *dir = NULL, *found = realpath(file, NULL);
	const char *slash = strrchr(file, '/');

	if (found)
		return TAKE_PTR(found);
	dir = realpath(dirname(copy), NULL);
	return mem_format("%s/%s", dir ? dir : ".", slash ? slash + 1 : file);
}

/* Add a file. `name` is owned by the list. */
static struct named_file *add_file(struct named_files *f, const char *file, char *name)
{
	f->list = mem_resize(f->list, f->n + 1, sizeof(*f->list));
	f->list[f->n] = (struct named_file){.name = name, .path = spell(file)};
	return &f->list[f->n++];
}

/* --- what is replaced -----------------------------------------------------------------
 */

static bool is_replaced(enum option_id id)
{
	return id == OPTION_METRICS_FILE || id == OPTION_NPD_FILE;
}

static char *name_option(enum option_id id, const char *file)
{
	return mem_format("--%s \"%s\"", option_defs[id].name, file);
}

static void add_replaced(struct named_files *f, const struct options *o)
{
	for (size_t i = 0; i < o->n_outputs; i++) {
		const struct output *out = &o->outputs[i];

		if (out->file)
			add_file(f, out->file,
			         mem_format("--output %s=%s",
			                    format_defs[out->format].name, out->file));
	}
	for (enum option_id id = OPTION_ROOT; id < OPTIONS; id++)
		if (o->value[id] && is_replaced(id))
			add_file(f, o->value[id], name_option(id, o->value[id]));
	if (o->replaces && strcmp(o->replaces, "-") != 0)
		add_file(f, o->replaces, mem_format("FILE \"%s\"", o->replaces));
}

/* --- what is read ---------------------------------------------------------------------
 */

static struct named_file *add_read(struct named_files *f, const char *file)
{
	return add_file(f, strcmp(file, "-") == 0 ? "/dev/stdin" : file, NULL);
}

static bool any_file(const char *name)
{
	return *name;
}

static void add_option(struct named_files *f, enum option_id id, const struct options *o)
{
	const char **repeated = id == OPTION_RULES  ? o->rules
	                        : id == OPTION_FILE ? o->files
	                                            : NULL;

	for (; repeated && *repeated; repeated++)
		add_read(f, *repeated);
	add_read(f, o->value[id])->reads_below = id == OPTION_BUNDLE ? any_file : NULL;
}

static void add_options(struct named_files *f, const struct options *o,
                        const struct cmd *cmd)
{
	for (enum option_id id = OPTION_ROOT; id < OPTIONS; id++) {
		const struct option_def *d = &option_defs[id];

		if (o->value[id] && d->values && strcmp(d->values, VALUES_FILE) == 0 &&
		    !is_replaced(id) && option_acts_on(d, cmd))
			add_option(f, id, o);
	}
}

/* All but what is replaced, and the first word if it says what to do. */
static void add_arguments(struct named_files *f, const struct options *o,
                          const struct cmd *cmd)
{
	if (!cmd->takes || !words_have(cmd->takes, ' ', VALUES_FILE))
		return;
	for (size_t i = 0; i < o->n_profiles; i++) {
		const char *file = o->profiles[i];

		if (file != o->replaces && (i > 0 || !words_have(cmd->takes, ' ', file)))
			add_read(f, file)->reads_below = cmd->reads_below;
	}
}

/* --- both -----------------------------------------------------------------------------
 */

static bool is_read(const struct named_file *in, const char *path)
{
	size_t len = strlen(in->path);

	if (strcmp(in->path, path) == 0)
		return true;
	return in->reads_below && strncmp(in->path, path, len) == 0 && path[len] == '/' &&
	       in->reads_below(path + len + 1);
}

/* Return: why this file must not be replaced; NULL: it may. The first `n` are replaced.
 */
static const char *find_fault(const struct named_files *f, size_t n, size_t which)
{
	const char *path = f->list[which].path;

	for (size_t i = 0; i < which; i++)
		if (strcmp(f->list[i].path, path) == 0)
			return "this file is given twice";
	for (size_t i = n; i < f->n; i++)
		if (is_read(&f->list[i], path))
			return FILES_READ;
	return NULL;
}

int files_check(const struct options *o, const struct cmd *cmd)
{
	_cleanup_(named_files_done) struct named_files f = {0};
	size_t n;
	int r = 0;

	add_replaced(&f, o);
	n = f.n;
	add_options(&f, o, cmd);
	add_arguments(&f, o, cmd);
	for (size_t i = 0; i < n; i++) {
		const char *fault = find_fault(&f, n, i);

		if (!fault)
			continue;
		complain("%s: %s", f.list[i].name, fault);
		r = -1;
	}
	return r;
}

char *files_replaced_by(const struct options *o, const char *file)
{
	_cleanup_(named_files_done) struct named_files f = {0};
	_free_ char *path = spell(file);

	add_replaced(&f, o);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.list[i].path, path) == 0)
			return TAKE_PTR(f.list[i].name);
	return NULL;
}
