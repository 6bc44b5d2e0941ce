/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "engine/select.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static struct profile profile;
static const struct facts no_facts = {.unknown = true};

static int setup(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	const char *name = "one.yaml";

	(void)tmproot_setup(state);
	assert_return_code(chdir(tmproot.path), errno);
	tmproot_write(
		"one.yaml",
		"version: 1\n"
		"modules: [nf_conntrack, tcp_bbr, nfsd]\n"
		"sysctl:\n  vm.swappiness: 10\n  vm.dirty_ratio: 5\n"
		"  net.netfilter.nf_conntrack_max: 2000000\n"
		"storage:\n  - {name: a, array: raid0, disks: {count: 2}, mount: /mnt/a}\n"
		"  - {name: b, disks: {serial: AWS1}, mount: /mnt/b, bind: [/var/x]}\n"
		"nfsd: {threads: 8, start: true}\n"
		"settings: {motd: hi}\n");
	assert_int_equal(profile_load(&profile, &name, 1, NULL, &no_facts, diag), 0);
	return 0;
}

static int teardown(void **state)
{
	profile_done(&profile);
	assert_return_code(chdir("/"), errno);
	return tmproot_teardown(state);
}

/* "module nfsd<nfsd nfsd;": selected, and by what it is required */
static const char *selected(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < profile.n; i++) {
		const struct resource *r = profile.resources[i];

		if (r->run.unselected)
			continue;
		buf_addf(&b, "%s %s", r->kind->name, r->name);
		if (r->run.required_by)
			buf_addf(&b, "<%s %s", r->run.required_by->kind->name,
			         r->run.required_by->name);
		buf_add(&b, ";");
	}
	return b.text ? keep_text(buf_take(&b)) : "";
}

#define MODULES "module nf_conntrack;module tcp_bbr;module nfsd;"
#define SYSCTLS \
	"sysctl vm.swappiness;sysctl vm.dirty_ratio;sysctl net.netfilter.nf_conntrack_max;"
#define STORAGE                                                                         \
	"array a;filesystem a;filesystem b;mount a;mount b;bind /var/x;drive-health a;" \
	"drive-health b;"
#define REST "nfsd nfsd;setting settings.motd;"

static const struct row {
	const char *name;
	const char *only[3], *skip[3];
	const char *selected; /* or the error */
} rows[] = {
	{"nothing is said", {0}, {0}, MODULES SYSCTLS STORAGE REST},
	{"a kind, and what it needs",
         {"sysctl"},
         {0},
         "module nf_conntrack<sysctl net.netfilter.nf_conntrack_max;" SYSCTLS},
	{"a name", {"sysctl:vm.swappiness"}, {0}, "sysctl vm.swappiness;"},
	{"another spelling", {"sysctl:vm/swappiness"}, {0}, "sysctl vm.swappiness;"},
	{"a glob", {"sysctl:vm.*"}, {0}, "sysctl vm.swappiness;sysctl vm.dirty_ratio;"},
	{"a glob of kinds", {"m*:b"}, {0}, "filesystem b<mount b;mount b;"},
	{"a list, and repeated",
         {"setting,module:tcp-bbr", "sysctl:vm.dirty_ratio"},
         {0},
         "module tcp_bbr;sysctl vm.dirty_ratio;setting settings.motd;"},
	{"all that an item depends on",
         {"bind"},
         {0},
         "filesystem b<mount b;mount b<bind /var/x;bind /var/x;"},
	{"an array",
         {"mount:a"},
         {0},
         "array a<filesystem a;filesystem a<mount a;mount a;"},
	{"a module for a server", {"nfsd"}, {0}, "module nfsd<nfsd nfsd;nfsd nfsd;"},
	{"the section of several kinds", {"storage"}, {0}, STORAGE},
	{"skip a section", {0}, {"storage"}, MODULES SYSCTLS REST},
	{"skip a name, and what depends on it",
         {0},
         {"filesystem:b"},
         MODULES SYSCTLS "array a;filesystem a;mount a;drive-health a;" REST},
	{"skip a module",
         {0},
         {"modules", "storage"},
         "sysctl vm.swappiness;sysctl vm.dirty_ratio;setting settings.motd;"},
	{"skip wins",
         {"sysctl:vm.*,mount:a"},
         {"sysctl:vm.swappiness", "array"},
         "sysctl vm.dirty_ratio;"},
	{"an unknown kind",
         {"sysctls:x"},
         {0},
         "--only \"sysctls:x\": no such kind (did you mean \"sysctl\"?)"},
	{"no kind at all",
         {0},
         {"xyz"},
         "--skip \"xyz\": no such kind (one of: module, sysctl, channels, rings, coalesce, features, link, qdisc, rps, xps, rfs, thp, hugepages, ksm, sysfs, array, filesystem, mount, "
         "guard, directory, bind, queue, drive-health, nfsd-setup, nfsd, setting)"},
	{"a misspelt name",
         {0},
         {"sysctl,sysctl:vm.swapiness"},
         "--skip \"sysctl:vm.swapiness\": the profile has no such resource (did you mean "
         "\"sysctl:vm.swappiness\"?)"},
	{"a kind that the profile does not have",
         {"queue"},
         {0},
         "--only \"queue\": the profile has no such resource (it has the kinds: module, "
         "sysctl, array, filesystem, mount, bind, drive-health, nfsd, setting)"},
	{"an empty one", {""}, {0}, "--only \"\": should be KIND or KIND:NAME"},
	{"an empty list", {","}, {0}, "--only \",\": should be KIND or KIND:NAME"},
};

static void test_select(void **state)
{
	const struct row *row = *state;
	const struct selection s = {*row->only ? row->only : NULL,
	                            *row->skip ? row->skip : NULL};
	struct err e = {0};
	int r = select_resources(profile.resources, profile.n, &s, &e);

	assert_string_equal(r < 0 ? e.text : selected(), row->selected);
	assert_int_equal(r, strncmp(row->selected, "--", 2) == 0 ? -EINVAL : 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_select);
	return suite_run(&s);
}
