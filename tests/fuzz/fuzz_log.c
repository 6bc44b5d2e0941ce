/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as a kernel log, in lines or as a journal: findings and a verdict with
 * evidence, or an error in words.
 */
#include "fuzz.h"

#include "diagnose/diagnose.h"
#include "diagnose/rules/load.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct rules *builtin(void)
{
	static struct rules rules;
	_diagnostics_ struct diagnostics diag = {0};

	if (rules.n == 0)
		rules_load_builtin(&rules, RULES_ALL, &diag);
	assert(rules.n > 0);
	return &rules;
}

static void check(const struct diagnosis *d)
{
	for (size_t i = 0; i < d->n; i++) {
		assert(d->findings[i].text && *d->findings[i].text);
		assert(d->findings[i].evidence.n > 0);
		assert(d->findings[i].count > 0);
	}
	assert(!d->verdict.reason ||
	       (d->n > 0 && d->verdict.evidence.n > 0 && d->verdict.n_next > 0));
}

static void diagnose_log(int fd, bool journal)
{
	struct diagnosis d = {0};
	struct diagnose_run run = {.rules = builtin(),
	                           .log = {.name = "log", .fd = fd, .journal = journal},
	                           .d = &d};

	assert(lseek(fd, 0, SEEK_SET) == 0);
	assert(diagnose(&run) == 0);
	assert(run.error.code == 0 || *run.error.text);
	check(&d);
	diagnosis_done(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	diagnose_log(fd, false);
	diagnose_log(fd, true);
	(void)close(fd);
	return 0;
}
