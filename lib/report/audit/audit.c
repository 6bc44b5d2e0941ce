/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/audit.h"

void report_print(const struct report *r, enum format f, FILE *out, FILE *log)
{
	static void (*const print[FORMATS])(const struct report *r, FILE *out) = {
		[FORMAT_JSON] = report_json,
		[FORMAT_JUNIT] = report_junit,
		[FORMAT_PROMETHEUS] = report_prometheus,
		[FORMAT_NPD] = report_npd,
		[FORMAT_HTML] = report_html,
	};

	if (f == FORMAT_TEXT)
		report_text(r, out, log);
	else
		print[f](r, out);
}
