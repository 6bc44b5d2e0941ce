/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/undo.h"

#include "base/mem.h"

#include <stdlib.h>

void undo_add(struct undo_values *v, char *object, char *previous, char *desired)
{
	v->list = mem_grow(v->list, &v->cap, v->n, sizeof(*v->list));
	v->list[v->n++] = (struct undo_value){object, previous, desired};
}

void undo_values_done(struct undo_values *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->list[i].object);
		free(v->list[i].previous);
		free(v->list[i].desired);
	}
	free(v->list);
	*v = (struct undo_values){0};
}
