/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "report/report.h"

static struct node *diagnostic_node(const struct diagnostic *d)
{
	static const char *const words[] = {[SEVERITY_ERROR] = "error",
	                                    [SEVERITY_WARNING] = "warning",
	                                    [SEVERITY_NOTE] = "note"};
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "file", d->file);
	node_set(n, "line", node_new_uint(d->line));
	node_set(n, "column", node_new_uint(d->col));
	node_set_text(n, "severity", words[d->severity]);
	node_set_text(n, "text", d->text);
	return n;
}

void report_diagnostics_json(const struct diagnostics *diag, enum severity most,
                             FILE *out)
{
	_node_ struct node *all = node_new(NODE_LIST);

	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity <= most)
			node_append(all, diagnostic_node(&diag->list[i]));
	report_tree_json(all, out);
}
