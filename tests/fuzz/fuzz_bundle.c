/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as the manifest of a bundle, whoever made it: an audit of each kind answers,
 * or says what is wrong, and touches nothing. A text that is no JSON is a file of /proc.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "engine/persist/change.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/open.h"
#include "profile/load.h"
#include "profile/profile.h"

#include <string.h>

FUZZ_MUTATES_TREES

static const char profile_text[] =
	"version: 1\n"
	"modules: [nfsd]\n"
	"sysctl: {vm.swappiness: 10, net.ipv4.conf.*.rp_filter: 2}\n"
	"storage:\n"
	"  - {name: data, disks: {serial: AWS1}, mount: /mnt/data, owner: 1000, mode: 0755,\n"
	"     bind: [/var/lib/x], move: true, queue: {scheduler: none, read-ahead: 4MiB}}\n"
	"  - {name: two, array: raid0, mount: /mnt/two}\n"
	"nfsd: {threads: 8, start: true, versions: [4.2], max-block-size: 256KiB}\n"
	"settings: {motd: x, host-containers: {admin: {enabled: true}}}\n";

static const struct {
	const char *path, *text;
} files[] = {
	{"/proc/1/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"},
	{"/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"},
	{"/proc/meminfo", "MemTotal: 8388608 kB\n"},
	{"/proc/modules", ""},
	{"/proc/sys/vm/swappiness", "60\n"},
	{"/sys/devices/system/cpu/online", "0-3\n"},
	{"/sys/block/nvme1n1/dev", "259:1\n"},
	{"/sys/block/nvme1n1/nsid", "1\n"},
	{"/sys/block/nvme1n1/size", "1953125\n"},
	{"/sys/block/nvme1n1/device/model", "Amazon EC2 NVMe Instance Storage\n"},
	{"/sys/block/nvme1n1/device/serial", "AWS1\n"},
};

static void audit(struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct node *tree =
		node_yaml_parse(profile_text, strlen(profile_text), "f", &diag);
	struct persist persist = {0};
	struct profile p;
	struct plan plan;

	if (profile_take(&p, tree, h, &diag) == 0) {
		plan_init(&plan, &p);
		plan_observe(&plan, h);
		persist_observe(&persist, &plan, &p, h);
		persist_ask_services(&persist, &plan);
		plan_gather_details(&plan, h);
		persist_done(&persist);
	}
	profile_done(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bundle *b = bundle_new();
	struct err e = {0};
	struct node *n = node_json_parse((const char *)data, size, &e);
	struct host h;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		fuzz_add(b, files[i].path, files[i].text);
	if (n) {
		node_free(b->manifest);
		b->manifest = n;
	} else {
		bundle_add(b, "/proc/swaps", mem_dup_n((const char *)data, size),
		           strnlen((const char *)data, size));
	}
	assert(!bundle_seal(b));
	if (host_open_bundle(&h, b, &e) == 0)
		audit(&h);
	else
		assert(e.code < 0);
	host_close(&h);
	return 0;
}
