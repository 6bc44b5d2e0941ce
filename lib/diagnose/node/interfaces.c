/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/interfaces.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/net_driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NET "/sys/class/net"
#define ENA "ena"

/* Of an interface without a device, such as lo or a bridge. */
#define VIRTUAL "virtual"

/* "2.13.0g" -> 0. */
static int64_t third_number(const char *version)
{
	const char *at = strchr(version, '.');

	at = at ? strchr(at + 1, '.') : NULL;
	return at ? strtol(at + 1, NULL, 10) : 0;
}

/* The kernel's own ENA driver has no version: 0.0. */
static void add_ena(struct measures *m, const char *name, const struct net_driver *d)
{
	_free_ char *where = mem_format("ethtool -i %s", name);

	measure_add(m, MEASURE_ENA, name, num_version(d->version), where);
	measure_add(m, MEASURE_ENA_PATCH, name, third_number(d->version), where);
}

static void add_driver(struct diagnose_run *run, const char *name)
{
	struct measures *m = &run->measures;
	_free_ char *where = mem_format("ethtool -i %s", name);
	_net_driver_ struct net_driver d = {0};
	struct err e;
	int r = host_net_driver(run->h, name, &d, &e);

	if (r == -EOPNOTSUPP)
		measure_add_text(m, MEASURE_DRIVER, name, VIRTUAL, where);
	else if (r < 0)
		measure_add_absent(m, MEASURE_DRIVER, name, e.text);
	else
		measure_add_text(m, MEASURE_DRIVER, name, d.name, where);
	if (r == 0 && strcmp(d.name, ENA) == 0)
		add_ena(m, name, &d);
}

static void interfaces_end(struct diagnose_run *run, void *first)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err e;

	(void)first;
	if (host_file_list(run->h, NET, &names, &e) < 0) {
		measure_add_absent(&run->measures, MEASURE_DRIVER, "", e.text);
		return;
	}
	for (size_t i = 0; names[i]; i++)
		add_driver(run, names[i]);
}

const struct diagnose_source source_interfaces = {
	.name = "interfaces", .needs_host = true, .end = interfaces_end};
