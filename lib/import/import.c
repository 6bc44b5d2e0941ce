/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/import.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/utf8.h"
#include "doc/node.h"
#include "doc/sniff.h"
#include "doc/yaml.h"
#include "import/formats.h"

#include <stdlib.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

const char *const import_formats[] = {"sysctl", "tuned", "bottlerocket", NULL};

enum import_format import_format_named(const char *name)
{
	for (size_t i = 0; import_formats[i]; i++)
		if (strcmp(import_formats[i], name) == 0)
			return (enum import_format)(IMPORT_SYSCTL + i);
	return IMPORT_AUTO;
}

/* --- the text -------------------------------------------------------------------------
 */

/* Report what no profile may contain. Return: false if there is any. */
static bool check_text(const char *text, size_t len, const char *file,
                       struct diagnostics *diag)
{
	struct place at = {file, 1, 1};
	const char *p = text, *end = text + len;

	if (len > NODE_YAML_SIZE_MAX) {
		diag_error(diag, at, "too large (limit: 1 MiB, 1048576 bytes)");
		return false;
	}
	while (p < end) {
		int32_t code = utf8_next(&p, end);

		if (code < 0)
			diag_error(diag, at, "not valid UTF-8");
		else if (!utf8_is_printable(code) && !(code == '\r' && *p == '\n'))
			diag_error(diag, at, "control character U+%04x", (unsigned)code);
		else if (code == '\n')
			at = (struct place){file, at.line + 1, 1};
		else
			at.col++;
		if (diag->n > 0)
			return false;
	}
	return true;
}

static void import_split(struct import *im, const char *text)
{
	size_t cap = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), line = len;

		if (line > 0 && text[line - 1] == '\r')
			line--;
		im->lines = mem_grow(im->lines, &cap, im->n_lines, sizeof(*im->lines));
		im->lines[im->n_lines++] = mem_dup_n(text, line);
		text += len + (text[len] == '\n');
	}
}

/* --- the format -----------------------------------------------------------------------
 */

static const char *fault_of(enum sniff found)
{
	if (found == SNIFF_GZIP)
		return "compressed (decompress it: \"zcat FILE | hosttune import -\")";
	if (found == SNIFF_BASE64)
		return "base64 (decode it: \"base64 -d FILE | hosttune import -\")";
	return "not recognised as a sysctl.conf, a TuneD profile or Bottlerocket settings "
	       "(--from says which it is)";
}

/* Return: IMPORT_AUTO, with an error, if it is none of them. */
static enum import_format recognise(const char *text, size_t len, const char *file,
                                    struct diagnostics *diag)
{
	enum sniff found = sniff_text(text, len);

	if (found == SNIFF_SYSCTL_CONF)
		return IMPORT_SYSCTL;
	if (found == SNIFF_TUNED)
		return IMPORT_TUNED;
	if (found == SNIFF_TOML || text[strspn(text, " \t\r\n")] == '{')
		return IMPORT_BOTTLEROCKET;
	diag_error(diag, (struct place){file, 1, 1}, "%s", fault_of(found));
	return IMPORT_AUTO;
}

static int compare_omitted(const void *a, const void *b)
{
	const struct import_omitted *x = a, *y = b;
	int r = (x->at.line > y->at.line) - (x->at.line < y->at.line);

	if (r == 0)
		r = (x->at.col > y->at.col) - (x->at.col < y->at.col);
	r = r ? r : strcmp(x->reason, y->reason);
	return r ? r : strcmp(x->line ? x->line : "", y->line ? y->line : "");
}

static int import_parse(struct import *im, const char *text, size_t len, const char *file,
                        enum import_format format, struct diagnostics *diag)
{
	if (format == IMPORT_AUTO)
		format = recognise(text, len, file, diag);
	if (format == IMPORT_BOTTLEROCKET)
		return import_bottlerocket(im, text, len, file, diag);
	if (format == IMPORT_AUTO)
		return -1;
	import_split(im, text);
	return format == IMPORT_TUNED ? import_tuned(im, file)
	                              : import_sysctl_conf(im, file);
}

int import_read(struct import *im, const char *text, size_t len, const char *file,
                enum import_format format, struct diagnostics *diag)
{
	size_t mark = strlen(byte_order_mark);

	*im = (struct import){.tree = node_new(NODE_MAP)};
	node_set(im->tree, "version", node_new_uint(1));
	/* it means nothing, and everything else would count it as a character */
	if (len >= mark && memcmp(text, byte_order_mark, mark) == 0) {
		text += mark;
		len -= mark;
	}
	/* compressed data deserves a better message than that for its first byte */
	if (sniff_text(text, len) == SNIFF_GZIP)
		diag_error(diag, (struct place){file, 1, 1}, "%s", fault_of(SNIFF_GZIP));
	else if (check_text(text, len, file, diag) &&
	         import_parse(im, text, len, file, format, diag) == 0 &&
	         import_check(im, diag) == 0) {
		if (im->n > 0)
			qsort(im->omitted, im->n, sizeof(*im->omitted), compare_omitted);
		return 0;
	}
	return -1;
}
