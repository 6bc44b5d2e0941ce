/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/files.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "sysctl/known/relation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HUGEPAGES "/sys/kernel/mm/hugepages/hugepages-%" PRIu64 "kB/%s"

#define MEMINFO_MAX (64 * 1024)

/* Sysctls of huge pages are those of the default size; 0: unknown. */
static uint64_t hugepage_kib(const struct host *h)
{
	static const char line[] = "\nHugepagesize:";
	_free_ char *text = NULL;
	struct err ignored;
	const char *at;

	if (host_file_read(h, "/proc/meminfo", MEMINFO_MAX, &text, &ignored) < 0)
		return 0;
	at = strstr(text, line);
	return at ? strtoull(at + strlen(line), NULL, 10) : 0;
}

char *sysctl_file(const char *key, const struct host *h)
{
	const char *file = sysctl_relation_file(key);
	uint64_t kib;

	if (!file || *file == '/')
		return file ? mem_dup(file) : NULL;
	kib = h ? hugepage_kib(h) : 0;
	return kib ? mem_format(HUGEPAGES, kib, file) : NULL;
}
