/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/profile.h"

#include "doc/node.h"
#include "profile/source.h"

#include <stdlib.h>

void profile_done(struct profile *p)
{
	for (size_t i = 0; i < p->n + p->n_waivers; i++)
		resource_free(p->resources[i]);
	free(p->resources);
	exclusions_done(&p->excluded);
	node_free(p->tree);
	node_free(p->merged);
	for (size_t i = 0; p->names && p->names[i]; i++)
		free(p->names[i]);
	free(p->names);
	for (size_t i = 0; i < p->n_sources; i++)
		source_done(&p->sources[i]);
	free(p->sources);
	*p = (struct profile){0};
}
