/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any file as a report: each document is counted as one node, or not at all. */
#include "fuzz.h"

#include "base/mem.h"
#include "fleet/collect.h"
#include "fleet/fleet.h"
#include "fleet/order.h"
#include "report/fleet/fleet.h"

#include <string.h>

FUZZ_MUTATES_TREES

static void ignore(const char *text)
{
	assert(*text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(fleet_done) struct fleet f = {0};
	_free_ char *text = NULL;
	size_t len, nodes = 0;
	FILE *out;

	fleet_collect(&f, fuzz_file(data, size), (struct deadline){0}, ignore);
	assert(f.n + f.n_skipped > 0);
	for (size_t v = 0; v < FLEET_VERDICTS; v++)
		nodes += f.by_verdict[v];
	assert(nodes == f.n);
	fleet_sort(&f);
	out = open_memstream(&text, &len);
	report_fleet_text(&f, true, out);
	report_fleet_json(&f, out);
	report_fleet_html(&f, out);
	(void)fclose(out);
	return 0;
}
