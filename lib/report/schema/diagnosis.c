/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/schema/diagnosis.h"

#include "diagnose/rules/finding.h"
#include "doc/node.h"
#include "report/schema/members.h"

static const struct member diagnosis_members[] = {
	{"version", "integer", 0, "of this format"},
	{"host", "object", 0, "empty if only a log was diagnosed"},
	{"seconds", "integer", 0, "that counters were watched; 0: they are since boot"},
	{"verdict", "object", MEMBER_NULLABLE, "one cause for what was found"},
	{"findings", "array", 0, "the most severe first"},
	{"not_checked", "array", 0, "rules and measures, never counted as fine"},
	{"interrupts", "array", 0, "CPUs that serve the queues of cards and NVMe drives"},
	{"summary", "object", 0, NULL},
	{0},
};

static const struct member served_members[] = {
	{"device", "string", 0, "interface or NVMe controller"},
	{"queues", "array", 0, "its interrupts"},
	{0},
};

static const struct member queue_members[] = {
	{"irq", "integer", 0, "number in /proc/interrupts"},
	{"name", "string", 0, "what the driver calls it; empty: unknown"},
	{"cpus", "string", 0, "list of CPUs, as the kernel writes it"},
	{0},
};

static const struct member host_members[] = {
	{"name", "string", MEMBER_NULLABLE | MEMBER_OPTIONAL, "host name"},
	{"instance_type", "string", MEMBER_NULLABLE | MEMBER_OPTIONAL,
         "of EC2, from DMI"},
	{"root", "string", MEMBER_OPTIONAL, "root directory of the host (--root)"},
	{"kernel", "string", MEMBER_OPTIONAL, "release of the kernel"},
	{0},
};

static const struct member verdict_members[] = {
	{"reason", "string", 0, "stable word"},
	{"confidence", "string", 0, NULL},
	{"message", "string", 0, "for people; it may change"},
	{"evidence", "array", 0, NULL},
	{"next", "array", 0, "what to do or to collect"},
	{0},
};

static const struct member finding_members[] = {
	{"reason", "string", 0, "name of the rule: stable"},
	{"severity", "string", 0, NULL},
	{"subject", "string", 0, "what it concerns; empty: the node"},
	{"message", "string", 0, "for people; it may change"},
	{"why", "string", MEMBER_NULLABLE, "what it causes"},
	{"remedy", "string", MEMBER_NULLABLE, "a command, or what to do"},
	{"source", "string", MEMBER_NULLABLE, "of the rule's claim"},
	{"count", "integer", MEMBER_OPTIONAL, "how often it was seen; none: a state"},
	{"evidence", "array", 0, NULL},
	{0},
};

static const struct member evidence_members[] = {
	{"text", "string", 0, NULL},
	{"where", "string", MEMBER_NULLABLE, "file, or place in a log"},
	{0},
};

static const struct member unchecked_members[] = {
	{"what", "string", 0, "the rule or the measure"},
	{"why", "string", 0, NULL},
	{0},
};

static void allow_all(struct node *object, const char *name, const char *const *words)
{
	for (; *words; words++)
		members_allow(object, name, *words);
}

static void set_items(struct node *object, const char *name, struct node *items)
{
	node_set(members_get(object, name), "items", items);
}

static struct node *finding_schema(void)
{
	struct node *n = members_schema(finding_members);

	allow_all(n, "severity", finding_severity_words);
	set_items(n, "evidence", members_schema(evidence_members));
	return n;
}

/* There may be none. */
static void add_verdict(struct node *root)
{
	struct node *n = members_set_object(root, "verdict", verdict_members);
	struct node *types = node_new(NODE_LIST);

	node_append(types, node_new_text("object"));
	node_append(types, node_new_text("null"));
	node_set(n, "type", types);
	allow_all(n, "confidence", confidence_words);
	set_items(n, "evidence", members_schema(evidence_members));
	node_set(node_get_map(members_get(n, "next"), "items"), "type",
	         node_new_text("string"));
}

static void add_summary(struct node *root)
{
	struct member members[FINDING_SEVERITIES + 2] = {{0}};

	for (enum finding_severity s = 0; s < FINDING_SEVERITIES; s++)
		members[s] =
			(struct member){finding_severity_words[s], "integer", 0, NULL};
	members[FINDING_SEVERITIES] = (struct member){"not_checked", "integer", 0, NULL};
	members_set_object(root, "summary", members);
	node_set_text(members_get(root, "summary"), "description",
	              "findings by severity");
}

struct node *report_schema_of_diagnosis(void)
{
	struct node *n = members_schema(diagnosis_members);

	node_set_text(n, "title", "what diagnose prints");
	node_set(members_get(n, "version"), "const", node_new_uint(1));
	members_set_object(n, "host", host_members);
	add_verdict(n);
	set_items(n, "findings", finding_schema());
	set_items(n, "not_checked", members_schema(unchecked_members));
	set_items(n, "interrupts", members_schema(served_members));
	set_items(node_get(members_get(n, "interrupts"), "items"), "queues",
	          members_schema(queue_members));
	add_summary(n);
	return n;
}
