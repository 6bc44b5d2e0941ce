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

#include <sys/mman.h>
#include <unistd.h>

static const struct facts nowhere = {.unknown = true};
static const struct facts node = {
	.host = {.cpus = 8,
                 .memory = INT64_C(64) << 30,
                 .page_size = 4096,
                 .numa_nodes = 1,
                 .nic_gbps = 25,
                 .kernel = NUM_VERSION(6, 1)},
	.of_kinds = {2, INT64_C(2500) << 30}, /* disks, disk_size */
};

/* Use standard input, the only profile name that needs no file. */
static void put_on_stdin(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("profile", MFD_CLOEXEC);
		assert(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	}
	assert(ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	assert(lseek(fd, 0, SEEK_SET) == 0);
}

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
	const char *const names[] = {builtins[0].name, "-"};

	put_on_stdin(data, size);
	load(&names[1], 1, &nowhere);
	put_on_stdin(data, size);
	load(names, 2, &node);
	return 0;
}
