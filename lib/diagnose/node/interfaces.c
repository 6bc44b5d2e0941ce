/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/interfaces.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/net_driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NET     "/sys/class/net"
#define ENA     "ena"
#define MASTERS "bonding_masters"

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

static void driver_unread(struct measures *m, const char *name, const struct err *e)
{
	static const enum measure_id ids[] = {MEASURE_DRIVER, MEASURE_ENA,
	                                      MEASURE_ENA_PATCH};

	measure_add_unread_all(m, ids, ARRAY_SIZE(ids), name, e);
}

/* Return: whether it is, or may be, an ENA. */
static bool add_driver(struct diagnose_run *run, const char *name)
{
	struct measures *m = &run->measures;
	_free_ char *where = mem_format("ethtool -i %s", name);
	_net_driver_ struct net_driver d = {0};
	struct err e;
	int r = host_net_driver(run->h, name, &d, &e);

	if (r == -EOPNOTSUPP)
		measure_add_text(m, MEASURE_DRIVER, name, VIRTUAL, where);
	else if (r < 0)
		driver_unread(m, name, &e);
	else
		measure_add_text(m, MEASURE_DRIVER, name, d.name, where);
	if (r == 0 && strcmp(d.name, ENA) == 0)
		add_ena(m, name, &d);
	return r == -EOPNOTSUPP ? false : r < 0 || strcmp(d.name, ENA) == 0;
}

/* The MTU of an interface; 0 if it cannot be read. */
static int64_t add_mtu(struct diagnose_run *run, const char *name)
{
	_free_ char *path = mem_format(NET "/%s/mtu", name), *text = NULL;
	struct err e = {0};
	int64_t mtu = 0;

	if (host_file_read_line(run->h, path, &text, &e) == 0 && num_i64(text, &mtu) < 0)
		(void)err_set(&e, -EBADMSG, "%s: is no number", path);
	if (mtu > 0)
		measure_add(&run->measures, MEASURE_MTU, name, mtu, path);
	else
		measure_add_unread(&run->measures, MEASURE_MTU, name, &e);
	return mtu;
}

static bool add_interface(struct diagnose_run *run, const char *name, int64_t *max)
{
	int64_t mtu = add_mtu(run, name);
	bool ena = add_driver(run, name);

	if (ena && mtu > *max)
		*max = mtu;
	return !ena || mtu > 0;
}

static void interfaces_end(struct diagnose_run *run, void *first)
{
	_cleanup_(names_freep) char **names = NULL;
	struct measures *m = &run->measures;
	bool known = true;
	int64_t max = 0;
	struct err e;

	(void)first;
	if (host_file_list(run->h, NET, &names, &e) < 0) {
		driver_unread(m, "", &e);
		measure_add_unread(m, MEASURE_MTU, "", &e);
		measure_add_unread(m, MEASURE_ENA_MTU_MAX, "", &e);
		return;
	}
	/* a bonding driver puts a file there, bonding_masters */
	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], MASTERS) != 0)
			known &= add_interface(run, names[i], &max);
	if (known)
		measure_add(m, MEASURE_ENA_MTU_MAX, "", max, NET);
	else
		measure_add_absent(m, MEASURE_ENA_MTU_MAX, "",
		                   "the MTU of an interface cannot be read");
}

const struct diagnose_source source_interfaces = {
	.name = "interfaces", .needs_host = true, .end = interfaces_end};
