/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/capabilities.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SETS _LINUX_CAPABILITY_U32S_3
#define BITS 64

struct capability_sets {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct sets[SETS];
};

static void capabilities_get(struct capability_sets *ret)
{
	*ret = (struct capability_sets){
		.header = {.version = _LINUX_CAPABILITY_VERSION_3}};
	(void)syscall(SYS_capget, &ret->header, ret->sets);
}

uint64_t capabilities_held(void)
{
	struct capability_sets c;

	capabilities_get(&c);
	return (uint64_t)c.sets[1].permitted << 32 | c.sets[0].permitted;
}

uint64_t capabilities_to_inspect(void)
{
	uint64_t held = capabilities_held();

	return held & CAPABILITY(SYS_PTRACE)
	               ? CAPABILITY(SYS_PTRACE) | CAPABILITY(SYS_ADMIN) |
	                         CAPABILITY(SYS_CHROOT) | CAPABILITY(NET_ADMIN)
	               : held;
}

/*
 * A filter of system calls that forbids it leaves them: all else holds. A capability that
 * is not inheritable leaves the ambient set by itself.
 */
void capabilities_permit(uint64_t keep)
{
	static struct capability_sets c; /* what the last call left, if it could */
	static bool known;

	if (!known)
		capabilities_get(&c);
	for (size_t i = 0; i < SETS; i++) {
		c.sets[i].permitted &= (uint32_t)(keep >> 32 * i);
		c.sets[i].effective &= c.sets[i].permitted;
		c.sets[i].inheritable = 0;
	}
	known = syscall(SYS_capset, &c.header, c.sets) == 0;
}

/* What the bounding set may still have. */
static uint64_t in_bounds = UINT64_MAX;

void capabilities_limit(uint64_t keep)
{
	uint64_t gone = in_bounds & ~keep;

	if (capabilities_held() & CAPABILITY(SETPCAP)) {
		for (int i = 0; i < BITS; i++)
			if ((gone >> i & 1) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
				break;
		in_bounds = keep;
	}
	capabilities_permit(keep);
}
