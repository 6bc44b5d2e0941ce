/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as a file of rules: errors with a place, or rules that work. */
#include "fuzz.h"

#include "diagnose/diagnose.h"
#include "diagnose/rules/load.h"
#include "diagnose/rules/verdict_check.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

FUZZ_MUTATES_TREES

static const char log_text[] =
	"[    1.000000] watchdog: BUG: soft lockup - CPU#7 stuck for 22s! [nfsd:812]\n"
	"[    1.000001] Call Trace:\n"
	"[    1.000002]  nfsd_dispatch+0x12/0x34 [nfsd]\n"
	"[    2.000000] mydrv eth0: stuck for 250000 us\n";

static void use(const struct rules *rules)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	struct diagnosis d = {0};
	struct diagnose_run run = {
		.rules = rules, .log = {.name = "log", .fd = fd}, .d = &d};

	assert(fd >= 0 && write(fd, log_text, strlen(log_text)) > 0);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	assert(diagnose(&run) == 0);
	diagnosis_done(&d);
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diagnostics diag = {0};
	struct rules rules = {0};

	rules_parse(&rules, (const char *)data, size, "rules.yaml", &diag);
	verdict_rules_check(&rules, &diag);
	for (size_t i = 0; i < diag.n; i++)
		assert(*diag.list[i].text && diag.list[i].line > 0);
	if (diag.errors == 0)
		use(&rules);
	rules_done(&rules);
	diag_done(&diag);
	return 0;
}
