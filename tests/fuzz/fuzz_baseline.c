/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any file as a baseline: it is refused, or compared with itself without a change. */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "baseline/compare.h"
#include "baseline/load.h"
#include "doc/json.h"
#include "doc/node.h"
#include "report/baseline/baseline.h"

#include <stdlib.h>

FUZZ_MUTATES_TREES

static struct node *other;

/* One with all parts, to compare the input with. */
static const char other_text[] =
	"{\"kind\": \"baseline\", \"version\": 1, \"host\": {\"name\": \"a\"},"
	"\"mounts\": {\"/d\": {\"device\": \"A\", \"options\": \"rw,noatime\", "
	"\"stacked\": 1, \"filesystem\": {\"uuid\": \"u\", \"features\": \"crc\"}}},"
	"\"drives\": {\"A\": {\"name\": \"n\", \"bytes\": 1, \"queue\": {\"x\": 1}}},"
	"\"kernel\": {\"release\": \"6.1\", \"command_line\": \"quiet\"},"
	"\"dirty\": {\"dirty\": 1, \"writeback\": 1, \"throttled_from\": 1},"
	"\"sysctls\": {\"net.ipv4.tcp_mem\": \"1 2 3\"}, \"pods\": {\"a/b\": {}},"
	"\"files\": {\"/f\": {\"bytes\": 2, \"cached\": 1}}, \"probe\": {\"cold\": "
	"{\"calls\": 1, \"p50_us\": 1}, \"warm\": {\"calls\": 1, \"p50_us\": 1}}}";

static void print(const struct baseline_report *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	report_baseline_text(r, out);
	report_baseline_json(r, out);
	report_baseline_junit(r, out);
	report_baseline_npd(r, out);
	(void)fclose(out);
	free(text);
}

/* `printed`: not always, since that takes as long as the rest. */
static size_t compare(const struct node *was, const struct node *now, bool printed)
{
	_comparison_ struct baseline_comparison c = {0};
	struct baseline_report r = {
		.c = &c, .file = "f", .was = was, .now = now, .width = 80};

	baseline_compare(was, now, BASELINE_TOLERANCE, &c);
	if (printed)
		print(&r);
	return c.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(baseline_file_done) struct baseline_file f = {0};
	_diagnostics_ struct diagnostics diag = {0};
	struct err e = {0};

	if (!other)
		other = node_json_parse(other_text, sizeof(other_text) - 1, &e);
	assert(other);
	f.source.file = mem_dup("f");
	f.source.text = mem_dup_n((const char *)data, size);
	f.source.len = size;
	if (baseline_parse(&f, &diag) < 0) {
		assert(diag_count_errors(&diag) > 0);
		return 0;
	}
	assert(compare(f.tree, f.tree, size % 8 == 0) == 0);
	(void)compare(f.tree, other, size % 2 == 0);
	(void)compare(other, f.tree, size % 2 == 1);
	return 0;
}
