/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/record.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/sysfs.h"
#include "network/group.h"
#include "network/select.h"

#include <stdlib.h>

void network_record(const struct host *h)
{
	char all[] = "*";
	const struct net_select every = {.names = all};
	const struct net_select asked[] = {{.drivers = all}, {.default_route = true}};
	_cleanup_(names_freep) char **names = NULL, **matching = NULL;
	struct net_values values;
	struct err ignored;

	(void)net_select_list(&every, h, &names, &ignored);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		(void)net_select_list(&asked[i], h, &matching, &ignored);
		names_freep(&matching);
		matching = NULL;
	}
	for (size_t i = 0; names[i]; i++) {
		_free_ char *link = mem_format("/sys/class/net/%s", names[i]);

		/* where the files of a profile's item really are */
		free(host_sysfs_real(h, link));
		for (const struct net_group *const *g = net_groups; *g; g++)
			(void)net_group_read(h, *g, names[i], &values, &ignored);
	}
}
