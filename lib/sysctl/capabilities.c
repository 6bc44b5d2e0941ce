/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/capabilities.h"

#include "base/macro.h"
#include "host/process/capabilities.h"
#include "sysctl/known/table.h"

#include <stddef.h>
#include <string.h>

/*
 * From the handlers of Linux 5.10 to 6.12; tests/vm/sysctl-sweep.sh writes every key with
 * just these. The first row that fits decides.
 */
static const struct {
	const char *prefix;
	uint64_t read, write; /* writing takes both */
} key_rows[] = {
	{"net.core.bpf_", CAPABILITY(SYS_ADMIN), 0},
	{"net.", 0, CAPABILITY(NET_ADMIN)},
	{"user.", CAPABILITY(SYS_RESOURCE), 0},
	{"vm.mmap_min_addr", 0, CAPABILITY(SYS_RAWIO)},
	{"vm.", 0, 0},
	{"kernel.yama.", 0, CAPABILITY(SYS_PTRACE)},
	{"kernel.modules_disabled", 0, CAPABILITY(SYS_MODULE)},
	{"kernel.usermodehelper.", 0, CAPABILITY(SYS_MODULE) | CAPABILITY(SETPCAP)},
	{"kernel.apparmor", CAPABILITY(MAC_ADMIN), CAPABILITY(SYS_ADMIN)},
	{"kernel.unprivileged_userns_apparmor", CAPABILITY(MAC_ADMIN),
         CAPABILITY(SYS_ADMIN)},
	{"kernel.ns_last_pid", 0, CAPABILITY(SYS_ADMIN) | CAPABILITY(CHECKPOINT_RESTORE)},
	{"", 0, CAPABILITY(SYS_ADMIN)},
};

static uint64_t capabilities_of_row(size_t i, bool write)
{
	return key_rows[i].read | (write ? key_rows[i].write : 0);
}

uint64_t sysctl_key_capabilities(const char *key, bool write)
{
	uint64_t any = 0;

	/* what is unknown of a key is not refused */
	if (key && !sysctl_table_find(key))
		key = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(key_rows); i++) {
		const char *prefix = key_rows[i].prefix;

		if (key && strncmp(key, prefix, strlen(prefix)) == 0)
			return capabilities_of_row(i, write);
		any |= capabilities_of_row(i, write);
	}
	return any;
}
