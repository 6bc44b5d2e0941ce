/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Comparing an interface with the profile. */
#include "base/mem.h"
#include "network/nic.h"
#include "network/text.h"

#include <errno.h>
#include <inttypes.h>

static void nic_diff_fixed(const struct nic *n, size_t i, struct change *ret)
{
	const char *name = n->group->attrs[i].name;
	_free_ char *now = net_attr_text(&n->group->attrs[i], n->seen.now[i]);

	if (n->item.optional) {
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "%s of %s is fixed at %s, and optional", name,
		           n->item.interface, now);
		return;
	}
	change_set(ret, STATE_FAILED, REASON_FEATURE_FIXED,
	           "%s of %s is fixed at %s by its driver", name, n->item.interface, now);
	change_remedy(ret,
	              "remove %s from the item, limit it to other interfaces, or add "
	              "`optional: true`",
	              name);
}

static void nic_diff_lacks(const struct nic *n, size_t i, struct change *ret)
{
	_free_ char *what = mem_format("%s %s", n->group->name, n->group->attrs[i].name);

	if (n->seen.max[i] == 0)
		net_item_diff_unsupported(&n->item, what, ret);
	else
		nic_diff_fixed(n, i, ret);
}

/* Return: whether the interface cannot have the value, with the reason in *ret. */
static bool nic_diff_impossible(const struct nic *n, size_t i, uint64_t want,
                                struct change *ret)
{
	const char *name = n->group->attrs[i].name;
	uint64_t max = n->seen.max[i];

	if (nic_lacks(n, i)) {
		nic_diff_lacks(n, i, ret);
		return true;
	}
	if (max == NET_KEEP || want <= max || want == n->seen.now[i])
		return false;
	change_set(ret, STATE_FAILED, REASON_ABOVE_MAXIMUM,
	           "%s of %s: %" PRIu64 " is above the driver's maximum, %" PRIu64, name,
	           n->item.interface, want, max);
	change_remedy(ret, "write `%s: max`, or a value up to %" PRIu64, name, max);
	return true;
}

/*
 * Leave what differs in `want`. Return: whether something does; false as well if *ret
 * says why it cannot be changed.
 */
static bool nic_diff_each(const struct nic *n, uint64_t *want, struct change *ret)
{
	const size_t none = n->group->n;
	size_t lacking = none, managed = 0, differ = 0;

	for (size_t i = 0; i < n->group->n; i++) {
		if (want[i] == NET_KEEP) {
			if (n->bounds[i].set && lacking == none)
				lacking = i;
			continue;
		}
		managed++;
		if (nic_diff_impossible(n, i, want[i], ret))
			return false;
		if (want[i] == n->seen.now[i])
			want[i] = NET_KEEP;
		else
			differ++;
	}
	if (managed == 0 && lacking != none)
		nic_diff_lacks(n, lacking, ret);
	return differ > 0;
}

static void nic_diff_values(const struct nic *n, struct change *ret)
{
	uint64_t want[NET_ATTRS_MAX];
	_free_ char *now = NULL, *should = NULL, *command = NULL;

	nic_want(n, want);
	if (!nic_diff_each(n, want, ret))
		return;
	now = net_values_text(n->group, n->seen.now, want);
	should = net_values_text(n->group, want, want);
	command = net_group_command(n->group, n->item.interface, want);
	change_set(ret, STATE_DRIFT,
	           n->group->interrupts ? REASON_INTERRUPTS_TRAFFIC : REASON_LIVE_DIFFERS,
	           "%s: is %s, should be %s%s", n->item.interface, now, should,
	           n->group->interrupts ? "; the change can interrupt traffic" : "");
	change_remedy(ret, "%s", command);
}

void nic_diff(const struct resource *r, struct change *ret)
{
	const struct nic *n = nic_of_const(r);

	if (n->item.fault == -ENODEV)
		net_item_diff_absent(&n->item, ret);
	else if (n->item.fault)
		net_item_diff_unsupported(&n->item, n->group->name, ret);
	else
		nic_diff_values(n, ret);
}

/* `mark`: words behind each new value. */
static void nic_compare(const struct nic *n, const uint64_t *was, const uint64_t *is,
                        const char *mark, struct differences *ret)
{
	for (size_t i = 0; i < n->group->n; i++) {
		const struct net_attr *a = &n->group->attrs[i];
		_free_ char *text = NULL;

		if (!n->bounds[i].set || was[i] == is[i] || was[i] == NET_KEEP ||
		    is[i] == NET_KEEP)
			continue;
		text = net_attr_text(a, is[i]);
		difference_add(ret, mem_format(" %s", a->name), net_attr_text(a, was[i]),
		               mem_format("%s%s", text, mark));
	}
}

void nic_differences(const struct resource *r, struct differences *ret)
{
	const struct nic *n = nic_of_const(r);
	uint64_t want[NET_ATTRS_MAX];

	nic_want(n, want);
	if (!n->item.fault)
		nic_compare(n, n->seen.now, want,
		            n->group->interrupts ? " (interrupts traffic)" : "", ret);
}

void nic_changes(const struct resource *r, struct differences *ret)
{
	const struct nic *n = nic_of_const(r);

	if (!n->item.fault)
		nic_compare(n, n->had, n->seen.now, "", ret);
}
