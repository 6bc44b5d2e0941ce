/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What report_json() prints, as JSON Schema. It does not forbid further members: within a
 * version, members, kinds and reasons are added, and none changes its meaning.
 */
#include "doc/node.h"
#include "profile/waive.h"
#include "report/report.h"
#include "resource/kinds.h"
#include "storage/block/disk_reason.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define ID      "urn:hosttune:report:1"

enum member_flags {
	OPTIONAL = 1 << 0, /* may be missing */
	NULLABLE = 1 << 1, /* null: unknown, or none */
};

struct member {
	const char *name; /* NULL ends the list */
	const char *type; /* of JSON Schema */
	unsigned flags;
	const char *doc;
};

static const struct member report_members[] = {
	{"version", "integer", 0, "of this format"},
	{"host", "object", 0, NULL},
	{"profile", "string", NULLABLE, "the name in the merged profile"},
	{"profiles", "array", 0, "files, in the order in which they were merged"},
	{"api", "object", 0, NULL},
	{"resources", "array", 0,
         "one record for each managed thing, in order of application"},
	{"summary", "object", 0, NULL},
	{0},
};

static const struct member host_members[] = {
	{"name", "string", NULLABLE, "host name"},
	{"instance_type", "string", NULLABLE, "of EC2, from DMI"},
	{"root", "string", 0, "root directory of the host (--root)"},
	{"kernel", "string", OPTIONAL, "release of the running kernel"},
	{0},
};

static const struct member api_members[] = {
	{"state", "string", 0, "what the run had of the Bottlerocket API"},
	{"message", "string", NULLABLE, "why it could not be used"},
	{"affected_services", "object", OPTIONAL,
         "by setting: services that the host restarts if the setting is stored"},
	{0},
};

static const struct member resource_members[] = {
	{"kind", "string", 0, "what sort of thing it is"},
	{"name", "string", 0, "unique within its kind"},
	{"wanted", "string", NULLABLE, "the value that the profile gives"},
	{"live", "string", NULLABLE, "the current value; null: absent or unknown"},
	{"persisted", "string", NULLABLE, "the value in the Bottlerocket settings"},
	{"state", "string", 0, NULL},
	{"reason", "string", NULLABLE, "why it is in its state; null: in sync"},
	{"message", "string", NULLABLE, "the reason for people; it may change"},
	{"remedy", "string", NULLABLE, "a command, or what to do"},
	{"disks", "array", OPTIONAL, "drives that cannot be used, and why"},
	{"origin", "object", 0, "where the profile names it"},
	{"required_by", "string", OPTIONAL,
         "with --only: kind and name of what depends on it, the reason to include it"},
	{"waived", "object", OPTIONAL, "the profile accepts the difference"},
	{"evidence", "object", OPTIONAL, "further observations, by kind"},
	{0},
};

static const struct member disk_members[] = {
	{"device", "string", 0, "path of the device node"},
	{"serial", "string", OPTIONAL, NULL},
	{"wwid", "string", OPTIONAL, NULL},
	{"model", "string", OPTIONAL, NULL},
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

static struct node *member_schema(const struct member *m)
{
	struct node *n = node_new(NODE_MAP), *types = node_new(NODE_LIST);

	node_set_text(n, "description", m->doc);
	node_append(types, node_new_text(m->type));
	if (m->flags & NULLABLE)
		node_append(types, node_new_text("null"));
	node_set(n, "type", types);
	if (*m->type == 'i')
		node_set(n, "minimum", node_new_uint(0));
	return n;
}

static struct node *members_schema(const struct member *m)
{
	struct node *n = node_new(NODE_MAP), *required = node_new(NODE_LIST);

	node_set_text(n, "type", "object");
	node_set(n, "properties", node_new(NODE_MAP));
	for (; m->name; m++) {
		node_set(node_get(n, "properties"), m->name, member_schema(m));
		if (!(m->flags & OPTIONAL))
			node_append(required, node_new_text(m->name));
	}
	node_set(n, "required", required);
	return n;
}

static struct node *member(struct node *object, const char *name)
{
	return node_get_map(node_get_map(object, "properties"), name);
}

/* Replace the schema of a member by that of an object; its description stays. */
static struct node *set_object(struct node *object, const char *name,
                               const struct member *members)
{
	struct node *n = members_schema(members);
	const struct node *doc = node_get(member(object, name), "description");

	node_set_text(n, "description", doc ? doc->text : NULL);
	node_set(node_get_map(object, "properties"), name, n);
	return n;
}

static void allow(struct node *object, const char *name, const char *word)
{
	struct node *n = member(object, name);

	if (!node_get(n, "enum"))
		node_set(n, "enum", node_new(NODE_LIST));
	node_append(node_get(n, "enum"), word ? node_new_text(word) : node_new_null());
}

static struct node *disk_schema(void)
{
	struct node *n = members_schema(disk_members);

	for (enum disk_reason r = 0; r < DISK_REASON_COUNT; r++)
		if (*disk_reason_word(r))
			allow(n, "reason", disk_reason_word(r));
	return n;
}

static struct node *resource_schema(void)
{
	struct node *n = members_schema(resource_members);

	for (const struct kind *const *k = kinds; *k; k++)
		allow(n, "kind", (*k)->name);
	allow(n, "kind", kind_waiver.name);
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		allow(n, "state", state_word(s));
	for (enum reason r = REASON_NONE; r < REASON_COUNT; r++)
		allow(n, "reason", r == REASON_NONE ? NULL : reason_word(r));
	node_set(member(n, "disks"), "items", disk_schema());
	set_object(n, "origin", place_members);
	set_object(set_object(n, "waived", waiver_members), "origin", place_members);
	return n;
}

static void add_api(struct node *root)
{
	static const char *const states[] = {"unused",      "absent",  "ok",
	                                     "unreachable", "refused", "locked"};
	struct node *n = set_object(root, "api", api_members);

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		allow(n, "state", states[i]);
}

static void add_summary(struct node *root)
{
	struct member members[STATE_SKIPPED + 3] = {{0}};

	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		members[s] = (struct member){state_word(s), "integer", 0, NULL};
	members[STATE_SKIPPED + 1] =
		(struct member){"waived", "integer", OPTIONAL,
	                        "covered by a waiver, and in no other count"};
	set_object(root, "summary", members);
	node_set_text(member(root, "summary"), "description", "resources by state");
}

void report_schema_of_reports(FILE *out)
{
	_node_ struct node *root = node_new(NODE_MAP);
	_node_ struct node *all = members_schema(report_members);

	node_set_text(root, "$schema", DIALECT);
	node_set_text(root, "$id", ID);
	node_set_text(root, "title", "hosttune report");
	node_for_each (item, all)
		node_set(root, item->key, node_copy(item));
	node_set(member(root, "version"), "const", node_new_uint(1));
	set_object(root, "host", host_members);
	node_set(node_get_map(member(root, "profiles"), "items"), "type",
	         node_new_text("string"));
	add_api(root);
	node_set(member(root, "resources"), "items", resource_schema());
	add_summary(root);
	report_tree_json(root, out);
}
