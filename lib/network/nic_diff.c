/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Comparing an interface with the profile. */
#include "base/mem.h"
#include "network/nic.h"
#include "network/text.h"

#include <errno.h>
#include <inttypes.h>

static void nic_diff_absent(const struct nic *n, struct change *ret)
{
	_free_ char *text = net_select_text(&n->select);

	if (n->r.run.begun)
		change_set(ret, STATE_FAILED, REASON_INTERFACE_GONE,
		           "the interface %s disappeared", n->interface);
	else if (n->r.run.waits)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "no interface matches yet (%s): waits for a module", text);
	else
		change_set(ret, STATE_SKIPPED, REASON_NO_INTERFACE,
		           "no interface matches (%s)", text);
}

static void nic_diff_unsupported(const struct nic *n, const char *attr,
                                 struct change *ret)
{
	if (n->r.spec.optional)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "%s has no %s%s%s, which is optional", n->interface,
		           n->group->name, *attr ? " " : "", attr);
	else {
		change_set(ret, STATE_FAILED, REASON_INTERFACE_UNSUPPORTED,
		           "the driver of %s has no %s%s%s", n->interface, n->group->name,
		           *attr ? " " : "", attr);
		change_remedy(ret,
		              "remove %s from the item, limit it to other "
		              "interfaces, or add `optional: true`",
		              n->group->name);
	}
}

/* Return: whether the interface cannot have the value, with the reason in *ret. */
static bool nic_diff_impossible(const struct nic *n, size_t i, uint64_t want,
                                struct change *ret)
{
	const char *name = n->group->attrs[i].name;
	uint64_t max = n->seen.max[i];

	if (max == 0 && (n->bounds[i].top || want > 0)) {
		nic_diff_unsupported(n, name, ret);
		return true;
	}
	if (max == NET_KEEP || want <= max || want == n->seen.now[i])
		return false;
	change_set(ret, STATE_FAILED, REASON_ABOVE_MAXIMUM,
	           "%s of %s: %" PRIu64 " is above the driver's maximum, %" PRIu64, name,
	           n->interface, want, max);
	change_remedy(ret, "write `%s: max`, or a value up to %" PRIu64, name, max);
	return true;
}

static void nic_diff_values(const struct nic *n, struct change *ret)
{
	uint64_t want[NET_ATTRS_MAX];
	_free_ char *now = NULL, *should = NULL, *command = NULL;
	bool differs = false;

	nic_want(n, want);
	for (size_t i = 0; i < n->group->n; i++) {
		if (want[i] == NET_KEEP)
			continue;
		if (nic_diff_impossible(n, i, want[i], ret))
			return;
		if (want[i] == n->seen.now[i])
			want[i] = NET_KEEP;
		else
			differs = true;
	}
	if (!differs)
		return;
	now = net_values_text(n->group, n->seen.now, want);
	should = net_values_text(n->group, want, want);
	command = net_group_command(n->group, n->interface, want);
	change_set(ret, STATE_DRIFT,
	           n->group->interrupts ? REASON_INTERRUPTS_TRAFFIC : REASON_LIVE_DIFFERS,
	           "%s: is %s, should be %s%s", n->interface, now, should,
	           n->group->interrupts ? "; the change can interrupt traffic" : "");
	change_remedy(ret, "%s", command);
}

void nic_diff(const struct resource *r, struct change *ret)
{
	const struct nic *n = CONST_CONTAINER_OF(r, struct nic, r);

	if (n->fault == -ENODEV)
		nic_diff_absent(n, ret);
	else if (n->fault)
		nic_diff_unsupported(n, "", ret);
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

		if (!n->bounds[i].set || was[i] == is[i] || was[i] == NET_KEEP)
			continue;
		text = net_attr_text(a, is[i]);
		difference_add(ret, mem_format(" %s", a->name), net_attr_text(a, was[i]),
		               mem_format("%s%s", text, mark));
	}
}

void nic_differences(const struct resource *r, struct differences *ret)
{
	const struct nic *n = CONST_CONTAINER_OF(r, struct nic, r);
	uint64_t want[NET_ATTRS_MAX];

	nic_want(n, want);
	if (!n->fault)
		nic_compare(n, n->seen.now, want,
		            n->group->interrupts ? " (interrupts traffic)" : "", ret);
}

void nic_changes(const struct resource *r, struct differences *ret)
{
	const struct nic *n = CONST_CONTAINER_OF(r, struct nic, r);

	if (!n->fault)
		nic_compare(n, n->had, n->seen.now, "", ret);
}
