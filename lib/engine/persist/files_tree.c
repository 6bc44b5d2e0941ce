/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the files for the next boot hold, as a tree. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/persist/files.h"
#include "stored/unit.h"

#include <string.h>

/* The next line that is no comment, without blanks around it; NULL: the end. */
static char *next_line(char **rest)
{
	char *line;

	while ((line = strsep(rest, "\n"))) {
		size_t len;

		line += strspn(line, " \t\r");
		len = strlen(line);
		while (len > 0 && strchr(" \t\r", line[len - 1]))
			line[--len] = '\0';
		if (*line && !strchr("#;", *line))
			return line;
	}
	return NULL;
}

static void add_sysctls(struct node *tree, const char *text)
{
	_free_ char *copy = mem_dup(text);
	struct node *all = node_get_map(node_get_map(tree, "kernel"), "sysctl");
	char *rest = copy, *line;

	while ((line = next_line(&rest))) {
		char *value = strchr(line, '=');
		size_t end;

		if (!value)
			continue;
		end = (size_t)(value - line);
		while (end > 0 && strchr(" \t", line[end - 1]))
			end--;
		line[end] = '\0';
		value++;
		node_set(all, line, node_new_text(value + strspn(value, " \t")));
	}
}

static void add_modules(struct node *tree, const char *text)
{
	_free_ char *copy = mem_dup(text);
	struct node *all = node_get_map(node_get_map(tree, "kernel"), "modules");
	char *rest = copy, *line;

	while ((line = next_line(&rest))) {
		struct node *module = node_get_map(all, line);

		node_set(module, "allowed", node_new_bool(true));
		node_set(module, "autoload", node_new_bool(true));
	}
}

bool persisting_is_same(const struct persisting *f, enum stored_what what)
{
	const char *have = f->have[what].text, *want = f->want[what];

	if (!have || !want)
		return !have && !want;
	/* systemctl enable links to the absolute path */
	if (what == STORED_ENABLED)
		return f->have[what].state == OWNED_OURS;
	return strcmp(have, want) == 0;
}

/* What keeps the unit from applying the profile; "": there is none; NULL: nothing. */
static const char *unit_fault(const struct persisting *f)
{
	const struct stored_file *unit = &f->have[STORED_UNIT];

	if (!unit->text || !f->want[STORED_UNIT])
		return "";
	if (f->recorded ? !unit_applies(unit->text, f->want[STORED_PROFILE])
	                : !persisting_is_same(f, STORED_UNIT))
		return "another profile, or another program, is applied";
	/* only root can read the profile, and no bundle has it; the unit has its digest
	 */
	if (!f->recorded && !f->have[STORED_PROFILE].why &&
	    !persisting_is_same(f, STORED_PROFILE))
		return "the stored profile is missing or another one";
	return f->have[STORED_ENABLED].state == OWNED_ABSENT ? "the unit is not enabled"
	                                                     : NULL;
}

struct node *persisting_tree(const struct persisting *f)
{
	struct node *tree = node_new(NODE_MAP);
	const char *fault = f->by_service ? NULL : unit_fault(f);

	if (f->have[STORED_SYSCTL].text)
		add_sysctls(tree, f->have[STORED_SYSCTL].text);
	if (f->have[STORED_MODULES].text)
		add_modules(tree, f->have[STORED_MODULES].text);
	if (!fault || *fault)
		node_set_text(node_get_map(tree, "boot"), "unit",
		              fault ? fault : PERSISTING_AT_BOOT);
	return tree;
}
