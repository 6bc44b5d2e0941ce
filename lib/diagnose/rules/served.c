/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/served.h"

#include "base/mem.h"

#include <stdlib.h>

void served_add(struct served_list *l, const char *device, struct host_interrupts *i)
{
	if (i->n == 0) {
		host_interrupts_done(i);
		return;
	}
	l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*l->list));
	l->list[l->n++] = (struct served){.device = mem_dup(device), .interrupts = *i};
	*i = (struct host_interrupts){0};
}

void served_done(struct served_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->list[i].device);
		host_interrupts_done(&l->list[i].interrupts);
	}
	free(l->list);
	*l = (struct served_list){0};
}
