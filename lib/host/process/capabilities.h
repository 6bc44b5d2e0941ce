/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_CAPABILITIES_H
#define HOST_PROCESS_CAPABILITIES_H

/*
 * Capabilities of this process (capabilities(7)), as sets of bits. They are only given
 * up: what this process lacks stays lacking.
 */

#include <linux/capability.h>
#include <stdint.h>

#define CAPABILITY(name) (UINT64_C(1) << CAP_##name)

/* What root without capabilities cannot read: files of other users, the kernel log. */
#define CAPABILITIES_TO_READ \
	(CAPABILITY(DAC_OVERRIDE) | CAPABILITY(DAC_READ_SEARCH) | CAPABILITY(SYSLOG))

/*
 * To replace a file of another user, whose owner it keeps: the FILE of -o, and the
 * watch's.
 */
#define CAPABILITIES_TO_REPLACE (CAPABILITY(CHOWN) | CAPABILITY(FOWNER))

/*
 * What it takes to look into other processes and their namespaces: without
 * CAP_SYS_PTRACE, all that is held, since the kernel lets a process look only into those
 * that have no capability that it lacks.
 */
uint64_t capabilities_to_inspect(void);

/* What is permitted to this process. */
uint64_t capabilities_held(void);

/*
 * Keep no capability but those in `keep`: not permitted, effective, inheritable, nor
 * ambient. What could be gained by running a program is limited by no_new_privs only
 * (cmd/start.c): see below.
 */
void capabilities_permit(uint64_t keep);

/*
 * The same for good: the bounding set is limited, too, so that no program that this
 * process runs has others. That takes CAP_SETPCAP; without it, no_new_privs
 * (cmd/start.c) has the same effect.
 */
void capabilities_limit(uint64_t keep);

#endif
