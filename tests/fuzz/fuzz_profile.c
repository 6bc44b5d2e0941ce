/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as a profile: checked without a node, then merged for one. */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/num.h"
#include "doc/json.h"
#include "doc/node.h"
#include "profile/builtin.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"

FUZZ_MUTATES_TREES

static const struct facts nowhere = {.unknown = true};
static const struct facts node = {
	.host = {.size = &(struct host_size){.cpus = 8,
                                             .memory = INT64_C(64) << 30,
                                             .numa_nodes = 1},
                 .page_size = 4096,
                 .nic_gbps = 25,
                 .kernel = NUM_VERSION(6, 1)},
	/* queues, ring_max, nic_gbps, disks, disk_size */
	.of_kinds = {8, 8192, 25, 2, INT64_C(2500) << 30},
};

static void load(const char *const *names, size_t n, const struct facts *facts)
{
	_diagnostics_ struct diagnostics diag = {0};
	_free_ char *text = NULL;
	struct profile p;
	int code = profile_load(&p, names, n, NULL, facts, &diag);

	assert(code == (diag_count_errors(&diag) == 0 ? 0 : -1));
	for (size_t i = 0; i < diag.n; i++)
		assert(diag.list[i].file && *diag.list[i].text);
	assert(code < 0 || p.tree);
	for (size_t i = 0; code == 0 && i < p.n; i++) {
		const struct resource *r = p.resources[i];

		assert(r->name && r->spec.at.line > 0);
		/* without a node nothing is skipped */
		assert(!r->spec.excluded || (!facts->unknown && p.excluded.n > 0 &&
		                             r->run.change.state == STATE_SKIPPED));
	}
	if (p.tree)
		text = node_json_line(p.tree);
	profile_done(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const names[] = {builtins()[0].name, "-"};

	fuzz_stdin(data, size);
	load(&names[1], 1, &nowhere);
	fuzz_stdin(data, size);
	load(names, 2, &node);
	return 0;
}
