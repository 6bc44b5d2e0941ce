/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "profile/builtin.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

/* Without a node: formulas are only checked. */
static const struct facts no_facts = {.unknown = true};

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

/* Load up to three profiles; *reported gets "file:line:col: text\n" for all but notes. */
static int load(const char *const *names, const char *dir, const char **reported)
{
	struct diagnostics *diag = new_diagnostics();
	struct buf b = {0};
	size_t n = 0;
	int r;

	while (n < 3 && names[n])
		n++;
	profile_done(&profile);
	r = profile_load(&profile, names, n, &(struct source_from){.dir = dir}, &no_facts,
	                 diag);
	assert_int_equal(r, diag_count_errors(diag) ? -1 : 0);
	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity < SEVERITY_NOTE)
			buf_addf(&b, "%s:%u:%u: %s%s\n", diag->list[i].file,
			         diag->list[i].line, diag->list[i].col,
			         severity_prefix(diag->list[i].severity),
			         diag->list[i].text);
	*reported = keep_text(buf_take(&b));
	return r;
}

static void load_text(const char *text)
{
	const char *reported;

	tmproot_write("one.yaml", text);
	(void)load((const char *const[]){"one.yaml", NULL, NULL}, NULL, &reported);
	assert_string_equal(reported, "");
}

/* "kind name=want;" for each resource */
static const char *resources(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < profile.n; i++)
		buf_addf(&b, "%s %s=%s;", profile.resources[i]->kind->name,
		         profile.resources[i]->name, profile.resources[i]->spec.want);
	return keep_text(buf_take(&b));
}

/* --- loading --------------------------------------------------------------------------
 */

static const struct row {
	const char *name;
	const char *texts[3]; /* of a.yaml, b.yaml, c.yaml */
	const char *resources, *reported;
} rows[] = {
	{"an empty profile", {"version: 1\n"}, "", ""},
	{"resources in the order of kinds, not of the file",
         {"settings: {motd: hi}\nnfsd: {threads: 8}\nsysctl: {vm.a: 1, vm.b: [2, {min: 3}]}\n"
          "modules: [nfsd, br-netfilter]\nversion: 1\n"},
         "module nfsd=loaded;module br_netfilter=loaded;sysctl vm.a=1;sysctl vm.b=2 >=3;"
         "nfsd nfsd=8;setting settings.motd=hi;",
         ""},
	{"settings: a resource for each leaf",
         {"version: 1\nsettings: {a: {b: 1, \"c.d\": [2, 3]}, e: {f: {g: true}}}\n"},
         "setting settings.a.b=1;setting settings.a.\"c.d\"=[2, 3];setting settings.e.f.g=true;",
         ""},
	{"later files win",
         {"version: 1\nsysctl: {vm.a: 1, vm.b: 1}\n",
          "version: 1\nsysctl: {vm/b: 2, vm.c: 2}\n", "version: 1\nsysctl: {vm.c: 3}\n"},
         "sysctl vm.a=1;sysctl vm.b=2;sysctl vm.c=3;",
         ""},
	{"modules of several files unite",
         {"version: 1\nmodules: [nfsd]\n", "version: 1\nmodules: [tcp_bbr, nfsd]\n"},
         "module nfsd=loaded;module tcp_bbr=loaded;",
         ""},
	{"a module in two spellings is one",
         {"version: 1\nmodules: [br-netfilter]\n",
          "version: 1\nmodules: [br_netfilter]\n"},
         "module br_netfilter=loaded;",
         ""},
	{"a mount of two items",
         {"version: 1\nstorage:\n  - {name: a, label: a, mount: /mnt/x}\n",
          "version: 1\nstorage:\n  - {name: b, label: b, mount: /mnt/x}\n"},
         NULL,
         "b.yaml:3:5: mount \"b\": mount /mnt/x is already used by \"a\"\n"},
	/* faults: all of them, from all files, sorted */
	{"all faults of a file at once",
         {"version: 2\nsysctls: {}\nmodules: ['a b', nfsd]\nsysctl:\n  vm/../x: 1\n  vm.a: {mn: 1}\n"
          "  vm.a: 2\nnfsd: {threads: 0, versions: [5]}\n"},
         NULL,
         "a.yaml:1:10: version \"2\": unknown (supported: 1)\n"
         "a.yaml:2:1: unknown key \"sysctls\" (did you mean \"sysctl\"?)\n"
         "a.yaml:3:11: module \"a b\": not a module name (letters, digits, - and _, at most 56)\n"
         "a.yaml:5:3: sysctl \"vm/../x\": points outside /proc/sys\n"
         "a.yaml:6:9: sysctl vm.a: must have a value, or min, max or both\n"
         "a.yaml:6:10: vm.a: unknown key \"mn\" (did you mean \"min\"?)\n"
         "a.yaml:7:3: key \"vm.a\": duplicate (first at line 6)\n"
         "a.yaml:8:17: threads \"0\": out of range (1 to 8192)\n"
         "a.yaml:8:31: versions \"5\": unknown (one of: 3, 4.0, 4.1, 4.2)\n"},
	{"faults of several files",
         {"version: 1\nx: 1\n", "version: 1\nsysctl: [a\n", "modules: a\n"},
         NULL,
         "a.yaml:2:1: unknown key \"x\" (one of: version, name, description, persist, on-failure, include, unset, waive, modules, sysctl, network, memory, sysfs, storage, nfsd, settings)\n"
         "b.yaml:3:1: not YAML: did not find expected ',' or ']' while parsing a flow sequence\n"
         "c.yaml:1:1: version: is missing (add \"version: 1\")\n"
         "c.yaml:1:10: modules: is a single value, should be a list (write \"modules: [a]\")\n"},
	{"an empty file",
         {""},
         NULL,
         "a.yaml:1:1: empty: there must be at least \"version: 1\"\n"},
	{"a list for a profile",
         {"- a\n"},
         NULL,
         "a.yaml:1:1: a profile must be a mapping, not a list\n"},
};

static void test_row(void **state)
{
	static const char *const names[] = {"a.yaml", "b.yaml", "c.yaml", NULL};
	const char *given[3] = {NULL}, *reported;
	const struct row *row = *state;

	for (size_t i = 0; i < 3 && row->texts[i]; i++) {
		tmproot_write(names[i], row->texts[i]);
		given[i] = names[i];
	}
	(void)load(given, NULL, &reported);
	assert_string_equal(reported, row->reported);
	if (row->resources)
		assert_string_equal(resources(), row->resources);
}

static void test_places(void **state)
{
	(void)state;
	load_text(
		"version: 1\nsysctl:\n  vm.a: 1\nmodules:\n  - x\nstorage:\n  - name: s\n"
		"    mount: /mnt/s\nsettings:\n  a:\n    b: 1\n");
	for (size_t i = 0; i < profile.n; i++) {
		const struct resource *r = profile.resources[i];
		static const struct {
			const char *kind;
			unsigned line, col;
		} places[] = {{"module", 5, 5},
		              {"sysctl", 3, 3},
		              {"filesystem", 7, 5},
		              {"mount", 7, 5},
		              {"setting", 11, 5}};

		assert_string_equal(r->spec.at.file, "one.yaml");
		for (size_t k = 0; k < ARRAY_SIZE(places); k++) {
			if (strcmp(places[k].kind, r->kind->name) != 0)
				continue;
			assert_int_equal(r->spec.at.line, places[k].line);
			assert_int_equal(r->spec.at.col, places[k].col);
		}
	}
}

/* A mount depends on the file system of the same item, not of another. */
static void test_on(void **state)
{
	const struct resource *mounts[2] = {NULL};
	size_t n = 0;

	(void)state;
	load_text("version: 1\nstorage:\n  - {name: a, label: a, mount: /mnt/a}\n"
	          "  - {name: b, label: b, mount: /mnt/b}\n");
	for (size_t i = 0; i < profile.n; i++)
		if (strcmp(profile.resources[i]->kind->name, "mount") == 0)
			mounts[n++] = profile.resources[i];
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(mounts[i]->spec.depends_on);
		assert_string_equal(mounts[i]->spec.depends_on->name, mounts[i]->name);
		assert_string_equal(mounts[i]->spec.depends_on->kind->name, "filesystem");
	}
}

static void test_persist(void **state)
{
	(void)state;
	load_text("version: 1\n");
	assert_true(profile.persist && !profile.persist_explicit);
	load_text("{version: 1, persist: true}");
	assert_true(profile.persist && profile.persist_explicit);
	load_text("{version: 1, persist: false}");
	assert_true(!profile.persist && !profile.persist_explicit);
}

/* A value has what it replaced, and the file names of places stay valid. */
static void test_sources(void **state)
{
	static const char *const names[] = {"a.yaml", "b.yaml", NULL};
	const struct node *value;
	const char *reported;

	(void)state;
	tmproot_write("a.yaml", "version: 1\n\nsysctl: {vm.a: 1}\n");
	tmproot_write("b.yaml", "version: 1\nsysctl: {vm.a: 2}\n");
	assert_int_equal(load(names, NULL, &reported), 0);
	assert_int_equal(profile.n_sources, 2);
	assert_string_equal(profile.sources[0].file, "a.yaml");
	assert_string_equal(profile.sources[1].file, "b.yaml");
	value = node_get(node_get(profile.tree, "sysctl"), "vm.a");
	assert_string_equal(value->at.file, "b.yaml");
	assert_string_equal(value->overrode->at.file, "a.yaml");
	assert_int_equal(value->overrode->at.line, 3);
}

/* --- where a profile is found
 * ----------------------------------------------------------*/

static void test_builtins(void **state)
{
	(void)state;
	assert_non_null(builtins()[0].name);
	for (const struct builtin *b = builtins(); b->name; b++) {
		const char *reported;

		(void)load((const char *const[]){b->name, NULL, NULL}, NULL, &reported);
		assert_string_equal(reported, "");
		assert_true(profile.n > 0);
		assert_string_equal(profile.resources[0]->spec.at.file, b->file);
		assert_string_equal(node_get(profile.tree, "name")->text, b->name);
		assert_non_null(node_get(profile.tree, "description"));
	}
}

/* All built-in profiles can be merged without a contradiction. */
static void test_all_builtins(void **state)
{
	const char *reported, *names[3] = {NULL};

	(void)state;
	for (size_t i = 0; i < 3 && builtins()[i].name; i++)
		names[i] = builtins()[i].name;
	(void)load(names, NULL, &reported);
	assert_string_equal(reported, "");
}

static const struct found {
	const char *name;    /* as given */
	const char *dir;     /* --profile-dir */
	const char *version; /* the name of the loaded profile */
	const char *reported;
} founds[] = {
	{"one.yaml", NULL, "here", ""},
	{"./one.yaml", NULL, "here", ""},
	{"one", NULL, NULL,
         "one:1:1: profile \"one\": no such file or built-in profile (\"hosttune profiles\" "
         "lists them)\n"},
	{"plain", NULL, "plain", ""},
	{"one", "dir", "in dir", ""},
	{"one.yaml", "dir", "here", ""}, /* a file name is a file */
	{"nfs-server", "dir", "own server", ""},
	{"nfs-server", NULL, "nfs-server", ""},
	{"nfs-server", "empty", "nfs-server", ""},
	{"./nfs-server", NULL, "a file", ""},
	{"nfs-sevrer", NULL, NULL,
         "nfs-sevrer:1:1: profile \"nfs-sevrer\": no such file or built-in profile (did you "
         "mean \"nfs-server\"?)\n"},
	{"missing.yaml", NULL, NULL,
         "missing.yaml:1:1: profile \"missing.yaml\": cannot be opened: No such file or "
         "directory\n"},
	{"missing.yml", NULL, NULL,
         "missing.yml:1:1: profile \"missing.yml\": cannot be opened: No such file or "
         "directory\n"},
	{"dir", NULL, NULL, "dir:1:1: profile \"dir\": is a directory\n"},
	{"dir/", NULL, NULL, "dir/:1:1: profile \"dir/\": is a directory\n"},
	{"", NULL, NULL,
         ":1:1: profile \"\": no such file or built-in profile (\"hosttune profiles\" lists "
         "them)\n"},
};

static void test_found(void **state)
{
	const struct found *row = *state;
	const char *reported;

	tmproot_write("one.yaml", "{version: 1, name: here}");
	tmproot_write("plain", "{version: 1, name: plain}");
	tmproot_write("nfs-server", "{version: 1, name: a file}");
	tmproot_write("dir/one.yaml", "{version: 1, name: in dir}");
	tmproot_write("dir/nfs-server.yaml", "{version: 1, name: own server}");
	(void)load((const char *const[]){row->name, NULL, NULL}, row->dir, &reported);
	assert_string_equal(reported, row->reported);
	if (row->version)
		assert_string_equal(node_get(profile.tree, "name")->text, row->version);
}

static void test_too_large(void **state)
{
	char *text = keep_text(mem_new((2 << 20) + 1, 1));
	const char *reported;

	(void)state;
	memset(text, '#', 2 << 20);
	tmproot_write("one.yaml", text);
	(void)load((const char *const[]){"one.yaml", NULL, NULL}, NULL, &reported);
	assert_string_equal(reported, "one.yaml:1:1: too large (limit: 1 MiB, "
	                              "1048576 bytes)\n");
}

/* A path in a profile is relative to its directory. */
static void test_relative(void **state)
{
	static const struct place in_dir = {"dir/one.yaml", 7, 9},
				  here = {"one.yaml", 7, 9};
	struct diagnostics *diag = new_diagnostics();
	struct source s;

	(void)state;
	tmproot_write("dir/other.yaml", "text");
	assert_int_equal(source_read(&s, "other.yaml", NULL, &in_dir, diag), 0);
	assert_string_equal(s.file, "dir/other.yaml");
	assert_string_equal(s.text, "text");
	assert_int_equal(s.len, 4);
	source_done(&s);
	assert_int_equal(source_read(&s, "other.yaml", NULL, &here, diag), -1);
	source_done(&s);
	assert_string_equal(diagnostics_text(diag),
	                    "7:9: profile \"other.yaml\": cannot be opened: No "
	                    "such file or directory\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "places", test_places);
	suite_test(&s, "dependencies", test_on);
	suite_test(&s, "persist", test_persist);
	suite_test(&s, "sources", test_sources);
	suite_test(&s, "built-in profiles", test_builtins);
	suite_test(&s, "all built-in profiles together", test_all_builtins);
	suite_rows(&s, founds, test_found);
	suite_test(&s, "too large", test_too_large);
	suite_test(&s, "relative to another", test_relative);
	return suite_run(&s);
}
