/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "persisting.h"

#include "applied.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "engine/undo/revert.h"
#include "engine/undo/unpersist.h"
#include "journal/journal.h"
#include "stored/owned.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *persisting_audited(const char *text)
{
	applied_audit(text);
	return applied_report();
}

const char *persisting_applied(const char *text)
{
	(void)applied_run(text);
	return applied_report();
}

const char *persisting_body(const char *path)
{
	const char *text = tmproot_read(path);

	return strcmp(text, "(none)") == 0 ? text : owned_body(text);
}

/* Revert a journal. Return: "/etc/x changed Restored;" for each. */
static const char *undo(const struct journal *j)
{
	struct revert v;
	struct err e = {0};
	_buf_ struct buf b = {0};

	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++) {
		const struct resource *r = v.plan.resources[i];

		buf_addf(&b, "%s %s %s;", r->name, state_word(r->run.change.state),
		         reason_word(r->run.change.reason));
	}
	revert_done(&v);
	return keep_text(b.len ? buf_take(&b) : mem_dup(""));
}

const char *persisting_reverted(unsigned id)
{
	return undo(applied_journal(id));
}

const char *persisting_unpersisted(void)
{
	_journal_ struct journal j = {0};
	struct err e = {0};

	assert_int_equal(unpersist_list(&j, &tmproot.host, NULL, 0, &e), 0);
	return undo(&j);
}

bool persisting_install(void)
{
	_free_ char *path = mem_format("%s/usr/bin/hosttune", tmproot.path);

	tmproot_write("/usr/bin/hosttune", "");
	assert_return_code(chmod(path, 0755), errno);
	return geteuid() == 0;
}
