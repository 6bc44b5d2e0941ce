/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How many flows an interface sends to the CPU where their reader runs (RFS). The table
 * of all flows is a sysctl, net.core.rps_sock_flow_entries: without it, none are.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "network/queues/queue_files.h"
#include "network/queues/steer.h"
#include "resource/kinds.h"

#include <inttypes.h>
#include <string.h>

/* Documentation/networking/scaling.rst: "32768 works fairly well on a moderately loaded
 * server", shared by the queues. */
#define FLOWS     32768
#define FLOWS_MAX (1 << 30)
#define TABLE     "/proc/sys/net/core/rps_sock_flow_entries"

const struct steering steering_rfs = {
	.name = "rfs", .direction = "rx", .file = "rps_flow_cnt"};

static void check(const struct node *n, struct diagnostics *diag)
{
	uint64_t flows;

	if (strcmp(n->text, "auto") != 0 && strcmp(n->text, "off") != 0 &&
	    (num_u64(n->text, &flows) < 0 || flows == 0 || flows > FLOWS_MAX))
		diag_error(
			diag, n->at,
			"rfs \"%s\": should be auto, off, or a number of flows (1 to %d)",
			n->text, FLOWS_MAX);
}

static const struct field fields[] = {
	{.name = "rfs",
         .type = FIELD_TEXT,
         .offset = offsetof(struct steer, how),
         .check = check,
         .doc = "flows that are processed where their reader runs, shared by all queues; "
                "auto: 32768; off"},
	{0},
};

/* The kernel rounds up to a power of two (net/core/net-sysfs.c). */
static uint64_t share_of(uint64_t flows, unsigned queues)
{
	uint64_t share = 1;

	while (share * queues < flows)
		share *= 2;
	return share;
}

/* Unknown is not "off": a namespace of a pod does not show the table. */
static bool lacks_table(const struct host *h)
{
	_free_ char *text = NULL;
	struct err ignored;

	return host_file_read_line(h, TABLE, &text, &ignored) == 0 &&
	       strcmp(text, "0") == 0;
}

static int target(struct steer *s, const struct host *h, char **ret, struct err *e)
{
	uint64_t flows = FLOWS;
	unsigned n;
	int r = queue_count(h, s->item.interface, "rx", &n, e);

	if (r < 0)
		return r;
	if (strcmp(s->how, "auto") != 0)
		(void)num_u64(s->how, &flows);
	*ret = mem_format("%" PRIu64, share_of(flows, n));
	s->no_table = lacks_table(h);
	return 0;
}

static bool rfs_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	return steer_parse(r, &steering_rfs, n, diag);
}

static int rfs_observe(struct resource *r, const struct host *h, struct err *e)
{
	return steer_observe(r, h, target, e);
}

const struct kind kind_rfs = {
	STEER_KIND,         .name = "rfs",          .fields = fields,
	.parse = rfs_parse, .observe = rfs_observe,
};
