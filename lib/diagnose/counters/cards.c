/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Network cards: what the kernel counts for each, and what their drivers do. */
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/tally.h"
#include "host/file.h"
#include "host/net_statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NET "/sys/class/net"

/* What the kernel counts for each interface: files in statistics/. */
static const struct counter_row common[] = {
	{MEASURE_RX_PACKETS, COUNTER, "rx_packets"},
	{MEASURE_RX_DROPPED, COUNTER, "rx_dropped"},
	{MEASURE_RX_MISSED, COUNTER, "rx_missed_errors"},
	{MEASURE_RX_OVERFLOWED, COUNTER, "rx_fifo_errors"},
	{MEASURE_RX_BROKEN, COUNTER, "rx_crc_errors"},
	{MEASURE_TX_ERRORS, COUNTER, "tx_errors"},
};

/* What the ENA driver counts; the names are those of its versions 2.0 to 2.17. */
static const struct counter_row ena[] = {
	{MEASURE_BANDWIDTH_IN_EXCEEDED, COUNTER, "bw_in_allowance_exceeded"},
	{MEASURE_BANDWIDTH_OUT_EXCEEDED, COUNTER, "bw_out_allowance_exceeded"},
	{MEASURE_PACKETS_EXCEEDED, COUNTER, "pps_allowance_exceeded"},
	{MEASURE_CONNTRACK_EXCEEDED, COUNTER, "conntrack_allowance_exceeded"},
	{MEASURE_LINKLOCAL_EXCEEDED, COUNTER, "linklocal_allowance_exceeded"},
	{MEASURE_MISSED_TX, COUNTER, "*missed_tx"},
	{MEASURE_TX_TIMEOUTS, COUNTER, "tx_timeout"},
	{MEASURE_ENA_WATCHDOG, COUNTER, "wd_expired"},
	{MEASURE_ENA_DOWN, COUNTER, "interface_down"},
	{MEASURE_ENA_RX_EMPTY, COUNTER, "queue_*_rx_empty_rx_ring"},
	{MEASURE_ENA_PAGE_FAILURES, COUNTER, "queue_*_rx_page_alloc_fail"},
	{MEASURE_ENA_SKB_FAILURES, COUNTER, "queue_*_rx_skb_alloc_fail"},
};

struct card_reading {
	char *name;
	struct tally common, driver;
	int r; /* of the driver's */
	struct err e;
};

struct cards_reading {
	int r;
	struct err e;
	struct card_reading *list;
	size_t n, cap;
};

static void cards_done(struct cards_reading *c)
{
	for (size_t i = 0; c && i < c->n; i++) {
		free(c->list[i].name);
		tally_done(&c->list[i].common);
		tally_done(&c->list[i].driver);
	}
	free(c ? c->list : NULL);
	free(c);
}

/* --- reading -------------------------------------------------------------------------
 */

static void read_common(const struct host *h, struct card_reading *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		const char *name = common[i].pattern;
		_free_ char *path = mem_format(NET "/%s/statistics/%s", ret->name, name);
		_free_ char *text = NULL;
		struct err ignored;
		uint64_t value;

		if (host_file_read_line(h, path, &text, &ignored) == 0 &&
		    num_u64(text, &value) == 0)
			tally_add(&ret->common, "", name, strlen(name), value);
	}
}

static void card_read(const struct host *h, const char *name, struct card_reading *ret)
{
	_net_statistics_ struct net_statistics s = {0};

	*ret = (struct card_reading){.name = mem_dup(name)};
	read_common(h, ret);
	ret->r = host_net_statistics(h, name, &s, &ret->e);
	for (size_t i = 0; i < s.n; i++)
		tally_add(&ret->driver, "", s.list[i].name, strlen(s.list[i].name),
		          s.list[i].value);
}

/* Whether it has a device. Return: 1; 0; -errno: unknown. */
static int find_device(const struct host *h, const char *name, struct err *e)
{
	_free_ char *device = mem_format(NET "/%s/device", name);

	return host_file_find(h, device, e);
}

/* Only what has, or may have, a device: a node has hundreds of veth. */
static struct cards_reading *cards_read(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	struct cards_reading *new = mem_new(1, sizeof(*new));

	new->r = host_file_list(h, NET, &names, &new->e);
	if (new->r < 0)
		return new;
	for (size_t i = 0; names[i]; i++) {
		struct err unknown;

		if (find_device(h, names[i], &unknown) == 0)
			continue;
		new->list = mem_grow(new->list, &new->cap, new->n, sizeof(*new->list));
		card_read(h, names[i], &new->list[new->n++]);
	}
	return new;
}

static void *cards_begin(const struct diagnose_run *run)
{
	return cards_read(run->h);
}

/* --- measures ------------------------------------------------------------------------
 */

/* A rule of cards does not apply to lo, bridges and veth. */
static void add_is_card(struct diagnose_run *run)
{
	_cleanup_(names_freep) char **names = NULL;
	struct measures *m = &run->measures;
	struct err e;

	if (host_file_list(run->h, NET, &names, &e) < 0) {
		measure_add_unread(m, MEASURE_CARD, "", &e);
		return;
	}
	for (size_t i = 0; names[i]; i++) {
		int r = find_device(run->h, names[i], &e);

		if (r < 0)
			measure_add_unread(m, MEASURE_CARD, names[i], &e);
		else
			measure_add(m, MEASURE_CARD, names[i], r, NET);
	}
}

static void add_rows(struct diagnose_run *run, const struct card_reading *card,
                     const struct counter_row *rows, size_t n, const struct tally *now,
                     const struct tally *before, const char *where)
{
	for (size_t i = 0; i < n; i++) {
		_free_ char *why = mem_format("%s: has no %s", where, rows[i].pattern);
		uint64_t value;

		if (tally_sum(now, before, rows[i].pattern, &value))
			measure_add(&run->measures, rows[i].id, card->name,
			            counter_value(value), where);
		else
			measure_add_absent(&run->measures, rows[i].id, card->name, why);
	}
}

static void rows_unread(struct diagnose_run *run, const struct counter_row *rows,
                        size_t n, const char *name, const struct err *e)
{
	for (size_t i = 0; i < n; i++)
		measure_add_unread(&run->measures, rows[i].id, name, e);
}

static void add_driver(struct diagnose_run *run, const struct card_reading *now,
                       const struct card_reading *before)
{
	const struct err *fault = now->r < 0                ? &now->e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;
	_free_ char *where = mem_format("ethtool -S %s", now->name);
	uint64_t left;

	if (fault) {
		rows_unread(run, ena, ARRAY_SIZE(ena), now->name, fault);
		return;
	}
	add_rows(run, now, ena, ARRAY_SIZE(ena), &now->driver,
	         before ? &before->driver : NULL, where);
	if (tally_sum(&now->driver, NULL, "conntrack_allowance_available", &left))
		measure_add(&run->measures, MEASURE_CONNTRACK_AVAILABLE, now->name,
		            counter_value(left), where);
}

static void cards_end(struct diagnose_run *run, void *first)
{
	struct cards_reading *before = first, *now = cards_read(run->h);
	const struct err *fault = now->r < 0                ? &now->e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;

	if (fault) {
		rows_unread(run, common, ARRAY_SIZE(common), "", fault);
		rows_unread(run, ena, ARRAY_SIZE(ena), "", fault);
	}
	for (size_t i = 0; !fault && i < now->n; i++) {
		const struct card_reading *card = &now->list[i], *had = NULL;
		_free_ char *where = mem_format(NET "/%s/statistics", card->name);

		for (size_t j = 0; before && j < before->n; j++)
			if (strcmp(before->list[j].name, card->name) == 0)
				had = &before->list[j];
		add_rows(run, card, common, ARRAY_SIZE(common), &card->common,
		         had ? &had->common : NULL, where);
		add_driver(run, card, had);
	}
	add_is_card(run);
	cards_done(now);
	cards_done(before);
}

const struct diagnose_source source_cards = {
	.name = "cards", .needs_host = true, .begin = cards_begin, .end = cards_end};
