/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/facts.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/cpuset.h"
#include "host/file.h"
#include "host/host.h"
#include "host/os_release.h"
#include "host/own_namespaces.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MEMINFO_MAX_BYTES 65536
#define PAGE_SIZE_X86     4096L /* for a captured tree, which does not contain it */
#define HOSTNAME          "/proc/sys/kernel/hostname"

/* Return: 0 if the file does not exist or holds no list. */
static int64_t host_facts_read_list(const struct host *h, const char *path)
{
	struct cpuset list;
	struct err ignored;

	return host_cpuset_read(h, path, &list, &ignored) < 0 ? 0 : cpuset_count(&list);
}

static int read_cpus(const struct host *h, struct host_size *s, struct err *e)
{
	/*
	 * Not what this process may use: a static CPU manager gives a pod of the watch
	 * fewer CPUs than a bootstrap container has, and both configure the same node.
	 */
	s->cpus = host_facts_read_list(h, "/sys/devices/system/cpu/online");
	if (s->cpus == 0)
		return err_set(e, -ENOENT,
		               "/sys/devices/system/cpu/online: lists no CPUs");
	return 0;
}

static int read_memory(const struct host *h, struct host_size *s, struct err *e)
{
	_free_ char *text = NULL;
	const char *line;
	struct sysinfo info;
	int64_t kib;
	int r;

	/* MemTotal as well, but the kernel writes no text of all else (si_meminfo()) */
	if (h->live && sysinfo(&info) == 0 &&
	    !__builtin_mul_overflow(info.totalram, info.mem_unit, &s->memory) &&
	    s->memory > 0)
		return 0;
	r = host_file_read(h, "/proc/meminfo", MEMINFO_MAX_BYTES, &text, e);
	if (r < 0)
		return r;
	line = strstr(text, "MemTotal:");
	kib = line ? strtoll(line + strlen("MemTotal:"), NULL, 10) : 0;
	if (kib <= 0 || __builtin_mul_overflow(kib, INT64_C(1024), &s->memory))
		return err_set(e, -EBADMSG, "/proc/meminfo: has no MemTotal");
	return 0;
}

int host_facts_size(const struct host_facts *f, const struct host_size **ret,
                    struct err *e)
{
	struct host_size *s = f->size;
	int r;

	if (!s)
		return err_set(e, -ENODATA, "unknown");
	*ret = s;
	if (!s->h)
		return 0;
	r = read_cpus(s->h, s, e);
	if (r == 0)
		r = read_memory(s->h, s, e);
	if (r < 0)
		return r;
	s->numa_nodes = host_facts_read_list(s->h, "/sys/devices/system/node/online");
	if (s->numa_nodes == 0)
		s->numa_nodes = 1;
	s->h = NULL;
	return 0;
}

/* Whether the kernel has no speed: EINVAL of one that is down, ENODEV of one just removed
 */
static bool has_no_speed(int code)
{
	return code == -ENOENT || code == -ENOTDIR || code == -EINVAL ||
	       code == -ENODEV || code == -EOPNOTSUPP;
}

int host_nic_mbps(const struct host *h, const char *interface, int64_t *ret,
                  struct err *e)
{
	_free_ char *device = mem_format("/sys/class/net/%s/device", interface);
	_free_ char *path = mem_format("/sys/class/net/%s/speed", interface);
	_free_ char *text = NULL;
	int64_t mbps;
	int r;

	*ret = 0;
	/* bridges and veth report a speed too, but it means nothing */
	r = host_file_find(h, device, e);
	if (r <= 0)
		return r;
	r = host_file_read_line(h, path, &text, e);
	if (r < 0)
		return has_no_speed(r) ? 0 : r;
	if (num_i64(text, &mbps) < 0)
		return err_set(e, -EBADMSG, "%s: is no number", path);
	*ret = mbps > 0 ? mbps : 0;
	return 0;
}

int host_nic_gbps(const struct host *h, int64_t *ret, struct err *e)
{
	char **names __attribute__((cleanup(names_freep))) = NULL;
	int64_t best = 0;
	int r = host_file_list(h, "/sys/class/net", &names, e);

	for (size_t i = 0; r == 0 && names[i]; i++) {
		int64_t mbps;

		r = host_nic_mbps(h, names[i], &mbps, e);
		best = mbps > best ? mbps : best;
	}
	*ret = best >= 1000 ? best / 1000 : HOST_FACTS_NIC_GBPS;
	return r == -ENOENT ? 0 : r;
}

/* --- texts ----------------------------------------------------------------------------
 */

/* Return: the first line, owned; NULL if it cannot be read or is empty. */
static char *read_text(const struct host *h, const char *path)
{
	struct err ignored;
	char *text = NULL;

	if (host_file_read_line(h, path, &text, &ignored) == 0 && !*text)
		mem_set(&text, NULL);
	return text;
}

static int ask_machine(const struct host *h, const char *subject, char **ret,
                       struct err *e)
{
	struct utsname u;

	(void)subject;
	if (!h->live || uname(&u) < 0)
		return err_set(e, -ENOTSUP, "unknown");
	*ret = mem_dup(u.machine);
	return 0;
}

static char *read_arch(const struct host *h)
{
	/* since Linux 6.1 */
	char *arch = h->live ? NULL : read_text(h, "/proc/sys/kernel/arch");
	struct err ignored;

	if (!arch)
		(void)recorded_word(h, "kernel", "machine", ask_machine, &arch, &ignored);
	return arch;
}

/*
 * Nitro instances name their type as the product. Those on Xen (i3, m4 and older) only
 * say "Xen" and "HVM domU": their type is unknown. Any other vendor: not on EC2.
 */
static char *read_instance_type(const struct host *h)
{
	_free_ char *vendor = read_text(h, "/sys/class/dmi/id/sys_vendor");

	if (!vendor || strcmp(vendor, "Xen") == 0)
		return NULL;
	if (strcmp(vendor, "Amazon EC2") != 0)
		return mem_dup("");
	return read_text(h, "/sys/class/dmi/id/product_name");
}

/* "" if os-release has no such line: the host is of no variant. */
static char *read_variant(const struct host *h)
{
	struct err ignored;
	char *variant = NULL;

	(void)host_os_release(h, "VARIANT_ID", &variant, NULL, &ignored);
	return variant;
}

static int ask_hostname(const struct host *h, const char *subject, char **ret,
                        struct err *e)
{
	char *name;
	struct utsname u;

	(void)subject;
	/* not that of a pod */
	if (h->live && host_namespaces_check(h, HOSTNAME, e) == 0 && uname(&u) == 0)
		name = mem_dup(u.nodename);
	else
		name = read_text(h, HOSTNAME);
	*ret = name ? name : read_text(h, "/etc/hostname");
	return *ret ? 0 : err_set(e, -ENODATA, "unknown");
}

static char *read_hostname(const struct host *h)
{
	struct err ignored;
	char *name;

	(void)recorded_word(h, "kernel", "hostname", ask_hostname, &name, &ignored);
	return name;
}

void host_facts_done(struct host_facts *f)
{
	free(f->size);
	free(f->arch);
	free(f->instance_type);
	free(f->variant);
	free(f->hostname);
	*f = (struct host_facts){0};
}

static int ask_page_size(const struct host *h, const char *subject, char **ret,
                         struct err *e)
{
	(void)subject;
	(void)e;
	*ret = mem_format("%ld", h->live ? sysconf(_SC_PAGESIZE) : PAGE_SIZE_X86);
	return 0;
}

int64_t host_page_size(const struct host *h)
{
	_free_ char *text = NULL;
	struct err ignored;
	int64_t size = 0;

	if (recorded_word(h, "kernel", "page_size", ask_page_size, &text, &ignored) < 0 ||
	    !text || num_i64(text, &size) < 0 || size <= 0)
		return PAGE_SIZE_X86;
	return size;
}

void host_facts_read(const struct host *h, struct host_facts *ret)
{
	*ret = (struct host_facts){
		.size = mem_new(1, sizeof(*ret->size)),
		.page_size = host_page_size(h),
		.kernel = h->kernel,
		.arch = read_arch(h),
		.instance_type = read_instance_type(h),
		.variant = read_variant(h),
		.hostname = read_hostname(h),
	};
	ret->size->h = h;
}
