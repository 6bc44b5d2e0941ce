/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/packed.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Without it, zlib takes no pointer to constant input. */
#define ZLIB_CONST
#include <zlib.h>

char *packed_open(const struct packed *p)
{
	z_stream z = {.next_in = p->stream, .avail_in = (uInt)p->stream_len};
	char *texts = mem_new(p->len, 1);

	z.next_out = (Bytef *)texts;
	z.avail_out = (uInt)p->len;
	/* negative: a bare stream */
	mem_need(inflateInit2(&z, -MAX_WBITS) == Z_OK);
	if (inflate(&z, Z_FINISH) != Z_STREAM_END)
		abort(); /* not the bytes that were compiled in */
	(void)inflateEnd(&z);
	return texts;
}

const char *const *packed_texts(struct packed *p)
{
	const char *text;

	if (p->texts)
		return p->texts;
	p->texts = mem_new(p->n, sizeof(*p->texts));
	text = packed_open(p);
	for (size_t i = 0; i < p->n; i++) {
		p->texts[i] = text;
		text += strlen(text) + 1;
	}
	return p->texts;
}
