/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/shell.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <string.h>

char *shell_quote(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.,:+-/=@%";
	struct buf b = {0};

	if (*word && !word[strspn(word, plain)])
		return mem_dup(word);
	buf_add(&b, "'");
	for (; *word; word++)
		if (*word == '\'')
			buf_add(&b, "'\\''");
		else
			buf_add_n(&b, word, 1);
	buf_add(&b, "'");
	return buf_take(&b);
}
