/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_TALLY_H
#define DIAGNOSE_COUNTERS_TALLY_H

/*
 * Counters with names, as one reading of a file of the kernel has them: "pgfault",
 * "TcpExt.ListenOverflows". The parsers accept any text: what is no counter is skipped,
 * and more than TALLY_MAX are not kept.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_MAX 65536

struct tally {
	struct tally_row {
		char *name;
		uint64_t value;
	} * list;
	size_t n, cap;
};

/* Add a counter; `name` has `len` bytes, `group` goes before it with a dot, or is "". */
void tally_add(struct tally *t, const char *group, const char *name, size_t len,
               uint64_t value);

/* Lines "NAME VALUE": /proc/vmstat, /proc/net/snmp6. */
void tally_parse_lines(const char *text, struct tally *t);

/* Pairs of lines "GROUP: NAME ..." and "GROUP: VALUE ...": /proc/net/netstat and snmp. */
void tally_parse_pairs(const char *text, struct tally *t);

/* Lines "GROUP: NAME VALUE NAME VALUE ...": /proc/net/sockstat. */
void tally_parse_groups(const char *text, struct tally *t);

/*
 * How much a counter grew. If it is smaller than before, one of 32 bits wrapped if it was
 * in its upper half; any other was restarted and counts from 0.
 */
uint64_t counter_since(uint64_t before, uint64_t now, unsigned bits);

/*
 * Add up the counters whose names match the pattern (fnmatch(3)), or what they grew since
 * `before`; NULL: since boot. A counter that was not there before counts from 0.
 * Return: false if there is none.
 */
bool tally_sum(const struct tally *now, const struct tally *before, const char *pattern,
               uint64_t *ret);

void tally_done(struct tally *t);

#endif
