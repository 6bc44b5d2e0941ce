/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/metric.h"

#include "base/text/utf8.h"

#include <inttypes.h>
#include <string.h>

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
	const char *end = text + strlen(text);

	(void)fprintf(out, "%c%s=\"", before, name);
	while (text < end) {
		const char *from = text;

		/* one label that is not UTF-8 makes Prometheus refuse all metrics */
		if (utf8_next(&text, end) < 0)
			(void)fprintf(out, "\\\\x%02x", (unsigned char)*text++);
		else if (*from == '\n')
			(void)fputs("\\n", out);
		else if (*from == '"' || *from == '\\')
			(void)fprintf(out, "\\%c", *from);
		else
			(void)fwrite(from, 1, (size_t)(text - from), out);
	}
	(void)fputc('"', out);
}
