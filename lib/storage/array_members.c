/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/array_members.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <stdlib.h>

char *array_members_text(const struct array_members *m)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < m->n; i++) {
		_free_ char *one =
			mem_format("%s %s", m->list[i].name, m->list[i].serial);

		buf_join(&b, ", ", one);
	}
	return buf_take(&b);
}

void array_members_done(struct array_members *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->list[i].name);
		free(m->list[i].device);
		free(m->list[i].serial);
		free(m->list[i].id);
	}
	free(m->list);
	free(m->uuid);
	free(m->device);
	free(m->content);
	free(m->waiting);
	free(m->fault);
	free(m->others);
	node_free(m->refused);
	*m = (struct array_members){0};
}
