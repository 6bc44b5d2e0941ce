/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/builtin.h"

#include "base/mem.h"

#include <stdlib.h>

/* Without it, zlib takes no pointer to constant input. */
#define ZLIB_CONST
#include <zlib.h>

char *rules_unpack(void)
{
	z_stream z = {.next_in = rules_packed, .avail_in = (uInt)rules_packed_len};
	size_t len = 0;
	char *text;

	for (const struct rules_file *f = rules_files; f->file; f++)
		len += f->len;
	text = mem_new(len, 1);
	z.next_out = (Bytef *)text;
	z.avail_out = (uInt)len;
	/* negative: a bare stream */
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK || inflate(&z, Z_FINISH) != Z_STREAM_END)
		abort(); /* no memory, or not the bytes that were compiled in */
	(void)inflateEnd(&z);
	return text;
}
