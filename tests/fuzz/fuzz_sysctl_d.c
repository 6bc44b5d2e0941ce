/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as files of sysctl.d, in their order: of two directories, and sysctl.conf.
 * Lines
 * "%%" separate them. What is found stands in a file that was read.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/open.h"
#include "sysctl/sysctl_d.h"

#include <string.h>

static const char *const files[] = {
	"/usr/lib/sysctl.d/50-default.conf", "/etc/sysctl.d/50-default.conf",
	"/run/sysctl.d/60-x.conf", SYSCTL_D_SETTINGS, "/etc/sysctl.conf"};

static const char *const keys[] = {"vm.swappiness", "net.ipv4.conf.eth0.rp_filter",
                                   "net.ipv4.tcp_rmem", "kernel.x",
                                   "net.ipv4.conf.eth0/1.rp_filter"};

#define N_FILES (sizeof(files) / sizeof(*files))

static struct bundle *make_bundle(char *text, size_t *ret_n)
{
	struct bundle *b = bundle_new();
	struct node *covers = node_new(NODE_LIST);

	node_append(covers, node_new_text("/usr/lib/sysctl.d/*"));
	node_append(covers, node_new_text("/etc/sysctl.d/*"));
	node_set(b->manifest, "covers", covers);
	node_set_text(bundle_part(b, "host"), "root", "");
	node_set_text(bundle_part(b, "host"), "kernel", "6.1");
	for (size_t i = 0; i < N_FILES && text; i++) {
		char *end = strstr(text, "%%\n");

		if (end)
			*end = '\0';
		fuzz_add(b, files[i], text);
		text = end ? end + 3 : NULL;
		*ret_n = i + 1;
	}
	assert(!bundle_seal(b));
	return b;
}

static void check(const struct sysctl_d *d, const char *key, size_t n)
{
	struct sysctl_d_entry found = {0};
	bool known = false;

	if (!sysctl_d_find(d, key, &found))
		return;
	assert(found.value && found.line > 0);
	for (size_t i = 0; i < N_FILES; i++)
		known |= strcmp(files[i], found.file) == 0;
	assert(known);
	assert(found.settings == (strcmp(found.file, SYSCTL_D_SETTINGS) == 0));
	/* the file of the same name in /etc hides it */
	assert(n < 2 || strcmp(found.file, files[0]) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	_sysctl_d_ struct sysctl_d *d = NULL;
	size_t n = 0;
	struct host h;
	struct err e;

	assert(host_open_bundle(&h, make_bundle(text, &n), &e) == 0);
	d = sysctl_d_read(&h);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		check(d, keys[i], n);
	host_close(&h);
	return 0;
}
