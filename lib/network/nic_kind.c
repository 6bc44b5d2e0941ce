/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/nic_kind.h"

const struct field nic_select_fields[] = {
	{.name = "driver",
         .type = FIELD_TEXTS,
         .offset = offsetof(struct nic, select.drivers),
         .doc = "name of its driver, as in ethtool -i; never matches an interface "
                "without a device, such as that of a pod"},
	{.name = "name",
         .type = FIELD_TEXTS,
         .offset = offsetof(struct nic, select.names),
         .doc = "its name; * ? and [...] are patterns"},
	{.name = "default-route",
         .type = FIELD_BOOL,
         .offset = offsetof(struct nic, select.default_route),
         .doc = "true: only interfaces that have a default route, of IPv4 or IPv6"},
	{0},
};

const char *const nic_disruptive[] = {"allow", NULL};
const char *const nic_top[] = {"max", NULL};
const struct field nic_item_fields[] = {NIC_ITEM_FIELDS, {0}};

uint64_t nic_capabilities(const char *name, bool acts)
{
	(void)name;
	return acts ? CAPABILITY(NET_ADMIN) : 0;
}
