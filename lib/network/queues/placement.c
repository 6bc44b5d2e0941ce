/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/placement.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NET "/sys/class/net"
#define CPU "/sys/devices/system/cpu"

/* --- whose interrupt it is -------------------------------------------------------------
 */

/*
 * "ena-mgmnt@pci:...", "virtio0-config", "mlx5_async0@...", "eth0-event-8" and the plain
 * name of an interface with several are no queue's.
 */
static bool is_management(const char *action, size_t len)
{
	static const char *const words[] = {"mgmnt", "config", "async", "event", "hwc"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = strstr(action, words[i]);

		if (at && at < action + len)
			return true;
	}
	return false;
}

/* "eth0-Tx-Rx-3", "virtio0-input.3", "mlx5_comp3@pci:0000:00:06.0" -> 3 */
int placement_queue(const char *action, const char *interface)
{
	size_t len = strcspn(action, "@"), digits = 0;
	uint64_t number;
	_free_ char *text = NULL;

	while (digits < len && isdigit((unsigned char)action[len - digits - 1]))
		digits++;
	if (digits == 0 || is_management(action, len) || strcmp(action, interface) == 0)
		return -1;
	text = mem_dup_n(action + len - digits, digits);
	return num_u64(text, &number) < 0 || number > INT_MAX ? -1 : (int)number;
}

/* Drop those that are no queue's, unless there is no other. */
static void keep_queues(struct host_interrupts *in, const char *interface)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++)
		n += placement_queue(in->list[i].action, interface) >= 0;
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < in->n; i++)
		if (placement_queue(in->list[i].action, interface) >= 0)
			in->list[n++] = in->list[i];
		else
			free(in->list[i].action);
	in->n = n;
}

/* --- reading ---------------------------------------------------------------------------
 */

/* "" if the list is empty, or the kernel older than the file. */
static int read_optional(const struct host *h, const char *path, struct cpuset *ret,
                         struct err *e)
{
	int r = host_cpuset_read(h, path, ret, e);

	return r == -ENOENT || r == -ENODEV ? 0 : r;
}

/* Without CPUs, nohz_full is " (null)" (drivers/base/cpu.c). */
static int read_isolated(const struct host *h, struct cpuset *ret, struct err *e)
{
	struct cpuset tickless;
	int r = read_optional(h, CPU "/isolated", ret, e);

	if (r < 0)
		return r;
	r = read_optional(h, CPU "/nohz_full", &tickless, e);
	if (r == 0)
		cpuset_unite(ret, &tickless);
	return r == -EBADMSG ? 0 : r;
}

static int read_near(const struct host *h, const char *device, struct cpuset *ret,
                     struct err *e)
{
	_free_ char *path = mem_format("%s/numa_node", device), *text = NULL,
		    *list = NULL;
	int r = host_file_read_line(h, path, &text, e);
	uint64_t node;

	if (r < 0 || num_u64(text, &node) < 0)
		return r == -ENOENT || r == -ENOTDIR || r == 0 ? 0 : r;
	list = mem_format("/sys/devices/system/node/node%" PRIu64 "/cpulist", node);
	return read_optional(h, list, ret, e);
}

/* A virtio device is a child of the one that has the interrupts. */
static int read_device(const struct host *h, const char *interface, struct placement *p,
                       struct err *e)
{
	_free_ char *own = mem_format(NET "/%s/device", interface);
	_free_ char *parent = mem_format("%s/..", own);
	int r = host_file_find(h, own, e);

	if (r <= 0)
		return r;
	r = host_interrupts_read(h, own, &p->interrupts, e);
	if (r == 0 && p->interrupts.n == 0)
		r = host_interrupts_read(h, parent, &p->interrupts, e);
	if (r == 0)
		r = read_near(h, own, &p->near, e);
	if (r == 0 && cpuset_count(&p->near) == 0)
		r = read_near(h, parent, &p->near, e);
	return r;
}

static int ask_placement(const struct host *h, const char *interface,
                         struct placement *ret, struct err *e)
{
	int r = host_cpuset_read(h, CPU "/online", &ret->online, e);

	if (r == 0)
		r = read_isolated(h, &ret->isolated, e);
	if (r == 0)
		r = read_device(h, interface, ret, e);
	if (r == 0)
		keep_queues(&ret->interrupts, interface);
	return r;
}

/* --- recorded --------------------------------------------------------------------------
 */

static void set_cpus(struct node *n, const char *key, const struct cpuset *c)
{
	_free_ char *list = cpuset_list(c);

	node_set_text(n, key, list);
}

static struct node *placement_node(const struct placement *p)
{
	struct node *n = node_new(NODE_MAP);

	set_cpus(n, "online", &p->online);
	set_cpus(n, "isolated", &p->isolated);
	set_cpus(n, "near", &p->near);
	node_set(n, "interrupts", host_interrupts_node(&p->interrupts));
	return n;
}

static bool take_cpus(const struct node *known, const char *key, struct cpuset *ret)
{
	_free_ char *text = recorded_text(known, key);

	return text && cpuset_parse_list(text, ret);
}

static int take_placement(const struct node *known, const char *interface,
                          struct placement *ret, struct err *e)
{
	if (!take_cpus(known, "online", &ret->online) ||
	    !take_cpus(known, "isolated", &ret->isolated) ||
	    !take_cpus(known, "near", &ret->near))
		return err_set(e, -EBADMSG, "the bundle's CPUs of %s are not valid",
		               interface);
	host_interrupts_of_node(node_get(known, "interrupts"), &ret->interrupts);
	return 0;
}

int placement_read(const struct host *h, const char *interface, struct placement *ret,
                   struct err *e)
{
	struct node *answer = NULL;
	const struct node *known;
	int r = recorded_get(h, "placement", interface, &known, e);

	*ret = (struct placement){0};
	if (r > 0)
		return take_placement(known, interface, ret, e);
	if (r < 0)
		return r;
	r = ask_placement(h, interface, ret, e);
	if (r == 0 && h->record)
		answer = placement_node(ret);
	return recorded_put(h, "placement", interface, r, e, answer);
}

void placement_done(struct placement *p)
{
	host_interrupts_done(&p->interrupts);
}

/* --- placing ---------------------------------------------------------------------------
 */

static void siblings_of(const struct host *h, unsigned cpu, struct cpuset *ret)
{
	_free_ char *path = mem_format(CPU "/cpu%u/topology/thread_siblings_list", cpu);
	struct err ignored;

	*ret = (struct cpuset){0};
	(void)host_cpuset_read(h, path, ret, &ignored);
}

/* Use the smaller set, unless it is empty. */
static void prefer(struct cpuset *c, const struct cpuset *smaller)
{
	if (cpuset_count(smaller))
		*c = *smaller;
}

void placement_receive(const struct placement *p, const struct host *h,
                       struct cpuset *ret)
{
	struct cpuset busy = {0}, fewer, siblings;

	for (size_t i = 0; i < p->interrupts.n; i++)
		cpuset_unite(&busy, &p->interrupts.list[i].cpus);
	*ret = p->online;
	cpuset_remove(ret, &busy);
	cpuset_remove(ret, &p->isolated);
	fewer = *ret;
	cpuset_intersect(&fewer, &p->near);
	prefer(ret, &fewer);
	fewer = *ret;
	for (unsigned cpu = cpuset_next(&busy, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&busy, cpu + 1)) {
		siblings_of(h, cpu, &siblings);
		cpuset_remove(&fewer, &siblings);
	}
	prefer(ret, &fewer);
}

/* "virtio0-input.0" and "eth0-rx-0" are of queues that only receive. */
static bool sends(const char *action)
{
	return strcasestr(action, "tx") ||
	       (!strcasestr(action, "rx") && !strstr(action, "input"));
}

/* Give the CPUs of interrupts, or their siblings, to the queue, unless they have one. */
static void give_interrupts(const struct placement *p, const struct host *h, unsigned n,
                            bool siblings, struct cpuset *left, struct cpuset *ret)
{
	for (size_t i = 0; i < p->interrupts.n; i++) {
		const struct host_interrupt *in = &p->interrupts.list[i];
		int queue = placement_queue(in->action, "");
		struct cpuset given = in->cpus;

		if (queue < 0 || (unsigned)queue >= n || !sends(in->action))
			continue;
		if (siblings)
			siblings_of(h, cpuset_next(&in->cpus, 0), &given);
		cpuset_intersect(&given, left);
		cpuset_unite(&ret[queue], &given);
		cpuset_remove(left, &given);
	}
}

void placement_send(const struct placement *p, const struct host *h, unsigned n,
                    struct cpuset *ret)
{
	struct cpuset left = p->online;
	unsigned turn = 0;

	memset(ret, 0, n * sizeof(*ret));
	give_interrupts(p, h, n, false, &left, ret);
	give_interrupts(p, h, n, true, &left, ret);
	for (unsigned cpu = cpuset_next(&left, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&left, cpu + 1))
		cpuset_add(&ret[turn++ % n], cpu);
}
