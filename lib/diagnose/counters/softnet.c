/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/softnet.h"

#include "base/mem.h"
#include "host/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024)

/*
 * Since Linux 5.10 the thirteenth column is the CPU number; offline CPUs have no row.
 * Only one row is scanned: sscanf() skips newlines like blanks, so a row of fewer columns
 * would take the rest from the next one.
 */
static int parse_row(const char *text, size_t len, struct softnet_cpu *ret)
{
	_free_ char *row = mem_dup_n(text, len);

	return sscanf(row,
	              "%" SCNx32 " %" SCNx32 " %" SCNx32
	              " %*x %*x %*x %*x %*x %*x %*x %*x %*x %" SCNx32,
	              &ret->processed, &ret->dropped, &ret->squeezed, &ret->cpu);
}

void softnet_parse(const char *text, struct softnet *ret)
{
	*ret = (struct softnet){0};
	while (*text) {
		struct softnet_cpu row = {0};
		size_t len = strcspn(text, "\n");
		int n = parse_row(text, len, &row);

		if (n == 3)
			row.cpu = (uint32_t)ret->n;
		if (n >= 3) {
			ret->list = mem_grow(ret->list, &ret->cap, ret->n, sizeof(row));
			ret->list[ret->n++] = row;
		}
		text += len;
		text += *text == '\n';
	}
}

int softnet_read(const struct host *h, struct softnet *ret, struct err *e)
{
	_free_ char *text = NULL;
	int r = host_file_read(h, "/proc/net/softnet_stat", TEXT_MAX, &text, e);

	*ret = (struct softnet){0};
	if (r == 0)
		softnet_parse(text, ret);
	return r;
}

void softnet_done(struct softnet *s)
{
	free(s->list);
	*s = (struct softnet){0};
}
