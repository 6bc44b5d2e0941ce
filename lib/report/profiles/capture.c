/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/capture/capture.h"
#include "doc/node.h"
#include "report/profiles/profiles.h"
#include "report/tree.h"

void report_capture(const struct capture *c, FILE *out)
{
	report_yaml(c->tree, report_own_comment, out);
	if (c->excluded.n > 0)
		(void)fputs("\n# not captured\n", out);
	for (size_t i = 0; i < c->excluded.n; i++) {
		(void)fputs("#   ", out);
		report_line(c->excluded.list[i].text, out);
	}
}

void report_capture_json(const struct capture *c, FILE *out, FILE *log)
{
	report_tree_json(c->tree, out);
	for (size_t i = 0; i < c->excluded.n; i++) {
		(void)fputs("hosttune: not captured: ", log);
		report_line(c->excluded.list[i].text, log);
	}
}
