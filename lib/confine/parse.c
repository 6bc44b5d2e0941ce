/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "confine/parse.h"

#include "base/diagnostics.h"
#include "base/text/buf.h"
#include "confine/confine.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/pack.h"
#include "doc/toml.h"
#include "doc/yaml.h"

#include <stddef.h>

typedef struct node *parser(const char *text, size_t len, const char *file,
                            struct diagnostics *diag);

struct job {
	parser *parse; /* NULL: JSON without places */
	const char *text, *file;
	size_t len, max_values;
	struct deadline until;
};

static void parse(void *arg, struct buf *out)
{
	const struct job *job = arg;
	_diagnostics_ struct diagnostics diag = {0};
	struct err e = {0};
	_node_ struct node *n =
		job->parse
			? job->parse(job->text, job->len, job->file, &diag)
			: node_json_parse_some(job->text, job->len, job->max_values, &e);

	pack_diagnostics(out, &diag);
	pack_err(out, &e);
	pack_node(out, n);
}

/* Return: the tree, or NULL with the error in `diag` or `e`. */
static struct node *parse_apart(struct job *job, struct diagnostics *diag, struct err *e)
{
	_buf_ struct buf packed = {0};
	struct unpack u;

	if (confined_call(parse, job, -1, job->until, &packed, e) < 0)
		return NULL;
	u = (struct unpack){.at = packed.text, .end = packed.text + packed.len};
	return unpack_parsed(&u, job->file, diag, e);
}

static struct node *parse_placed(parser *here, const char *text, size_t len,
                                 const char *file, struct deadline until,
                                 struct diagnostics *diag)
{
	const struct place start = {file, 1, 1};
	struct job job = {
		.parse = here, .text = text, .file = file, .len = len, .until = until};
	struct err e = {0};
	struct node *n;

	if (!confine_is_apart())
		return here(text, len, file, diag);
	n = parse_apart(&job, diag, &e);
	if (confined_is_failure(e.code))
		diag_fail(diag, start, "%s", e.text);
	else if (e.code < 0)
		diag_error(diag, start, "%s", e.text);
	return n;
}

struct node *confined_yaml_parse(const char *text, size_t len, const char *file,
                                 struct deadline until, struct diagnostics *diag)
{
	return parse_placed(node_yaml_parse, text, len, file, until, diag);
}

struct node *confined_toml_parse(const char *text, size_t len, const char *file,
                                 struct deadline until, struct diagnostics *diag)
{
	return parse_placed(node_toml_parse, text, len, file, until, diag);
}

struct node *confined_json_parse_placed(const char *text, size_t len, const char *file,
                                        struct deadline until, struct diagnostics *diag)
{
	return parse_placed(node_json_parse_placed, text, len, file, until, diag);
}

struct node *confined_json_parse_some(const char *text, size_t len, size_t max_values,
                                      struct deadline until, struct err *e)
{
	struct job job = {
		.text = text, .len = len, .max_values = max_values, .until = until};

	return confine_is_apart() ? parse_apart(&job, NULL, e)
	                          : node_json_parse_some(text, len, max_values, e);
}
