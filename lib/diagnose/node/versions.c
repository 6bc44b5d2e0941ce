/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/versions.h"

#include "base/mem.h"
#include "base/num.h"
#include "bottlerocket/os.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/os_release.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RELEASE        "/proc/sys/kernel/osrelease"
#define VERSION        "/proc/version"
#define UBUNTU         "/proc/version_signature"
#define KUBELET_DIR    "/var/lib/kubelet"
#define KUBELET_OF_EKS "/etc/eks/kubelet-version.txt"
#define BOTTLEROCKET   "bottlerocket"

/* --- kernel ----------------------------------------------------------------------------
 */

/* The third number of the version that `text` starts with: 168 of "5.15.168-x". -1: it
 * has none. */
static int64_t patch_of(const char *text)
{
	unsigned long major, minor, patch;
	char *end;

	major = strtoul(text, &end, 10);
	if (end == text || *end != '.')
		return -1;
	text = end + 1;
	minor = strtoul(text, &end, 10);
	if (end == text || *end != '.')
		return -1;
	text = end + 1;
	patch = strtoul(text, &end, 10);
	return end == text || NUM_VERSION(major, minor) == 0 || patch > UINT16_MAX
	               ? -1
	               : (int64_t)patch;
}

/*
 * The release of Debian's and Ubuntu's kernels is that of their package, 6.1.0-40-amd64;
 * elsewhere they name the version that it was built from. NULL: nowhere.
 */
static char *built_from(const struct host *h, const char **ret_where)
{
	static const char debian[] = " Debian ";
	_free_ char *text = NULL, *signature = NULL;
	const char *at = NULL;
	struct err ignored;

	*ret_where = UBUNTU;
	if (host_file_read_line(h, UBUNTU, &signature, &ignored) == 0)
		at = strrchr(signature, ' ');
	if (at)
		return mem_dup(at + 1);
	*ret_where = VERSION;
	if (host_file_read_line(h, VERSION, &text, &ignored) == 0)
		at = strstr(text, debian);
	return at ? mem_dup(at + strlen(debian)) : NULL;
}

static void add_kernel_patch(struct diagnose_run *run)
{
	const char *where = RELEASE;
	int64_t patch = patch_of(run->h->release);
	const char *end = strchr(run->h->release, '-');
	_free_ char *version = NULL;

	if (patch == 0 && end && strncmp(end, "-rc", 3) != 0) {
		version = built_from(run->h, &where);
		patch = version ? patch_of(version) : -1;
	}
	if (patch < 0)
		measure_add_absent(&run->measures, MEASURE_KERNEL_PATCH, "",
		                   "the kernel does not show its patch level");
	else
		measure_add(&run->measures, MEASURE_KERNEL_PATCH, "", patch, where);
}

/* --- operating system ------------------------------------------------------------------
 */

/* What os-release says, or the API. Texts are owned; NULL: unknown. */
struct os {
	char *id, *version, *variant;
	const char *where;
	struct err error; /* why it is unknown; code 0: it is not */
};

static void os_done(struct os *os)
{
	free(os->id);
	free(os->version);
	free(os->variant);
}

static char *member_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR ? mem_dup(n->text) : NULL;
}

/* A pod may see the API's socket, but not the host's root. */
static int ask_api(const struct host *h, struct os *ret)
{
	_node_ struct node *answer = NULL;
	struct err ignored;
	int r = api_os(h, &answer, &ignored);

	if (r < 0)
		return r;
	ret->id = mem_dup(BOTTLEROCKET);
	ret->version = member_of(answer, "version_id");
	ret->variant = member_of(answer, "variant_id");
	ret->where = "GET /os";
	return 0;
}

static void os_read(const struct host *h, struct os *ret)
{
	struct err ignored;

	if (host_os_release(h, "ID", &ret->id, &ret->where, &ret->error) < 0) {
		if (ask_api(h, ret) == 0)
			ret->error.code = 0;
		return;
	}
	ret->error.code = 0;
	(void)host_os_release(h, "VERSION_ID", &ret->version, NULL, &ignored);
	(void)host_os_release(h, "VARIANT_ID", &ret->variant, NULL, &ignored);
}

static void add_os(struct measures *m, const struct os *os)
{
	if (os->error.code)
		measure_add_unread(m, MEASURE_OS, "", &os->error);
	else
		measure_add_text(m, MEASURE_OS, "", os->id ? os->id : "", os->where);
}

static void add_version(struct measures *m, enum measure_id id, const char *text,
                        const char *where, const char *why_absent)
{
	unsigned version = text ? num_version(text) : 0;

	if (version)
		measure_add(m, id, "", version, where);
	else
		measure_add_absent(m, id, "", why_absent);
}

/* --- kubelet ---------------------------------------------------------------------------
 */

/* "aws-k8s-1.31-nvidia", "vmware-k8s-1.28" -> "1.31-nvidia"; NULL: another variant. */
static const char *kubernetes_of(const char *variant)
{
	static const char part[] = "-k8s-";
	const char *at = variant ? strstr(variant, part) : NULL;

	return at ? at + strlen(part) : NULL;
}

/* Without a version. Return: 1; 0: there is no kubelet; -errno: unknown. */
static int find_kubelet(const struct host *h, const struct os *os, struct err *e)
{
	int r = host_file_find(h, KUBELET_DIR, e);

	/* os-release that does not exist names no variant; an unread one may */
	if (r != 0 || os->error.code == 0 || os->error.code == -ENOENT)
		return r;
	*e = os->error;
	return e->code;
}

/*
 * The version of the kubelet: a variant of Bottlerocket names it, and AWS's AMIs have it
 * in a file. The kubelet itself is never run.
 */
static void add_kubernetes(struct diagnose_run *run, const struct os *os)
{
	struct measures *m = &run->measures;
	const char *version = kubernetes_of(os->variant), *where = os->where;
	_free_ char *text = NULL;
	struct err e;
	int has = 1,
	    r = version ? 0 : host_file_read_line(run->h, KUBELET_OF_EKS, &text, &e);

	if (text) {
		version = text;
		where = KUBELET_OF_EKS;
	}
	if (!version)
		has = r == -ENOENT || r == -ENOTDIR ? find_kubelet(run->h, os, &e) : r;
	if (has < 0) {
		measure_add_unread(m, MEASURE_KUBELET, "", &e);
		measure_add_unread(m, MEASURE_KUBERNETES, "", &e);
		return;
	}
	measure_add(m, MEASURE_KUBELET, "", has, has && !version ? KUBELET_DIR : where);
	add_version(m, MEASURE_KUBERNETES, version, where,
	            has ? "neither a variant of Bottlerocket nor " KUBELET_OF_EKS
	                  " names the kubelet's version"
	                : "the node has no kubelet");
}

static void versions_end(struct diagnose_run *run, void *first)
{
	struct measures *m = &run->measures;
	struct os os = {0};

	(void)first;
	add_kernel_patch(run);
	os_read(run->h, &os);
	add_os(m, &os);
	if (os.error.code)
		measure_add_unread(m, MEASURE_BOTTLEROCKET, "", &os.error);
	else if (os.id && strcmp(os.id, BOTTLEROCKET) == 0)
		add_version(m, MEASURE_BOTTLEROCKET, os.version, os.where,
		            "its release has no VERSION_ID");
	else
		measure_add_absent(m, MEASURE_BOTTLEROCKET, "",
		                   "the node does not run Bottlerocket");
	add_kubernetes(run, &os);
	os_done(&os);
}

const struct diagnose_source source_versions = {
	.name = "versions", .needs_host = true, .end = versions_end};
