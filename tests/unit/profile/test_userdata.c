/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "profile/builtin.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "profile/userdata.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static const struct facts no_facts = {.unknown = true};
static struct host_size some_size = {.cpus = 8, .memory = 1 << 30, .numa_nodes = 1};
static const struct facts some_facts = {.host = {.size = &some_size, .page_size = 4096}};

static struct profile profile;

/* Run in the temporary directory, so that profiles have relative names. */
static int setup(void **state)
{
	(void)tmproot_setup(state);
	assert_return_code(chdir(tmproot.path), errno);
	return 0;
}

static int teardown(void **state)
{
	profile_done(&profile);
	assert_return_code(chdir("/"), errno);
	return tmproot_teardown(state);
}

static void load(const char *const *names, size_t n, const struct facts *facts)
{
	struct diagnostics *diag = new_diagnostics();

	profile_done(&profile);
	if (profile_load(&profile, names, n, NULL, facts, diag) < 0)
		fail_msg("%s", diagnostics_text(diag));
}

/* Return the text of the loaded profile, or the error. */
static const char *embed(const char *const *names, size_t n, bool as_is)
{
	struct err e = {0};
	char *text = NULL;

	if (userdata_embed(&profile, names, n, as_is, &text, &e) == 0)
		return keep_text(text);
	assert_int_equal(e.code, -EINVAL);
	assert_null(text);
	return keep_text(mem_dup(e.text));
}

static const char *load_and_embed(const char *a, const char *b, bool as_is)
{
	const char *const names[] = {a, b};
	size_t n = b ? 2 : 1;

	load(names, n, &no_facts);
	return embed(names, n, as_is);
}

static void test_merged(void **state)
{
	(void)state;
	tmproot_write("base.yaml", "version: 1\n# why\nname: base\nmodules: [nfsd]\n"
	                           "sysctl: {vm.swappiness: 10, vm.dirty_ratio: 20}\n"
	                           "nfsd: {threads: \"= max(8, cpus)\"}\n");
	tmproot_write("a.yaml", "version: 1\ninclude: [base.yaml]\n"
	                        "unset: [vm.dirty_ratio]\nname: a\n"
	                        "sysctl: {net/core/rmem_max: {min: 16MiB}}\n");
	tmproot_write("b.yaml",
	              "version: 1\nname: b\npersist: false\nmodules: [tcp-bbr]\n"
	              "sysctl: {vm.swappiness: '20'}\n");
	assert_string_equal(load_and_embed("a.yaml", "b.yaml", false),
	                    "version: 1\n"
	                    "name: b\n"
	                    "persist: false\n"
	                    "modules:\n"
	                    "- nfsd\n"
	                    "- tcp_bbr\n"
	                    "sysctl:\n"
	                    "  vm.swappiness: \"20\"\n"
	                    "  net.core.rmem_max:\n"
	                    "    min: 16MiB\n"
	                    "nfsd:\n"
	                    "  threads: = max(8, cpus)\n");
}

static void test_computed(void **state)
{
	static const char *const names[] = {"a.yaml"};

	(void)state;
	tmproot_write("a.yaml", "version: 1\nnfsd: {threads: = cpus * 2}\n");
	load(names, 1, &some_facts);
	assert_string_equal(embed(names, 1, false),
	                    "version: 1\nnfsd:\n  threads: = cpus * 2\n");
}

/* Embed and load every built-in profile: it must be the same, and embed the same. */
static void test_round_trip(void **state)
{
	const struct builtin *b = *state;
	const char *first = load_and_embed(b->name, NULL, false);
	_node_ struct node *tree = node_copy(profile.tree);
	static const char *const names[] = {"again.yaml"};

	tmproot_write("again.yaml", first);
	load(names, 1, &no_facts);
	assert_true(node_equal(tree, profile.tree));
	assert_string_equal(embed(names, 1, false), first);
}

static void test_as_is(void **state)
{
	static const char *const builtin_names[] = {"nfs-server", "local-pv"};
	static const char text[] = "# mine\nversion: 1\ninclude: [nfs-server]\n";

	(void)state;
	tmproot_write("a.yaml", text);
	tmproot_write("path.yaml", "version: 1\ninclude: [a.yaml]\n");
	assert_string_equal(load_and_embed("a.yaml", NULL, true), text);
	assert_part(load_and_embed("nfs-server", "local-pv", true),
	            "version: 1\nname: local-pv\ndescription: ");
	assert_part(embed(builtin_names, 2, true),
	            "\ninclude:\n- \"nfs-server\"\n- \"local-pv\"\n");
	assert_part(load_and_embed("a.yaml", "local-pv", true),
	            "profile \"a.yaml\": is not built-in");
	assert_part(load_and_embed("nfs-server", "a.yaml", true),
	            "profile \"a.yaml\": is not built-in");
	assert_part(load_and_embed("path.yaml", NULL, true),
	            "profile \"a.yaml\": is not built-in");
}

/* Conditions must be decided on the node, not here. */
static const struct when_row {
	const char *name, *text;
	bool kept;
} when_rows[] = {
	{"of a section", "version: 1\nsysctl: {vm.swappiness: 1, when: cpus > 1}\n",
         true},
	{"of a sysctl",
         "version: 1\nsysctl: {vm.swappiness: {value: 1, when: cpus > 1}}\n", true},
	{"of a module", "version: 1\nmodules: [nfsd, {name: a, when: cpus > 1}]\n", true},
	{"of an item", "version: 1\nstorage: [{name: a, when: disks > 1}]\n", true},
	{"of nfsd", "version: 1\nnfsd: {threads: 1, when: cpus > 1}\n", true},
	{"of settings", "version: 1\nsettings: {when: cpus > 1, a: 1}\n", true},
	{"a setting of that name", "version: 1\nsettings: {a: {when: x}}\n", false},
	{"none", "version: 1\nname: when\n", false},
};

static void test_conditions(void **state)
{
	static const char *const names[] = {"a.yaml", "b.yaml"};
	const struct when_row *row = *state;
	char *text = keep_text(mem_dup(row->text));
	char a[] = "a.yaml", b[] = "b.yaml", plain[] = "version: 1\n";
	struct source sources[] = {{.file = a, .text = text, .len = strlen(text)},
	                           {.file = b, .text = plain, .len = strlen(plain)}};

	profile =
		(struct profile){.tree = yaml(plain), .sources = sources, .n_sources = 1};
	assert_string_equal(embed(names, 1, false), row->kept ? text : plain);
	profile.n_sources = 2;
	if (row->kept)
		assert_part(embed(names, 2, false),
		            "conditions (when:) cannot be merged: "
		            "profile \"a.yaml\": is not built-in");
	else
		assert_string_equal(embed(names, 2, false), plain);
	profile = (struct profile){0};
}

static void test_container(void **state)
{
	const struct userdata_container c = {"tune", "example.com/x:1", true};

	(void)state;
	assert_string_equal(
		tree_text(keep_node(userdata_container(&c, "version: 1\n"))),
		"{\"settings\": {\"bootstrap-containers\": {\"tune\": {\"source\": "
		"\"example.com/x:1\", \"mode\": \"always\", \"essential\": true, "
		"\"user-data\": \"dmVyc2lvbjogMQo=\"}}}}");
}

static const struct native_row {
	const char *name, *text;
	const char *native, *rest;
	bool facts;
} native_rows[] = {
	{"nothing", "version: 1\n", "{}", "", false},
	{"sysctls are strings",
         "version: 1\nsysctl: {vm.swappiness: 10, net.ipv4.tcp_rmem: [1, 2, 16MiB]}\n",
         "{\"settings\": {\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\", "
         "\"net.ipv4.tcp_rmem\": \"1 2 16777216\"}}}}",
         "", false},
	{"modules", "version: 1\nmodules: [tcp-bbr]\n",
         "{\"settings\": {\"kernel\": {\"modules\": {\"tcp_bbr\": {\"allowed\": true, "
         "\"autoload\": true}}}}}",
         "", false},
	{"settings",
         "version: 1\nsettings: {motd: x, oci-defaults: {a: {soft-limit: 1}}, l: [a]}\n",
         "{\"settings\": {\"motd\": \"x\", \"oci-defaults\": {\"a\": {\"soft-limit\": 1}}, "
         "\"l\": [\"a\"]}}",
         "", false},
	{"bounds depend on the node",
         "version: 1\nsysctl: {net.core.rmem_max: {min: 16MiB}, vm.swappiness: {max: 9}}\n",
         "{}",
         "sysctl net.core.rmem_max: a bound, which depends on the current value of the node\n"
         "sysctl vm.swappiness: a bound, which depends on the current value of the node\n",
         true},
	{"formulas without facts",
         "version: 1\nsysctl: {vm.swappiness: = cpus}\n"
         "settings: {a: {b: [= cpus]}}\n",
         "{}",
         "sysctl vm.swappiness: a formula, and no facts of the node are given\n"
         "setting settings.a.b: a formula, and no facts of the node are given\n",
         false},
	{"formulas with facts",
         "version: 1\nsysctl: {vm.swappiness: = cpus}\n"
         "settings: {a: {b: [= cpus]}}\n",
         "{\"settings\": {\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"8\"}}, "
         "\"a\": {\"b\": [8]}}}",
         "", true},
	{"conditions without facts",
         "version: 1\nmodules: [{name: nfsd, when: cpus > 4}]\n"
         "sysctl: {vm.swappiness: 10, when: cpus > 8}\n",
         "{}",
         "module nfsd: has a condition, but no facts of the node are given\n"
         "sysctl vm.swappiness: has a condition, but no facts of the node are given\n",
         false},
	{"conditions with facts",
         "version: 1\nmodules: [{name: nfsd, when: cpus > 4}]\n"
         "sysctl: {vm.swappiness: 10, when: cpus > 8}\n",
         "{\"settings\": {\"kernel\": {\"modules\": {\"nfsd\": {\"allowed\": true, "
         "\"autoload\": true}}}}}",
         "", true},
	{"persist: false",
         "version: 1\npersist: false\nmodules: [nfsd]\n"
         "sysctl: {vm.swappiness: 10}\nsettings: {motd: x}\n",
         "{\"settings\": {\"motd\": \"x\"}}",
         "module nfsd: the profile sets persist: false\n"
         "sysctl vm.swappiness: the profile sets persist: false\n",
         false},
	{"persist: false of one",
         "version: 1\n"
         "sysctl: {vm.swappiness: {value: 10, persist: false}}\n",
         "{}", "sysctl vm.swappiness: the profile sets persist: false\n", false},
	{"resources without a setting",
         "version: 1\nstorage: [{name: data, mount: /mnt/data}]\n"
         "nfsd: {threads: 8}\n",
         "{}",
         "filesystem data: Bottlerocket has no setting for it\n"
         "mount data: Bottlerocket has no setting for it\n"
         "nfsd nfsd: Bottlerocket has no setting for it\n",
         false},
};

static void test_native(void **state)
{
	const struct native_row *row = *state;
	static const char *const names[] = {"a.yaml"};
	const struct node *root;
	char *rest = NULL;

	tmproot_write("a.yaml", row->text);
	load(names, 1, row->facts ? &some_facts : &no_facts);
	root = keep_node(userdata_native(&profile, &rest));
	assert_string_equal(tree_text(root), row->native);
	assert_string_equal(keep_text(rest), row->rest);
}

#define NAME_OF_76                                \
	"a123456789b123456789c123456789d12345678" \
	"9e123456789f123456789g123456789h12345"

static void test_faults(void **state)
{
	(void)state;
	assert_null(userdata_name_fault("hosttune"));
	assert_null(userdata_name_fault("-A9"));
	assert_int_equal(strlen(NAME_OF_76), 76);
	assert_null(userdata_name_fault(NAME_OF_76));
	assert_part(userdata_name_fault(NAME_OF_76 "x"), "76");
	assert_part(userdata_name_fault(""), "letters");
	assert_part(userdata_name_fault("a_b"), "letters");
	assert_part(userdata_name_fault("a.b"), "letters");
	assert_part(userdata_name_fault("\xc3\xa9"), "letters");
	assert_null(userdata_source_fault("registry.example.com:5000/a/b@sha256:0"));
	assert_part(userdata_source_fault(""), "empty");
	assert_part(userdata_source_fault("a b"), "blanks");
	assert_part(userdata_source_fault("a\n"), "blanks");
	assert_part(userdata_source_fault("a\"b"), "quotes");
}

int main(void)
{
	static struct suite s;
	size_t n = 0;

	while (builtins()[n].name)
		n++;
	suite_fixture(setup, teardown);
	suite_test(&s, "several files become one", test_merged);
	suite_test(&s, "computed formulas are restored", test_computed);
	suite_some(&s, builtins(), n, test_round_trip);
	suite_test(&s, "as is", test_as_is);
	suite_rows(&s, when_rows, test_conditions);
	suite_test(&s, "the container", test_container);
	suite_rows(&s, native_rows, test_native);
	suite_test(&s, "names and sources", test_faults);
	return suite_run(&s);
}
