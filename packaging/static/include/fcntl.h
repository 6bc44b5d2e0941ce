/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* With O_PATH in this mask, as in musl, such a descriptor would seem to be for writing.
 */
#pragma GCC system_header
#include_next <fcntl.h>

#undef O_ACCMODE
#define O_ACCMODE (O_RDONLY | O_WRONLY | O_RDWR)
