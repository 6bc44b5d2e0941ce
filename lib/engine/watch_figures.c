/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/watch_figures.h"

void watch_figures_read(struct watch_figures *f, const struct host *h)
{
	struct err ignored;

	*f = (struct watch_figures){0};
	(void)host_softnet_read(h, &f->softnet, &ignored);
}

void watch_figures_done(struct watch_figures *f)
{
	host_softnet_done(&f->softnet);
}
