/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/facts.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMINFO_MAX_BYTES 65536
#define PAGE_SIZE_X86     4096 /* for a captured tree, which does not contain it */

/* "0-3,8" -> 5; 0 if it is not such a list. */
static int64_t count_list(const char *list)
{
	int64_t n = 0;

	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (end == list || first < 0)
			return 0;
		if (*end == '-') {
			list = end + 1;
			last = strtol(list, &end, 10);
			if (end == list || last < first)
				return 0;
		}
		n += last - first + 1;
		list = *end == ',' ? end + 1 : end;
		if (*end && *end != ',')
			return 0;
	}
	return n;
}

/* Return: 0 if the file does not exist or holds no list. */
static int64_t host_facts_read_list(const struct host *h, const char *path)
{
	_free_ char *list = NULL;
	struct err ignored;

	return host_file_read_line(h, path, &list, &ignored) < 0 ? 0 : count_list(list);
}

static int read_cpus(const struct host *h, struct host_facts *f, struct err *e)
{
	cpu_set_t set;

	f->cpus = host_facts_read_list(h, "/sys/devices/system/cpu/online");
	if (f->cpus == 0)
		return err_set(e, -ENOENT,
		               "/sys/devices/system/cpu/online: lists no CPUs");
	/* fails for more than 1024 CPUs; the host's number is used then */
	if (h->live && sched_getaffinity(0, sizeof(set), &set) == 0 &&
	    CPU_COUNT(&set) < f->cpus)
		f->cpus = CPU_COUNT(&set);
	return 0;
}

static int read_memory(const struct host *h, struct host_facts *f, struct err *e)
{
	_free_ char *text = NULL;
	const char *line;
	int64_t kib;
	int r = host_file_read(h, "/proc/meminfo", MEMINFO_MAX_BYTES, &text, e);

	if (r < 0)
		return r;
	line = strstr(text, "MemTotal:");
	kib = line ? strtoll(line + strlen("MemTotal:"), NULL, 10) : 0;
	if (kib <= 0 || __builtin_mul_overflow(kib, INT64_C(1024), &f->memory))
		return err_set(e, -EBADMSG, "/proc/meminfo: has no MemTotal");
	return 0;
}

/* In Mbit/s, as in sysfs; 0: unknown (sysfs has -1, or the interface is down). */
static int64_t read_speed(const struct host *h, const char *interface)
{
	_free_ char *device = mem_format("/sys/class/net/%s/device", interface);
	_free_ char *path = mem_format("/sys/class/net/%s/speed", interface);
	_free_ char *text = NULL;
	struct err ignored;
	int64_t mbps;

	/* bridges and veth report a speed too, but it means nothing */
	if (!host_file_exists(h, device) ||
	    host_file_read_line(h, path, &text, &ignored) < 0)
		return 0;
	return num_i64(text, &mbps) == 0 && mbps > 0 ? mbps : 0;
}

static void read_nic(const struct host *h, struct host_facts *f)
{
	char **names __attribute__((cleanup(names_freep))) = NULL;
	struct err ignored;
	int64_t best = 0;

	f->nic_gbps = HOST_FACTS_NIC_GBPS;
	if (host_file_list(h, "/sys/class/net", &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++) {
		int64_t mbps = read_speed(h, names[i]);

		best = mbps > best ? mbps : best;
	}
	if (best >= 1000)
		f->nic_gbps = best / 1000;
}

int host_facts_read(const struct host *h, struct host_facts *ret, struct err *e)
{
	int r;

	*ret = (struct host_facts){
		.kernel = h->kernel,
		.page_size = h->live ? sysconf(_SC_PAGESIZE) : PAGE_SIZE_X86,
		.numa_nodes = host_facts_read_list(h, "/sys/devices/system/node/online"),
	};
	if (ret->numa_nodes == 0)
		ret->numa_nodes = 1;
	read_nic(h, ret);
	r = read_cpus(h, ret, e);
	return r < 0 ? r : read_memory(h, ret, e);
}
