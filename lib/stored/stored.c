/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stored/stored.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A profile has at most 1 MiB, and some lines before it. */
#define TEXT_MAX (2 * 1024 * 1024)
/* Room for what comes before and after it in a file name (NAME_MAX is 255). */
#define NAME_MAX_BYTES 128

#define OWN_DIR  "/etc/hosttune"
#define UNIT_DIR "/etc/systemd/system"

static const struct {
	const char *dir, *prefix, *suffix;
	mode_t mode;
} files[STORED_FILES] = {
	/* settings may hold passwords */
	[STORED_PROFILE] = {OWN_DIR "/boot", "", ".yaml", 0600},
	[STORED_UNIT] = {UNIT_DIR, "hosttune-boot-", ".service", 0644},
	[STORED_ENABLED] = {UNIT_DIR "/multi-user.target.wants", "hosttune-boot-",
                            ".service", 0},
	[STORED_MODULES] = {"/etc/modules-load.d", "hosttune-", ".conf", 0644},
	[STORED_SYSCTL] = {"/etc/sysctl.d", "90-hosttune-", ".conf", 0644},
};

/* --- names ---------------------------------------------------------------------------
 */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

char *stored_name(const char *profile)
{
	char *name = mem_dup_n(profile, strnlen(profile, NAME_MAX_BYTES));

	for (char *p = name; *p; p++)
		if (!is_plain(*p))
			*p = '-';
	if (!*name)
		mem_set(&name, mem_dup("profile"));
	return name;
}

char *stored_path(enum stored_what what, const char *name)
{
	return mem_format("%s/%s%s%s", files[what].dir, files[what].prefix, name,
	                  files[what].suffix);
}

char *stored_unit_name(const char *name)
{
	return mem_format("%s%s%s", files[STORED_UNIT].prefix, name,
	                  files[STORED_UNIT].suffix);
}

/* The part of a file name that is the name of a profile; NULL: it is no such file. */
static char *name_in(enum stored_what what, const char *file)
{
	size_t before = strlen(files[what].prefix), after = strlen(files[what].suffix),
	       len = strlen(file);
	_free_ char *name = NULL, *same = NULL;

	if (len <= before + after || strncmp(file, files[what].prefix, before) != 0 ||
	    strcmp(file + len - after, files[what].suffix) != 0)
		return NULL;
	name = mem_dup_n(file + before, len - before - after);
	same = stored_name(name);
	return strcmp(name, same) == 0 ? TAKE_PTR(name) : NULL;
}

bool stored_find(const char *path, enum stored_what *ret_what, char **ret_name)
{
	for (enum stored_what what = 0; what < STORED_FILES; what++) {
		size_t len = strlen(files[what].dir);

		if (strncmp(path, files[what].dir, len) != 0 || path[len] != '/' ||
		    strchr(path + len + 1, '/'))
			continue;
		*ret_name = name_in(what, path + len + 1);
		*ret_what = what;
		if (*ret_name)
			return true;
	}
	return false;
}

/* --- reading -------------------------------------------------------------------------
 */

void stored_file_done(struct stored_file *f)
{
	free(f->text);
	free(f->why);
	*f = (struct stored_file){0};
}

static void read_text(struct stored_file *f, const struct host *h, const char *path)
{
	struct err e = {0};
	int r = host_file_read(h, path, TEXT_MAX, &f->text, &e);

	if (r == -ENOENT)
		return;
	if (r < 0)
		f->why = mem_dup(e.text);
	else
		f->state = owned_judge(f->text);
}

/* The link has the form that systemctl enable gives it, or hosttune. */
static void read_link(struct stored_file *f, int fd, const char *name, const char *path)
{
	_free_ char *unit = stored_unit_name(name);
	char target[PATH_MAX];
	ssize_t n = readlinkat(fd, "", target, sizeof(target) - 1);
	const char *last;

	if (n < 0) {
		f->why = mem_format("read link %s: %s", path, strerror(errno));
		return;
	}
	target[n] = '\0';
	last = strrchr(target, '/');
	if (strcmp(last ? last + 1 : target, unit) != 0)
		return;
	f->state = OWNED_OURS;
	f->text = mem_dup(target);
}

static void read_live(struct stored_file *f, const struct host *h, enum stored_what what,
                      const char *name, const char *path)
{
	struct err e = {0};
	_close_ int fd = host_file_open(h, path, O_PATH | O_NOFOLLOW, &e);
	struct stat st;

	if (fd == -ENOENT || fd == -ENOTDIR)
		return;
	if (fd < 0 || fstat(fd, &st) < 0) {
		f->why = mem_dup(fd < 0 ? e.text : strerror(errno));
		return;
	}
	f->state = OWNED_FOREIGN;
	if (what == STORED_ENABLED && S_ISLNK(st.st_mode))
		read_link(f, fd, name, path);
	else if (what != STORED_ENABLED && S_ISREG(st.st_mode))
		read_text(f, h, path);
}

void stored_read(struct stored_file *f, const struct host *h, enum stored_what what,
                 const char *name)
{
	_free_ char *path = stored_path(what, name);

	*f = (struct stored_file){.state = OWNED_ABSENT};
	if (h->bundle && bundle_matches(node_get(h->bundle->manifest, "covers"), path))
		read_text(f, h, path);
	else if (!h->bundle)
		read_live(f, h, what, name, path);
}

/* --- writing -------------------------------------------------------------------------
 */

static int remove_file(struct host *h, enum stored_what what, const char *path,
                       struct err *e)
{
	int r = host_replace_remove(h, path, e);

	if (r < 0 || what != STORED_PROFILE)
		return r;
	r = host_replace_remove_empty(h, files[what].dir, e);
	return r < 0 ? r : host_replace_remove_empty(h, OWN_DIR, e);
}

int stored_write(struct host *h, enum stored_what what, const char *name,
                 const char *text, struct err *e)
{
	_free_ char *path = stored_path(what, name);
	int r;

	if (!text)
		return remove_file(h, what, path, e);
	r = host_file_mkdir(h, files[what].dir, 0755, e);
	if (r < 0)
		return r;
	if (what == STORED_ENABLED)
		return host_replace_link(h, path, text, e);
	return host_replace_file(h, path, text, files[what].mode, e);
}

/* The file beside which a run was about to put a new one; NULL: it is no such name. */
static char *file_of_new(enum stored_what what, const char *name)
{
	size_t len = strlen(name), after = strlen(HOST_REPLACE_NEW);
	_free_ char *file = NULL, *profile = NULL;

	if (len <= 1 + after || *name != '.' ||
	    strcmp(name + len - after, HOST_REPLACE_NEW) != 0)
		return NULL;
	file = mem_dup_n(name + 1, len - 1 - after);
	profile = name_in(what, file);
	return profile ? stored_path(what, profile) : NULL;
}

void stored_tidy(struct host *h)
{
	struct err ignored;

	for (enum stored_what what = 0; what < STORED_FILES; what++) {
		_cleanup_(names_freep) char **names = NULL;

		if (host_file_list(h, files[what].dir, &names, &ignored) < 0)
			continue;
		for (size_t i = 0; names[i]; i++) {
			_free_ char *path = file_of_new(what, names[i]);

			if (path)
				(void)host_replace_clear(h, path, &ignored);
		}
	}
	/* without the first one, the other may be the administrator's */
	if (host_file_exists(h, files[STORED_PROFILE].dir) &&
	    host_replace_remove_empty(h, files[STORED_PROFILE].dir, &ignored) == 0)
		(void)host_replace_remove_empty(h, OWN_DIR, &ignored);
}

/* --- in a journal --------------------------------------------------------------------
 */

struct node *stored_record(const char *text)
{
	struct node *lines = node_new(NODE_LIST);
	_free_ char *copy = mem_dup(text);
	char *rest = copy, *line;

	while (rest && (line = strsep(&rest, "\n")))
		node_append(lines, node_new_text(line));
	return lines;
}

char *stored_recorded(const struct node *record)
{
	_buf_ struct buf text = {0};

	if (!record || record->type != NODE_LIST || record->n == 0)
		return NULL;
	for (size_t i = 0; i < record->n; i++) {
		buf_add(&text, i > 0 ? "\n" : "");
		buf_add(&text, record->items[i]->type == NODE_SCALAR
		                       ? record->items[i]->text
		                       : "");
	}
	return buf_take(&text);
}

/* --- all of them ---------------------------------------------------------------------
 */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **list;
	size_t n, cap;
};

static int add_names(struct names *all, const struct host *h, enum stored_what what,
                     struct err *e)
{
	_cleanup_(names_freep) char **found = NULL;
	int r = host_file_list(h, files[what].dir, &found, e);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	for (size_t i = 0; r == 0 && found[i]; i++) {
		char *name = name_in(what, found[i]);

		if (!name)
			continue;
		all->list =
			mem_grow(all->list, &all->cap, all->n + 1, sizeof(*all->list));
		all->list[all->n++] = name;
	}
	return r;
}

int stored_list(const struct host *h, char ***ret_names, struct err *e)
{
	struct names all = {0};
	size_t kept = 0;
	int r = 0;

	for (enum stored_what what = 0; r == 0 && what < STORED_FILES; what++)
		r = add_names(&all, h, what, e);
	all.list = mem_resize(all.list, all.n + 1, sizeof(*all.list));
	qsort(all.list, all.n, sizeof(*all.list), compare_names);
	for (size_t i = 0; i < all.n; i++) {
		if (kept > 0 && strcmp(all.list[kept - 1], all.list[i]) == 0)
			free(all.list[i]);
		else
			all.list[kept++] = all.list[i];
	}
	all.list[kept] = NULL;
	*ret_names = r < 0 ? NULL : all.list;
	if (r < 0)
		names_free(all.list);
	return r;
}
