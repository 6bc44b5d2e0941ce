/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What report_json() prints, as JSON Schema. */
#include "doc/node.h"
#include "engine/persist/persist.h"
#include "profile/waive.h"
#include "report/schema/baseline.h"
#include "report/schema/diagnosis.h"
#include "report/schema/members.h"
#include "report/schema/schema.h"
#include "report/tree.h"
#include "resource/kinds.h"
#include "storage/block/disk_reason.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define ID      "urn:hosttune:report:1"

static const struct member report_members[] = {
	{"version", "integer", 0, "of this format"},
	{"host", "object", 0, NULL},
	{"profile", "string", MEMBER_NULLABLE, "the name in the merged profile"},
	{"profiles", "array", 0, "files, in the order in which they were merged"},
	{"api", "object", 0, NULL},
	{"resources", "array", 0,
         "one record for each managed thing, in order of application"},
	{"summary", "object", 0, NULL},
	{0},
};

static const struct member host_members[] = {
	{"name", "string", MEMBER_NULLABLE, "host name"},
	{"instance_type", "string", MEMBER_NULLABLE, "of EC2, from DMI"},
	{"root", "string", 0, "root directory of the host (--root)"},
	{"kernel", "string", MEMBER_OPTIONAL, "release of the running kernel"},
	{0},
};

static const struct member api_members[] = {
	{"state", "string", 0, "what the run had of the Bottlerocket API"},
	{"needed", "boolean", MEMBER_OPTIONAL,
         "whether the profile requires it: persist: true, or a setting"},
	{"message", "string", MEMBER_NULLABLE, "why it could not be used"},
	{"affected_services", "object", MEMBER_OPTIONAL,
         "by setting: services that the host restarts if the setting is stored"},
	{0},
};

static const struct member resource_members[] = {
	{"kind", "string", 0, "what sort of thing it is"},
	{"name", "string", 0, "unique within its kind"},
	{"wanted", "string", MEMBER_NULLABLE, "the value that the profile gives"},
	{"live", "string", MEMBER_NULLABLE, "the current value; null: absent or unknown"},
	{"persisted", "string", MEMBER_NULLABLE,
         "the value in the Bottlerocket settings"},
	{"state", "string", 0, NULL},
	{"reason", "string", MEMBER_NULLABLE, "why it is in its state; null: in sync"},
	{"message", "string", MEMBER_NULLABLE, "the reason for people; it may change"},
	{"remedy", "string", MEMBER_NULLABLE, "a command, or what to do"},
	{"disks", "array", MEMBER_OPTIONAL, "drives that cannot be used, and why"},
	{"origin", "object", 0, "where the profile names it"},
	{"required_by", "string", MEMBER_OPTIONAL,
         "with --only: kind and name of what depends on it, the reason to include it"},
	{"waived", "object", MEMBER_OPTIONAL, "the profile accepts the difference"},
	{"evidence", "object", MEMBER_OPTIONAL, "further observations, by kind"},
	{0},
};

static const struct member disk_members[] = {
	{"device", "string", 0, "path of the device node"},
	{"serial", "string", MEMBER_OPTIONAL, NULL},
	{"wwid", "string", MEMBER_OPTIONAL, NULL},
	{"model", "string", MEMBER_OPTIONAL, NULL},
	{"reason", "string", 0, NULL},
	{"message", "string", 0, "the reason for people; it may change"},
	{0},
};

static const struct member place_members[] = {
	{"file", "string", 0, NULL},
	{"line", "integer", 0, "from 1; 0: the whole file"},
	{"column", "integer", 0, "from 1, in characters"},
	{0},
};

static const struct member waiver_members[] = {
	{"reason", "string", 0, "why, in words of the profile"},
	{"until", "string", 0, "the last day, as 2027-03-31"},
	{"origin", "object", 0, "where the profile waives it"},
	{0},
};

static struct node *disk_schema(void)
{
	struct node *n = members_schema(disk_members);

	for (enum disk_reason r = 0; r < DISK_REASON_COUNT; r++)
		if (*disk_reason_word(r))
			members_allow(n, "reason", disk_reason_word(r));
	return n;
}

static struct node *resource_schema(void)
{
	struct node *n = members_schema(resource_members);

	for (const struct kind *const *k = kinds; *k; k++)
		members_allow(n, "kind", (*k)->name);
	members_allow(n, "kind", kind_waiver.name);
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		members_allow(n, "state", state_word(s));
	for (enum reason r = REASON_NONE; r < REASON_COUNT; r++)
		members_allow(n, "reason", r == REASON_NONE ? NULL : reason_word(r));
	node_set(members_get(n, "disks"), "items", disk_schema());
	members_set_object(n, "origin", place_members);
	members_set_object(members_set_object(n, "waived", waiver_members), "origin",
	                   place_members);
	return n;
}

static void add_api(struct node *root)
{
	struct node *n = members_set_object(root, "api", api_members);

	for (enum persist_state s = PERSIST_UNUSED; persist_state_word(s); s++)
		members_allow(n, "state", persist_state_word(s));
}

static void add_summary(struct node *root)
{
	struct member members[STATE_SKIPPED + 3] = {{0}};

	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		members[s] = (struct member){state_word(s), "integer", 0, NULL};
	members[STATE_SKIPPED + 1] =
		(struct member){"waived", "integer", MEMBER_OPTIONAL,
	                        "covered by a waiver, and in no other count"};
	members_set_object(root, "summary", members);
	node_set_text(members_get(root, "summary"), "description", "resources by state");
}

static struct node *report_schema_of_audit(void)
{
	struct node *n = members_schema(report_members);

	node_set_text(n, "title", "what apply and audit print");
	node_set(members_get(n, "version"), "const", node_new_uint(1));
	members_set_object(n, "host", host_members);
	node_set(node_get_map(members_get(n, "profiles"), "items"), "type",
	         node_new_text("string"));
	add_api(n);
	node_set(members_get(n, "resources"), "items", resource_schema());
	add_summary(n);
	return n;
}

void report_schema_of_reports(FILE *out)
{
	_node_ struct node *root = node_new(NODE_MAP);
	struct node *one = node_new(NODE_LIST);

	node_set_text(root, "$schema", DIALECT);
	node_set_text(root, "$id", ID);
	node_set_text(root, "title", "hosttune report");
	node_append(one, report_schema_of_audit());
	node_append(one, report_schema_of_diagnosis());
	node_append(one, report_schema_of_baseline());
	node_set(root, "oneOf", one);
	report_tree_json(root, out);
}
