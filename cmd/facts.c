/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/facts.h"
#include "base/mem.h"
#include "complain.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "host/host.h"
#include "output.h"
#include "report/tree.h"

#include <errno.h>
#include <stdio.h>

static void print_facts(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct facts *facts = ctx;
	_node_ struct node *n = facts_node(facts);
	_free_ char *yaml = NULL;

	(void)log;
	if (f == FORMAT_JSON) {
		report_tree_json(n, out);
		return;
	}
	yaml = node_yaml_format(n);
	(void)fputs(yaml, out);
}

static int cmd_facts_run(const struct options *o)
{
	struct facts facts = {0};
	struct err e = {0};
	enum exit_code code;
	struct host h;
	int r = 0;

	if (o->n_profiles) {
		complain("facts \"%s\": takes no argument (it prints the "
		         "facts of this node)",
		         o->profiles[0]);
		return EXIT_INVALID;
	}
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	facts_read(&facts, &h);
	if (!deadline_expired(h.deadline))
		r = facts_read_kinds(&facts, &e);
	if (r == 0 && deadline_expired(h.deadline))
		r = err_set(&e, -ETIME, "%s", deadline_reason(h.deadline));
	if (r == 0)
		code = outputs_write(o, code, print_facts, &facts);
	else
		complain("facts: %s", e.text);
	facts_done(&facts);
	close_host(&h);
	return (int)(r == 0 ? code : r == -ETIME ? EXIT_DEADLINE : EXIT_FAILED);
}

const struct cmd cmd_facts = {
	.name = "facts",
	.args = "",
	.summary = "print this node's facts, as a file for --facts",
	.exits = "0 2 3 7",
	.see = "show, validate, userdata",
	.formats = "text json",
	.run = cmd_facts_run,
};
