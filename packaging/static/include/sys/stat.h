/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: an attribute of Linux 5.8 */
#pragma GCC system_header
#include_next <sys/stat.h>

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif
