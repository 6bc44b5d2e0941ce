/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "applied.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/apply.h"
#include "engine/persist/apply.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

struct applied applied;

/* --- the root ------------------------------------------------------------------------
 */

int applied_setup(void **state)
{
	int r = tmproot_setup(state);

	applied.command = "apply";
	applied.dir = mem_format("%s/journal", tmproot.outside);
	tmproot_write(APPLIED_BOOT_ID, "boot-1\n");
	tmproot_write("/etc/machine-id", "machine-1\n");
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot_write("/proc/sys/vm/page-cluster", "3\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0/rp_filter", "1\n");
	return r;
}

int applied_setup_host(void **state)
{
	int r = applied_setup(state);

	tmproot.host.live = true;
	tmproot.host.no_api = "--no-api";
	tmproot_dir("/run/systemd/system");
	tmproot_dir("/etc/sysctl.d");
	tmproot_dir("/etc/systemd/system/multi-user.target.wants");
	tmproot_dir("/etc/modules-load.d");
	return r;
}

static void forget_run(void)
{
	journaling_done(&applied.journaling);
	persist_done(&applied.persist);
	profile_done(&applied.profile);
	applied.profile = (struct profile){0};
}

int applied_teardown(void **state)
{
	forget_run();
	mem_set(&applied.dir, NULL);
	stub_stop();
	return tmproot_teardown(state);
}

void applied_remove_dir(const char *path)
{
	_free_ char *full = mem_format("%s%s", tmproot.path, path);

	assert_return_code(rmdir(full), errno);
}

/* --- a run ---------------------------------------------------------------------------
 */

void applied_audit(const char *text)
{
	_free_ char *path = mem_format("%s/p.yaml", tmproot.outside);
	const char *names[] = {path};
	struct diagnostics *diag = new_diagnostics();
	struct facts facts = {.unknown = true};

	forget_run();
	tmproot_write("../outside/p.yaml", text);
	(void)profile_load(&applied.profile, names, 1, NULL, &facts, diag);
	assert_int_equal(diag_count_errors(diag), 0);
	plan_init(&applied.plan, &applied.profile);
	applied.journaling = (struct journaling){
		.command = applied.command, .profile = "p", .dir = applied.dir};
	applied.plan.journal = &applied.journaling;
	plan_observe(&applied.plan, &tmproot.host);
	persist_observe(&applied.persist, &applied.plan, &applied.profile, &tmproot.host);
}

int applied_run(const char *text)
{
	applied_audit(text);
	return applied_act();
}

int applied_act(void)
{
	struct err e = {0};
	int r;

	r = plan_apply(&applied.plan, &tmproot.host);
	if (r == 0)
		persist_apply(&applied.persist, &applied.plan, &tmproot.host);
	assert_int_equal(journaling_end(&applied.journaling, applied.persist.live,
	                                &tmproot.host, &e),
	                 0);
	return r;
}

const char *applied_report(void)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < applied.plan.n; i++) {
		const struct change *c = &applied.plan.resources[i]->run.change;

		if (c->state != STATE_OK)
			buf_addf(&b, "%s %s: %s;", state_word(c->state),
			         reason_word(c->reason), c->message);
	}
	return keep_text(b.len ? buf_take(&b) : mem_dup(""));
}

/* --- its journal ---------------------------------------------------------------------
 */

struct journal *applied_journal(unsigned id)
{
	static struct journal j;
	_journal_store_ struct journal_store s = {.fd = -1};
	struct err e = {0};
	int r = journal_store_open(&s, &tmproot.host, applied.dir, false, &e);

	journal_done(&j);
	if (id == 0) {
		unsigned *ids = NULL;
		size_t n = 0;

		if (r == 0)
			assert_int_equal(journal_store_list(&s, &ids, &n, &e), 0);
		free(ids);
		assert_int_equal(n, 0);
		return NULL;
	}
	assert_int_equal(r, 0);
	assert_int_equal(journal_store_load(&s, id, &j, &e), 0);
	return &j;
}

const char *applied_revert(const struct journal *j)
{
	struct revert v;
	struct err e = {0};
	_buf_ struct buf b = {0};

	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++) {
		const struct resource *r = v.plan.resources[i];

		buf_addf(&b, "%s %s %s: %s;\n", r->name, state_word(r->run.change.state),
		         reason_word(r->run.change.reason),
		         r->run.change.message ? r->run.change.message : "");
	}
	buf_add(&b, revert_is_complete(&v) ? "complete" : "not complete");
	revert_done(&v);
	return keep_text(buf_take(&b));
}

const char *applied_records(const struct journal *j)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < j->n; i++) {
		const struct journal_record *r = &j->records[i];
		_free_ char *previous = r->previous ? node_json_line(r->previous)
		                                    : mem_dup("-"),
			    *desired = r->desired ? node_json_line(r->desired)
		                                  : mem_dup("-"),
			    *instead =
				    r->instead ? node_json_line(r->instead) : mem_dup("");

		buf_addf(&b, "%s %s %s%s%s;", r->object, previous, desired,
		         *instead ? " " : "", instead);
	}
	return keep_text(buf_take(&b));
}
