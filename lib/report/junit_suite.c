/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * JUnit XML, of which several dialects exist. This is what both Ant's and Jenkins' schema
 * accept: they have no file and line of a test case, so places are in its text.
 */
#include "report/junit_suite.h"

#include "report/markup.h"

#include <time.h>

void junit_begin(const struct junit_suite *s, FILE *out)
{
	time_t now = (time_t)s->now_s;
	char timestamp[sizeof("2026-01-01T00:00:00")] = "";
	struct tm tm;

	/* the schema has no time zone */
	if (gmtime_r(&now, &tm))
		(void)strftime(timestamp, sizeof(timestamp), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	            "  <testsuite package=\"hosttune\" id=\"0\"",
	            out);
	markup_attribute("name", s->name, out);
	markup_attribute("hostname", s->host && *s->host ? s->host : "localhost", out);
	markup_attribute("timestamp", timestamp, out);
	(void)fprintf(out,
	              " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
	              "time=\"0\">\n    <properties>\n",
	              s->tests, s->failures, s->skipped);
}

void junit_property(const char *name, const char *value, FILE *out)
{
	if (!value || !*value)
		return;
	(void)fputs("      <property", out);
	markup_attribute("name", name, out);
	markup_attribute("value", value, out);
	(void)fputs("/>\n", out);
}

void junit_properties_end(FILE *out)
{
	(void)fputs("    </properties>\n", out);
}

void junit_end(const char *log, FILE *out)
{
	(void)fputs("    <system-out/>\n    <system-err>", out);
	markup_text(log, out);
	(void)fputs("</system-err>\n  </testsuite>\n</testsuites>\n", out);
}

void junit_case_begin(const char *class, const char *name, FILE *out)
{
	(void)fputs("    <testcase time=\"0\"", out);
	markup_attribute("classname", class, out);
	markup_attribute("name", name, out);
}

void junit_case_skipped(const char *message, FILE *out)
{
	(void)fputs(">\n      <skipped", out);
	markup_attribute("message", message, out);
	(void)fputs("/>\n    </testcase>\n", out);
}

void junit_case_failed(const char *type, const char *message, const char *text, FILE *out)
{
	(void)fputs(">\n      <failure", out);
	markup_attribute("type", type, out);
	markup_attribute("message", message, out);
	(void)fputc('>', out);
	markup_text(text, out);
	(void)fputs("</failure>\n    </testcase>\n", out);
}

void junit_case_passed(FILE *out)
{
	(void)fputs("/>\n", out);
}
