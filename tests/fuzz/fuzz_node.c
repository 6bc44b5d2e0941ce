/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any texts as the files of a node, those of /proc, /sys and /etc: "%% PATH" begins each.
 * Facts, a baseline, a diagnosis, and audits with a capture of each part of a profile
 * read them, and answer; only one of these, and so faster, if the input begins with its
 * letter.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "baseline/baseline.h"
#include "bundle/bundle.h"
#include "diagnose/diagnose.h"
#include "diagnose/rules/load.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "engine/capture/capture.h"
#include "engine/plan.h"
#include "host/open.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"

#include <string.h>

#define MARK "%% "

/* One part of a profile for each letter: the whole would take as long as all of them. */
static const char sysctls[] =
	"version: 1\n"
	"modules: [tcp_bbr]\n"
	"sysctl: {vm.swappiness: 10, net.ipv4.tcp_rmem: [4096, {max: 128KiB}, {min: 16MiB}],\n"
	"  net.ipv4.conf.*.rp_filter: 2, net.ipv4.tcp_congestion_control: bbr}\n";
static const char drives[] =
	"version: 1\n"
	"storage:\n"
	"  - {name: data, disks: {serial: AWS1}, mount: /mnt/data, owner: 1000, mode: 0755,\n"
	"     bind: [/var/lib/x], queue: {scheduler: none, read-ahead: 4MiB}}\n"
	"  - {name: two, array: raid0, mount: /mnt/two}\n";
static const char network[] =
	"version: 1\n"
	"network:\n"
	"  - {name: primary, interfaces: {default-route: true}, rps: auto, rfs: 4096, mtu: 9000}\n"
	"  - {name: other, interfaces: {name: \"e*\"}, xps: auto}\n";
static const char others[] =
	"version: 1\n"
	"modules: [nfsd]\n"
	"nfsd: {threads: 8, versions: [4.2], max-block-size: 256KiB}\n"
	"memory: {thp: madvise, hugepages: {2MiB: 512}, ksm: false}\n"
	"sysfs:\n"
	"  /sys/module/nvme_core/parameters/io_timeout: 4294967295\n"
	"  /sys/block/nvme*/queue/rq_affinity: {min: 1}\n";

/* What a bundle always has, unless the input says something else. */
static const char *const base[][2] = {
	{"/proc/1/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"},
	{"/proc/meminfo", "MemTotal: 8388608 kB\n"},
	{"/sys/devices/system/cpu/online", "0-3\n"},
};

static bool has(const struct bundle *b, const char *path)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->files[i].path, path) == 0)
			return true;
	return false;
}

/* A path that bundle_load() would accept. */
static bool is_path(const char *path)
{
	size_t len = strlen(path);

	return *path == '/' && len > 1 && len < BUNDLE_PATH_MAX && path[len - 1] != '/' &&
	       !strstr(path, "//") && !strstr(path, "/.");
}

static void add_files(struct bundle *b, char *text)
{
	char *next = strstr(text, MARK);

	while (next) {
		char *path = next + strlen(MARK), *body = path + strcspn(path, "\n");

		next = strstr(body, "\n" MARK);
		if (next)
			*next++ = '\0';
		if (*body)
			*body++ = '\0';
		/* a file of /proc ends in a line end */
		if (is_path(path) && !has(b, path))
			bundle_add(b, path, mem_format("%s\n", body), strlen(body) + 1);
	}
}

static struct bundle *make_bundle(char *text)
{
	struct bundle *b = bundle_new();
	struct node *covers = node_new(NODE_LIST);

	node_append(covers, node_new_text("/proc/**"));
	node_append(covers, node_new_text("/sys/**"));
	node_append(covers, node_new_text("/etc/**"));
	node_set(b->manifest, "covers", covers);
	node_set_text(bundle_part(b, "host"), "root", "");
	node_set_text(bundle_part(b, "host"), "kernel", "6.1");
	add_files(b, text);
	for (size_t i = 0; i < sizeof(base) / sizeof(*base); i++)
		if (!has(b, base[i][0]))
			fuzz_add(b, base[i][0], base[i][1]);
	assert(!bundle_seal(b));
	return b;
}

static void read_facts(const struct host *h)
{
	struct facts facts = {0};
	struct err e = {0};

	facts_read(&facts, h);
	if (facts_read_kinds(&facts, &e) < 0)
		assert(e.code < 0 && *e.text);
	facts_done(&facts);
}

/* `h` NULL: for no node. Return: 0; -1: it does not fit the node. */
static int take_profile(struct profile *p, const char *text, const struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct node *tree = node_yaml_parse(text, strlen(text), "f", &diag);

	return profile_take(p, tree, h, &diag);
}

static void audit(const char *text, const struct host *h)
{
	struct profile p;
	struct capture c;
	struct plan plan;

	if (take_profile(&p, text, h) == 0) {
		plan_init(&plan, &p);
		plan_observe(&plan, h);
		plan_gather_details(&plan, h);
		capture_read(&c, &p, 1, true, h);
		capture_done(&c);
	}
	profile_done(&p);
}

static const struct rules *builtin(void)
{
	static struct rules rules;
	_diagnostics_ struct diagnostics diag = {0};

	if (rules.n == 0)
		rules_load_builtin(&rules, RULES_ALL, &diag);
	assert(rules.n > 0);
	return &rules;
}

static void find_faults(const struct host *h)
{
	struct diagnosis d = {0};
	struct diagnose_run run = {.h = h, .rules = builtin(), .d = &d};

	run.log.fd = -1;
	assert(diagnose(&run) == 0);
	for (size_t i = 0; i < d.n; i++)
		assert(*d.findings[i].text && d.findings[i].evidence.n > 0);
	diagnosis_done(&d);
}

static void take_baseline(const struct host *h)
{
	struct baseline_wish w = baseline_wish_new();
	_node_ struct node *n = NULL;

	node_set(w.sysctls, "vm.swappiness", node_new_null());
	node_set(w.sysctls, "net.ipv4.conf.*.rp_filter", node_new_null());
	n = baseline_take(h, &w);
	assert(n && node_get(n, "version"));
	baseline_wish_done(&w);
}

/* `profile`: what `read` audits; NULL: it takes none. */
static const struct reader {
	char letter;
	void (*read)(const struct host *h);
	const char *profile;
} readers[] = {
	{'f', read_facts, NULL}, {'b', take_baseline, NULL}, {'d', find_faults, NULL},
	{'s', NULL, sysctls},    {'v', NULL, drives},        {'n', NULL, network},
	{'o', NULL, others},
};

#define N_READERS (sizeof(readers) / sizeof(*readers))

/* Once: an invalid profile would never be compared with a node. */
static void check_profiles(void)
{
	static bool checked;
	struct profile p;

	for (size_t i = 0; !checked && i < N_READERS; i++) {
		if (!readers[i].profile)
			continue;
		assert(take_profile(&p, readers[i].profile, NULL) == 0);
		profile_done(&p);
	}
	checked = true;
}

static void read_with(const struct reader *r, const struct host *h)
{
	if (r->read)
		r->read(h);
	else
		audit(r->profile, h);
}

/* Most inputs are for one reader: all of them take many times as long. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (size > 0 && fuzz_random(&seed, 32) > 0)
		data[0] = (uint8_t)readers[fuzz_random(&seed, N_READERS)].letter;
	return size;
}

static const struct reader *reader_of(char letter)
{
	for (size_t i = 0; i < N_READERS; i++)
		if (readers[i].letter == letter)
			return &readers[i];
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	const struct reader *one = reader_of(*text);
	struct host h;
	struct err e = {0};

	check_profiles();
	assert(host_open_bundle(&h, make_bundle(text), &e) == 0);
	for (size_t i = 0; i < N_READERS; i++)
		if (!one || one == &readers[i])
			read_with(&readers[i], &h);
	host_close(&h);
	return 0;
}
