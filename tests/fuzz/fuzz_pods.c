/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A pod on a node: the host's table of mounts, that of a container, what containerd was
 * asked for, and the cgroup, separated by lines "%%".
 */
#include "fuzz.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "diagnose/pods/pods.h"
#include "diagnose/pods/spec.h"
#include "doc/node.h"
#include "host/open.h"

#include <string.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD                                                                                  \
	"0::/kubepods.slice/kubepods-pod3f1c8a52_7d0e_4b9b_9c55_0a1b2c3d4e5f.slice/crio-" ID \
	".scope\n"

static struct bundle *make_bundle(char *text)
{
	static const char *const covers[] = {
		"/proc/*/mountinfo", "/proc/*/cgroup", POD_SPECS_DIR "/*/config.json",
		"/var/log/pods/*", "/var/lib/kubelet/pods/*"};
	struct bundle *b = bundle_new();
	struct node *list = node_new(NODE_LIST);
	_free_ char *spec = pod_spec_path(ID);
	const char *parts[4] = {"", "", "", POD};

	for (size_t i = 0; i < 4 && text; i++) {
		char *end = strstr(text, "%%\n");

		parts[i] = text;
		if (end)
			*end = '\0';
		text = end ? end + 3 : NULL;
	}
	for (size_t i = 0; i < sizeof(covers) / sizeof(*covers); i++)
		node_append(list, node_new_text(covers[i]));
	node_set(b->manifest, "covers", list);
	node_set_text(bundle_part(b, "host"), "root", "");
	node_set_text(bundle_part(b, "host"), "kernel", "6.1");
	fuzz_add(b, "/proc/1/mountinfo", parts[0]);
	fuzz_add(b, "/proc/77/mountinfo", parts[1]);
	fuzz_add(b, spec, parts[2]);
	fuzz_add(b, "/proc/77/cgroup", POD);
	fuzz_add(b, "/proc/78/cgroup", parts[3]);
	fuzz_add(b, "/proc/78/mountinfo", parts[1]);
	assert(!bundle_seal(b));
	return b;
}

/* What is read back from what a bundle has of it is the same. */
static void check_spec(const struct host *h)
{
	struct pod_spec s, again;
	struct err e;

	if (pod_spec_read(h, ID, &s, &e) == 0) {
		_free_ char *text = pod_spec_format(&s), *path = pod_spec_path(ID);
		struct bundle *b = bundle_new();
		struct host other = {.bundle = b};
		_free_ char *second = NULL;

		fuzz_add(b, path, text);
		assert(pod_spec_read(&other, ID, &again, &e) == 0);
		second = pod_spec_format(&again);
		assert(strcmp(text, second) == 0);
		pod_spec_done(&again);
		bundle_free(b);
	}
	pod_spec_done(&s);
}

static void check_printable(const char *text)
{
	for (; text && *text; text++)
		assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	struct diagnosis d = {0};
	struct host h;
	struct diagnose_run run = {.h = &h, .d = &d};
	struct err e;

	assert(host_open_bundle(&h, make_bundle(text), &e) == 0);
	check_spec(&h);
	source_pods.end(&run, NULL);
	for (size_t i = 0; i < run.measures.n; i++) {
		check_printable(run.measures.list[i].subject);
		check_printable(run.measures.list[i].text);
	}
	for (size_t i = 0; i < d.n_unchecked; i++)
		check_printable(d.unchecked[i].why);
	measures_done(&run.measures);
	diagnosis_done(&d);
	host_close(&h);
	return 0;
}
