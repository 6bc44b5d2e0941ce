/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: matching a part of a string; a line of text may not end with a zero byte */
#pragma GCC system_header
#include_next <regex.h>

#define REG_STARTEND (1 << 2)
#define regexec      regexec_part

int regexec_part(const regex_t *pattern, const char *text, size_t n, regmatch_t match[],
                 int flags);
