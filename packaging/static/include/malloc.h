/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: this, which does nothing here */
#pragma GCC system_header
#include_next <malloc.h>

int malloc_trim(size_t pad);
