/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/format.h"

#include "base/text/buf.h"
#include "base/text/words.h"

#include <string.h>

const struct format_def format_defs[FORMATS] = {
	[FORMAT_TEXT] = {"text", "for people (default)", false},
	[FORMAT_JSON] = {"json", "for programs", true},
	[FORMAT_JUNIT] = {"junit", "JUnit XML, for CI", false},
	[FORMAT_PROMETHEUS] = {"prometheus",
                               "metrics, for node_exporter's textfile collector", false},
	[FORMAT_NPD] = {"npd", "one line, for node-problem-detector", false},
	[FORMAT_HTML] = {"html", "one page, for a browser", true},
};

enum format format_find(const char *name, size_t len)
{
	enum format f = FORMAT_TEXT;

	while (f < FORMATS && (strlen(format_defs[f].name) != len ||
	                       memcmp(format_defs[f].name, name, len) != 0))
		f++;
	return f;
}

char *format_list(const char *names)
{
	struct buf list = {0};
	const char *name;
	size_t len;

	while ((name = words_next(&names, ' ', &len))) {
		if (list.len)
			buf_add(&list, names && *names ? ", " : " or ");
		buf_add_n(&list, name, len);
	}
	return buf_take(&list);
}
