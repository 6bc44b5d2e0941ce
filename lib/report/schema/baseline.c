/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/schema/baseline.h"

#include "baseline/cause.h"
#include "doc/node.h"
#include "report/schema/members.h"

static const struct member comparison_members[] = {
	{"version", "integer", 0, "of this format"},
	{"was", "object", 0, "the baseline"},
	{"now", "object", 0, "what it is compared with"},
	{"other_node", "boolean", MEMBER_NULLABLE,
         "the two are of different nodes; null: unknown"},
	{"rebooted", "boolean", MEMBER_NULLABLE,
         "the node booted between the two; null: unknown"},
	{"tolerance_percent", "integer", 0, "by which a measured value may be worse"},
	{"changes", "array", 0, "the likely cause first"},
	{"notes", "array", 0, "what was not compared, or is worth knowing"},
	{"summary", "object", 0, NULL},
	{0},
};

static const struct member side_members[] = {
	{"file", "string", MEMBER_NULLABLE, "null: this node, now"},
	{"version", "integer", MEMBER_NULLABLE, "of the baseline's format"},
	{"saved", "string", MEMBER_NULLABLE, "time, as 2026-11-28T10:00:00Z"},
	{"host", "object", MEMBER_NULLABLE, "the node"},
	{0},
};

static const struct member change_members[] = {
	{"reason", "string", 0, "stable word"},
	{"type", "string", 0, NULL},
	{"subject", "string", 0, "what it concerns: a mount, a drive, a sysctl"},
	{"what", "string", MEMBER_NULLABLE, "which part of it; null: all"},
	{"was", "string", MEMBER_NULLABLE, "null: absent"},
	{"now", "string", MEMBER_NULLABLE, "null: absent"},
	{"why", "string", MEMBER_NULLABLE, "what it causes"},
	{"remedy", "string", MEMBER_NULLABLE, "a command, or what to do"},
	{"source", "string", MEMBER_NULLABLE, "of what it causes"},
	{0},
};

static const struct member note_members[] = {
	{"what", "string", 0, NULL},
	{"why", "string", 0, NULL},
	{"unread", "boolean", 0, "it was in the baseline, and cannot be read now"},
	{0},
};

static const struct member summary_members[] = {
	{"configuration", "integer", 0, "changes of the configuration"},
	{"worse", "integer", 0, "measured values that are worse, beyond the tolerance"},
	{"better", "integer", 0, "measured values that are better, beyond it"},
	{"unread", "integer", 0, "what cannot be read now"},
	{0},
};

static struct node *change_schema(void)
{
	struct node *n = members_schema(change_members);

	for (const struct cause *c = cause_rows(); c->word; c++)
		members_allow(n, "reason", c->word);
	members_allow(n, "type", "configuration");
	members_allow(n, "type", "worse");
	members_allow(n, "type", "better");
	return n;
}

struct node *report_schema_of_baseline(void)
{
	struct node *n = members_schema(comparison_members);

	node_set_text(n, "title", "what baseline compare prints");
	node_set(members_get(n, "version"), "const", node_new_uint(1));
	members_set_object(n, "was", side_members);
	members_set_object(n, "now", side_members);
	node_set(members_get(n, "changes"), "items", change_schema());
	node_set(members_get(n, "notes"), "items", members_schema(note_members));
	members_set_object(n, "summary", summary_members);
	return n;
}
