/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The rows of lib/sysctl/known/keys.def, from the scans of all kernels. */
#include "keys.h"

#include "base/macro.h"
#include "base/mem.h"
#include "rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(n) ((wide)1 << (n))

/* Ranges that depend on another value or on the machine: what the source has instead. */
static const struct {
	const char *key;
	wide low, high;
} ranges[] = {
	{"kernel.cad_pid", 1, 4194304}, /* an existing process */
	{"kernel.core_file_note_size_limit", 0, BIT(32) - 1},
	{"kernel.nmi_watchdog", 0, 1}, /* refused without a performance counter */
	{"kernel.perf_event_max_stack", 0, BIT(31) - 1},
	{"kernel.random.urandom_min_reseed_secs", -BIT(31), BIT(31) - 1},
	{"kernel.random.write_wakeup_threshold", -BIT(31), BIT(31) - 1},
	{"kernel.sched_deadline_period_max_us", 0, BIT(32) - 1},
	{"kernel.sched_deadline_period_min_us", 0, BIT(32) - 1},
	{"kernel.sched_energy_aware", 0, 1},
	{"kernel.sched_rt_period_us", 1, BIT(31) - 1},
	{"kernel.sched_rt_runtime_us", -1, BIT(31) - 1},
	{"kernel.sysrq", -BIT(31), BIT(31) - 1},
	{"kernel.threads-max", 20, BIT(31) - 1},
	{"net.netfilter.nf_hooks_lwtunnel", 0, 1}, /* not written: 1 cannot be undone */
	{"net.netfilter.nf_conntrack_buckets", 0, BIT(31) - 1},
	{"net.core.bpf_jit_limit", 1, BIT(63) - 1},
	{"net.core.flow_limit_table_len", 1, BIT(31) - 1},
	{"net.core.netdev_budget_usecs", 2000, BIT(31) - 1}, /* 2 s / HZ */
	{"net.ipv4.ip_unprivileged_port_start", 0, 65535},
	{"net.ipv6.conf.*.mtu", 1280, BIT(31) - 1}, /* at most that of the interface */
	{"net.sctp.pf_retrans", 0, 65535},
	{"net.sctp.plpmtud_probe_interval", 0, BIT(31) - 1}, /* 0, or 5000 and more */
	{"net.sctp.ps_retrans", 0, 65535},
	{"net.sctp.rto_max", 1, 86400000},
	{"net.sctp.rto_min", 1, 86400000},
	{"vm.mmap_rnd_bits", 0, 64}, /* of the architecture */
	{"vm.mmap_rnd_compat_bits", 0, 32},
};

/* Their bounds depend on each other. */
static const char *const bounded[] = {
	"6lowpanfrag_low_thresh",
	"ipfrag_low_thresh",
	"ipfrag_high_thresh",
	"ip6frag_low_thresh",
	"ip6frag_high_thresh",
	"nf_conntrack_frag6_low_thresh",
	"nf_conntrack_frag6_high_thresh",
};

/* Seconds are stored in ticks: a kernel with HZ=100 accepts more of them. */
static const wide scaled[][2] = {
	{8589934, 21474836},
	{-8589934, -21474836},
	{17179869, 42949672},
	{(wide)36893488147419103ULL, (BIT(63) - 1) / 100},
};

static const char *const shapes[][2] = {
	{"kernel.ftrace_dump_on_oops", "text"}, /* text since Linux 6.9 */
	{"net.ipv6.icmp.ratemask", "ports"},
	{"kernel.unprivileged_bpf_disabled", "int"},
	{"vm.stat_refresh", "writeonly"},
};

static const struct {
	wide n;
	const char *name;
} names[] = {
	{-BIT(63), "INT64_MIN"},    {-BIT(31), "INT32_MIN"},
	{BIT(31) - 1, "INT32_MAX"}, {BIT(32) - 1, "UINT32_MAX"},
	{BIT(63) - 1, "INT64_MAX"}, {BIT(64) - 1, "UINT64_MAX"},
};

/* --- one key ---------------------------------------------------------------------------
 */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

static wide scale(wide n)
{
	for (size_t i = 0; i < ARRAY_SIZE(scaled); i++)
		if (scaled[i][0] == n)
			return scaled[i][1];
	return n;
}

/* The range that some kernel, some interface or another HZ accepts. */
static void find_widest(const struct row *rows, size_t n, wide *low, wide *high)
{
	bool any = false;

	*low = -BIT(31);
	*high = BIT(31) - 1;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (strcmp(ranges[i].key, rows->pattern) == 0) {
			*low = ranges[i].low;
			*high = ranges[i].high;
			return;
		}
	for (size_t i = 0; i < ARRAY_SIZE(bounded); i++)
		if (ends_with(rows->pattern, bounded[i])) {
			*low = 0;
			*high = BIT(64) - 1;
			return;
		}
	for (size_t i = 0; i < n; i++) {
		wide l = keys_number(rows[i].low), h = keys_number(rows[i].high);

		if (strcmp(rows[i].low, "-") == 0)
			continue;
		*low = !any || l < *low ? l : *low;
		*high = !any || h > *high ? h : *high;
		any = true;
	}
	*low = scale(*low);
	*high = scale(*high);
}

/* The first in the alphabet of those that are not among `but`; NULL: there is none. */
static const char *first_shape(const struct row *rows, size_t n, bool refused,
                               bool readonly)
{
	const char *first = NULL;

	for (size_t i = 0; i < n; i++)
		if ((refused || strcmp(rows[i].shape, "refused") != 0) &&
		    (readonly || strcmp(rows[i].shape, "readonly") != 0) &&
		    (!first || strcmp(rows[i].shape, first) < 0))
			first = rows[i].shape;
	return first;
}

/* What most is known of: a kernel may refuse what another accepts. */
static const char *shape_of(const struct row *rows, size_t n)
{
	const char *shape = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (strcmp(shapes[i][0], rows->pattern) == 0)
			return shapes[i][1];
	shape = first_shape(rows, n, false, false);
	if (!shape)
		shape = first_shape(rows, n, true, false);
	if (!shape)
		shape = first_shape(rows, n, true, true);
	if (strcmp(shape, "refused") == 0 || strcmp(shape, "untouched") == 0 ||
	    strcmp(shape, "changing") == 0)
		return rows->words > 1 ? "vector" : "int";
	return shape;
}

static const char *rounding_of(const struct row *rows, size_t n)
{
	const char *first = NULL;

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].rounds, "-") != 0 &&
		    strcmp(rows[i].rounds, "other") != 0 &&
		    (!first || strcmp(rows[i].rounds, first) < 0))
			first = rows[i].rounds;
	return first;
}

/* The module that registers it; "" if a kernel has it without one. */
static const char *module_of(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].module, "-") == 0)
			return "";
	return rows->module;
}

static size_t words_of(const struct row *rows, size_t n)
{
	size_t most = 0;

	/* one for each kind of zone */
	if (strcmp(rows->pattern, "vm.lowmem_reserve_ratio") == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		most = rows[i].words > most ? rows[i].words : most;
	return most;
}

static char *limit_text(wide n)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].n == n)
			return mem_dup(names[i].name);
	return keys_format(n);
}

static void print_key(const struct row *rows, size_t n)
{
	const char *shape = shape_of(rows, n), *rounds = NULL;
	bool vector = strcmp(shape, "vector") == 0;
	_free_ char *low_text = NULL, *high_text = NULL, *upper = NULL;
	wide low = 0, high = 0;

	if (strcmp(shape, "int") == 0) {
		find_widest(rows, n, &low, &high);
		rounds = rounding_of(rows, n);
		shape = rounds ? rounds : shape;
	}
	if (strcmp(shape, "STAYS") == 0) {
		low = -BIT(31);
		high = BIT(31) - 1;
	}
	if (strcmp(shape, "unreadable") == 0 || strcmp(shape, "digits") == 0)
		shape = "text";
	upper = mem_dup(strcmp(shape, "readonly") == 0    ? "read_only"
	                : strcmp(shape, "writeonly") == 0 ? "write_only"
	                                                  : shape);
	for (char *p = upper; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	low_text = limit_text(low);
	high_text = limit_text(high);
	(void)printf("K(%s, %zu, %s, %s, \"%s\", \"%s\")\n", upper,
	             vector ? words_of(rows, n) : 1, low_text, high_text, rows->pattern,
	             module_of(rows, n));
}

int keys_table(char *const *scans)
{
	struct rows rows = {0};
	bool ok = true;

	for (; ok && *scans; scans++)
		ok = rows_read(&rows, *scans);
	rows_sort(&rows);
	if (ok)
		(void)puts(
			"/* SPDX-License-Identifier: Apache-2.0 OR MIT */\n"
			"/* Made by tests/vm/sysctl-keys.sh: change that, not this. */");
	for (size_t i = 0, n; ok && i < rows.n; i += n) {
		for (n = 1; i + n < rows.n &&
		            strcmp(rows.list[i].pattern, rows.list[i + n].pattern) == 0;)
			n++;
		print_key(&rows.list[i], n);
	}
	rows_done(&rows);
	return ok ? 0 : 1;
}
