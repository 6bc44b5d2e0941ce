/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/sysctls.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MIN_FREE "/proc/sys/vm/min_free_kbytes"
#define RECEIVE  "/proc/sys/net/ipv4/tcp_rmem"
#define SEND     "/proc/sys/net/ipv4/tcp_wmem"

/* Read the last of `n` numbers in the file. */
static int read_number(const struct host *h, const char *path, unsigned n, int64_t *ret,
                       struct err *e)
{
	_free_ char *text = NULL;
	int64_t values[3] = {0};
	int r = host_file_read_line(h, path, &text, e);

	if (r < 0)
		return r;
	if (sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &values[0], &values[1],
	           &values[2]) != (int)n ||
	    values[n - 1] < 0 || values[n - 1] > INT32_MAX)
		return err_set(e, -EBADMSG, "%s: is not %u number%s", path, n,
		               n == 1 ? "" : "s");
	*ret = values[n - 1];
	return 0;
}

static void sysctls_end(struct diagnose_run *run, void *first)
{
	struct measures *m = &run->measures;
	int64_t kib, receive, send;
	struct err e = {0};

	(void)first;
	if (read_number(run->h, MIN_FREE, 1, &kib, &e) < 0)
		measure_add_unread(m, MEASURE_MIN_FREE, "", &e);
	else
		measure_add(m, MEASURE_MIN_FREE, "", kib * 1024, MIN_FREE);
	if (read_number(run->h, RECEIVE, 3, &receive, &e) < 0 ||
	    read_number(run->h, SEND, 3, &send, &e) < 0)
		measure_add_unread(m, MEASURE_TCP_BUFFERS, "", &e);
	else
		measure_add(m, MEASURE_TCP_BUFFERS, "", receive + send,
		            RECEIVE " and tcp_wmem");
}

const struct diagnose_source source_sysctls = {
	.name = "sysctls", .needs_host = true, .end = sysctls_end};
