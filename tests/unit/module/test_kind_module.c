/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIB "/lib/modules/6.12.0-test/"

static int setup(void **state)
{
	(void)tmproot_setup(state);
	tmproot_write("/proc/modules",
	              "nfsd 548864 11 - Live 0x0000000000000000\n"
	              "br_netfilter 32768 0 - Live 0x0000000000000000\n");
	tmproot_write(LIB "modules.builtin", "kernel/net/unix/unix.ko\n");
	tmproot_write(LIB "modules.dep", "kernel/net/ipv4/tcp_bbr.ko:\n");
	return 0;
}

/* The name is the key here; for an item of a list the engine sets the name. */
static struct resource *module(const char *name, struct diagnostics *diag)
{
	return resource_new(&kind_module, keep_text(mem_format("\"%s\": x", name)), diag);
}

static const struct observed {
	const char *name, *reported;
} observations[] = {
	{"nfsd", "ok  now=loaded: "},
	{"br-netfilter", "ok  now=loaded: "},
	{"br_netfilter", "ok  now=loaded: "},
	{"unix", "ok  now=builtin: "},
	{"tcp_bbr", "drift NotLoaded now=NULL: not loaded"},
	{"tcp-bbr", "drift NotLoaded now=NULL: not loaded"},
	{"tcp_bbrr",
         "failed ModuleMissing now=NULL: this kernel has no module \"tcp_bbrr\""},
};

static void test_observe(void **state)
{
	const struct observed *row = *state;
	struct resource *r = module(row->name, NULL);
	const char *before = tmproot_snapshot();

	assert_string_equal(r->spec.want, "loaded");
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_canonical(void **state)
{
	(void)state;
	assert_string_equal(module("a-b-c_d", NULL)->name, "a_b_c_d");
}

#define X28 "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *name;
} good_names[] = {{"nfsd"}, {"8021q"}, {"sch-fq_codel"}, {X28 X28}},
  bad_names[] = {{""},    {"a b"}, {"../nfsd"},  {"nfsd.ko"}, {"nfs\xc3\xa9"},
                 {"a;b"}, {"a=1"}, {X28 X28 "x"}};

static void test_good_name(void **state)
{
	assert_non_null(module(*(const char *const *)*state, NULL));
}

static void test_bad_name(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	const char *name = *(const char *const *)*state;

	(void)module(name, diag);
	assert_int_equal(diag->n, 1);
	assert_part(diagnostics_text(diag),
	            "not a module name (letters, digits, - and _, at most 56)");
}

/* Without a list of modules only modprobe can find out. */
static void test_no_list(void **state)
{
	(void)state;
	tmproot_remove(LIB "modules.dep");
	assert_string_equal(resource_reported(module("tcp_bbrr", NULL)),
	                    "drift NotLoaded now=NULL: not loaded, or built into the "
	                    "kernel: the host has no list of its modules");
}

/* Until the next boot; a loaded one is in sync. */
static void test_forbidden(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/kernel/modules_disabled", "1\n");
	assert_string_equal(resource_reported(module("tcp_bbr", NULL)),
	                    "failed Failed now=NULL: not loaded, and "
	                    "kernel.modules_disabled forbids loading it");
	assert_part(resource_reported(module("nfsd", NULL)), "ok ");
	tmproot_remove("/proc/sys/kernel/modules_disabled");
	tmproot_dir("/proc/sys/kernel/modules_disabled");
	assert_part(resource_reported(module("tcp_bbr", NULL)), "failed NotReadable ");
}

static void test_unreadable(void **state)
{
	(void)state;
	tmproot_remove("/proc/modules");
	tmproot_dir("/proc/modules");
	assert_string_equal(
		resource_reported(module("nfsd", NULL)),
		"failed NotReadable now=NULL: read /proc/modules: Is a directory");
}

/* The host's modprobe loads modules. Here it fails, and its error is reported. */
static void test_apply(void **state)
{
	struct resource *r = module("tcp_bbr", NULL);
	const char *tool = keep_text(mem_format("%s/usr/sbin/modprobe", tmproot.path));
	enum reason reason;
	struct err e;

	(void)state;
	if (geteuid() != 0)
		skip();
	tmproot_write("/usr/sbin/modprobe", "no program");
	assert_int_equal(chmod(tool, 0755), 0);
	resource_observe(r);
	assert_string_equal(r->run.change.remedy, "modprobe tcp_bbr");
	tmproot.host.live = true;
	assert_true(resource_apply(r, &reason, &e) < 0);
	assert_part(e.text, "modprobe: exit status 127: run /usr/sbin/modprobe: ");
	assert_true(kind_module.flags & KIND_IRREVERSIBLE);
	assert_null(kind_module.revert);
}

static const char *persisted(struct resource *r)
{
	struct node *wanted = keep_node(node_new(NODE_MAP));

	resource_observe(r);
	r->kind->persist(r, yaml("{}"), wanted);
	return tree_text(wanted);
}

static void test_persist(void **state)
{
	(void)state;
	assert_string_equal(persisted(module("br-netfilter", NULL)),
	                    "{\"kernel\": {\"modules\": {\"br_netfilter\": "
	                    "{\"allowed\": true, \"autoload\": true}}}}");
	assert_string_equal(persisted(module("unix", NULL)), "{}");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_rows(&s, observations, test_observe);
	suite_test(&s, "loading is forbidden", test_forbidden);
	suite_test(&s, "one spelling", test_canonical);
	suite_rows(&s, good_names, test_good_name);
	suite_rows(&s, bad_names, test_bad_name);
	suite_test(&s, "no list of modules", test_no_list);
	suite_test(&s, "unreadable", test_unreadable);
	suite_test(&s, "apply", test_apply);
	suite_test(&s, "persist", test_persist);
	return suite_run(&s);
}
