/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/revert/journals.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "doc/node.h"
#include "journal/journal.h"
#include "report/tree.h"

#include <time.h>

void report_journal_time(int64_t seconds, char *ret, size_t room)
{
	time_t at = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&at, &tm) || strftime(ret, room, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		ret[0] = '\0';
}

static const char *state_of(const struct journal *j)
{
	if (j->state == JOURNAL_APPLYING)
		return "interrupted";
	return j->try_s ? "on trial" : journal_state_word(j->state);
}

void report_journals(const struct journal_line *list, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct journal *j = list[i].journal;
		_free_ char *text = NULL, *printed = NULL;
		char at[64];

		if (j) {
			report_journal_time(j->time_s, at, sizeof(at));
			text = mem_format("%4u  %s  %-11s  %4zu values  %s %s",
			                  list[i].id, at, state_of(j), j->n, j->command,
			                  j->profile);
		} else {
			text = mem_format("%4u  unreadable: %s", list[i].id, list[i].why);
		}
		printed = display_text(text);
		(void)fprintf(out, "%s\n", printed);
	}
}

static struct node *line_node(const struct journal_line *line)
{
	const struct journal *j = line->journal;
	struct node *n = node_new(NODE_MAP);

	node_set(n, "id", node_new_uint(line->id));
	if (!j) {
		node_set_text(n, "state", "unreadable");
		node_set_text(n, "message", line->why);
		return n;
	}
	node_set_text(n, "state", state_of(j));
	node_set(n, "time", node_new_uint((uint64_t)j->time_s));
	node_set_text(n, "command", j->command);
	node_set_text(n, "profile", j->profile);
	node_set_text(n, "boot", j->boot);
	node_set(n, "values", node_new_uint(j->n));
	return n;
}

void report_journals_json(const struct journal_line *list, size_t n, FILE *out)
{
	_node_ struct node *tree = node_new(NODE_MAP);
	struct node *all = node_new(NODE_LIST);

	for (size_t i = 0; i < n; i++)
		node_append(all, line_node(&list[i]));
	node_set(tree, "version", node_new_uint(1));
	node_set(tree, "journals", all);
	report_tree_json(tree, out);
}
