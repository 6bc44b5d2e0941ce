/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A kind that exists for tests/new-kind/run.sh alone: the first line of /etc/motd. It
 * shows what a new kind costs: this file, and one line of the list in resource/kinds.h.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "resource/kinds.h"

#include <errno.h>
#include <string.h>

#define PATH "/etc/motd"

struct motd {
	struct resource r;
	char *line;
};

static const struct field fields[] = {
	{.name = "line",
         .type = FIELD_TEXT,
         .offset = offsetof(struct motd, line),
         .required = true,
         .doc = "what users read when they log in"},
	{0},
};

static struct motd *motd_of(struct resource *r)
{
	return CONTAINER_OF(r, struct motd, r);
}

static bool motd_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	struct motd *m = motd_of(r);

	fields_parse(fields, n, m, diag);
	r->spec.want = mem_dup(m->line);
	return true;
}

static int motd_observe(struct resource *r, const struct host *h, struct err *e)
{
	return host_file_read_line(h, PATH, &r->seen.now, e);
}

static void motd_diff(const struct resource *r, struct change *ret)
{
	if (strcmp(r->seen.now, r->spec.want) == 0)
		return;
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "is %s, should be %s",
	           r->seen.now, r->spec.want);
	change_remedy(ret, "echo %s >" PATH, r->spec.want);
}

static int motd_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                      struct err *e)
{
	(void)ret_reason;
	return host_file_write(h, PATH, r->spec.want, e);
}

static int motd_revert(struct resource *r, struct host *h, struct err *e)
{
	return host_file_write(h, PATH, r->seen.had, e);
}

static bool motd_capture(const struct resource *r, const struct host *h,
                         struct node *section, struct diagnostics *diag)
{
	(void)h;
	(void)diag;
	node_set(section, "line", node_new_word(r->seen.now));
	return true;
}

/* A fact of the kind's own, for formulas: how long the line is on this host. */
static const char *const fact_names[] = {"motd_length", NULL};

static int motd_facts(const struct host *h, const struct node *section,
                      const struct node *item, int64_t *ret, struct err *e)
{
	_free_ char *text = NULL;
	int code = host_file_read_line(h, PATH, &text, e);

	(void)section;
	(void)item;
	if (code == 0)
		ret[0] = (int64_t)strlen(text);
	return code;
}

static const struct kind_facts facts = {
	.names = fact_names,
	.read = motd_facts,
};

/* A file of root. */
static uint64_t motd_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return 0;
}

const struct kind kind_motd = {
	.name = "motd",
	.section = "motd",
	.doc = "the message of the day",
	.shape = SECTION_OBJECT,
	.fields = fields,
	.facts = &facts,
	.size = sizeof(struct motd),
	.parse = motd_parse,
	.observe = motd_observe,
	.diff = motd_diff,
	.capabilities = motd_capabilities,
	.apply = motd_apply,
	.revert = motd_revert,
	.capture = motd_capture,
};
