/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/metric.h"

#include <inttypes.h>

void metric_family(FILE *out, const char *name, const char *type, const char *help)
{
	(void)fprintf(out, "# HELP hosttune_%s %s\n# TYPE hosttune_%s %s\n", name, help,
	              name, type);
}

static void metric_single(FILE *out, const char *name, const char *type, const char *help,
                          uint64_t value)
{
	metric_family(out, name, type, help);
	(void)fprintf(out, "hosttune_%s %" PRIu64 "\n", name, value);
}

void metric_gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	metric_single(out, name, "gauge", help, value);
}

void metric_counter(FILE *out, const char *name, const char *help, uint64_t value)
{
	metric_single(out, name, "counter", help, value);
}

void metric_label(FILE *out, char before, const char *name, const char *text)
{
	(void)fprintf(out, "%c%s=\"", before, name);
	for (; *text; text++) {
		if (*text == '\n')
			(void)fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			(void)fprintf(out, "\\%c", *text);
		else
			(void)fputc(*text, out);
	}
	(void)fputc('"', out);
}
