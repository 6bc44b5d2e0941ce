/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/result.h"

#include "doc/node.h"

#include <stdlib.h>

size_t import_count_lost(const struct import *im)
{
	size_t n = 0;

	for (size_t i = 0; i < im->n; i++)
		n += !im->omitted[i].no_effect;
	return n;
}

void import_done(struct import *im)
{
	for (size_t i = 0; i < im->n; i++) {
		free(im->omitted[i].reason);
		free(im->omitted[i].line);
		free(im->omitted[i].lead);
	}
	for (size_t i = 0; i < im->n_lines; i++)
		free(im->lines[i]);
	free(im->omitted);
	free(im->lines);
	free(im->header);
	free(im->rest);
	node_free(im->tree);
	diag_done(&im->warnings);
	*im = (struct import){0};
}
