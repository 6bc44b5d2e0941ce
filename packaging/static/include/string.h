/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: names of error codes */
#pragma GCC system_header
#include_next <string.h>

const char *strerrorname_np(int code);
