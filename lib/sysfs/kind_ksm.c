/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Merging of equal pages: see Documentation/admin-guide/mm/ksm.rst of Linux. */
#include "base/mem.h"
#include "doc/node.h"
#include "resource/kinds.h"
#include "sysfs/memory.h"

#include <string.h>

/* Stopped, and what was merged is separate again: off, too. */
#define UNMERGED "2"

static const struct field fields[] = {
	{.name = "ksm",
         .type = FIELD_BOOL,
         .offset = offsetof(struct memory, ksm),
         .doc = "whether the kernel merges equal pages of programs that allow it; false "
                "keeps what is merged already"},
	{0},
};

static bool ksm_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	struct memory *m = CONTAINER_OF(r, struct memory, s.r);
	struct sysfs_value *v;

	if (!memory_parse(r, n, diag))
		return false;
	v = sysfs_add(&m->s, NULL, mem_dup(MEMORY_DIR "ksm/run"));
	v->text = mem_dup(m->ksm ? "1" : "0");
	v->also = m->ksm ? NULL : UNMERGED;
	v->is_off = !m->ksm;
	sysfs_added(&m->s);
	return true;
}

static bool ksm_capture(const struct resource *r, const struct host *h,
                        struct node *section, struct diagnostics *diag)
{
	(void)h;
	(void)diag;
	if (r->seen.now)
		node_set(section, "ksm", node_new_bool(strcmp(r->seen.now, "1") == 0));
	return r->seen.now;
}

const struct kind kind_ksm = {
	MEMORY_KIND,      .name = "ksm",      .title = "memory ksm",
	.fields = fields, .parse = ksm_parse, .capture = ksm_capture,
};
