/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/difference.h"

#include "base/mem.h"

#include <stdlib.h>

void difference_add(struct differences *d, char *part, char *live, char *wanted)
{
	d->list = mem_grow(d->list, &d->cap, d->n, sizeof(*d->list));
	d->list[d->n++] = (struct difference){part, live, wanted};
}

void differences_done(struct differences *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].part);
		free(d->list[i].live);
		free(d->list[i].wanted);
	}
	free(d->list);
	*d = (struct differences){0};
}
