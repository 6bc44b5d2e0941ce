/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Transparent huge pages: see Documentation/admin-guide/mm/transhuge.rst of Linux. */
#include "base/mem.h"
#include "doc/node.h"
#include "resource/kinds.h"
#include "sysfs/memory.h"

#include <string.h>

#define THP MEMORY_DIR "transparent_hugepage/"

enum { MODE, DEFRAG, SHMEM };

static const char *const modes[] = {"always", "madvise", "never", NULL};
static const char *const defrags[] = {"always",  "defer", "defer+madvise",
                                      "madvise", "never", NULL};
static const char *const shmems[] = {"always", "within_size", "advise", "never",
                                     "deny",   "force",       NULL};

static const struct field fields[] = {
	{.name = "thp",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct memory, modes[MODE]),
         .choices = modes,
         .doc = "transparent huge pages: for all memory, for what programs ask for with "
                "madvise, or never"},
	{.name = "thp-defrag",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct memory, modes[DEFRAG]),
         .choices = defrags,
         .doc = "what a program does that needs a huge page while none is free: reclaim "
                "and compact at once (always, madvise), or let the kernel do it later "
                "(defer)"},
	{.name = "thp-shmem",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct memory, modes[SHMEM]),
         .choices = shmems,
         .doc = "transparent huge pages of shared memory and tmpfs"},
	MEMORY_OPTIONAL,
	{0},
};

static const struct {
	const char *part, *path;
} files[MEMORY_MODES] = {
	[MODE] = {NULL, THP "enabled"},
	[DEFRAG] = {"-defrag", THP "defrag"},
	[SHMEM] = {"-shmem", THP "shmem_enabled"},
};

static bool thp_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	struct memory *m = CONTAINER_OF(r, struct memory, s.r);

	if (!memory_parse(r, n, diag))
		return false;
	for (size_t i = 0; i < MEMORY_MODES; i++) {
		struct sysfs_value *v;

		if (!m->modes[i])
			continue;
		v = sysfs_add(&m->s, files[i].part, mem_dup(files[i].path));
		v->text = mem_dup(m->modes[i]);
		v->is_off = strcmp(v->text, "never") == 0 || strcmp(v->text, "deny") == 0;
	}
	sysfs_added(&m->s);
	return true;
}

static bool thp_capture(const struct resource *r, const struct host *h,
                        struct node *section, struct diagnostics *diag)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);

	(void)h;
	(void)diag;
	for (size_t i = 0; r->seen.now && i < s->n_rows; i++) {
		_free_ char *key = mem_format(
			"thp%s", s->rows[i].target->part ? s->rows[i].target->part : "");

		node_set(section, key, node_new_word(s->rows[i].now));
	}
	return r->seen.now;
}

const struct kind kind_thp = {
	MEMORY_KIND,
	.name = "thp",
	.title = "memory thp",
	.doc = "huge pages and merging of memory: names for values of /sys/kernel/mm",
	.page = "docs/sysfs.md",
	.fields = fields,
	.parse = thp_parse,
	.capture = thp_capture,
};
