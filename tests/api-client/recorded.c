/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * api-recorded API-STUB TABLE: compare the stub with the real API server, by the table
 * tests/api/recorded.
 *
 * Starts a stub for each version and sends it all requests of the table, in order.
 * Status, Content-Type and body must equal those of the real server, byte for byte. Where
 * the table has a tilde, the members of objects and the elements of the outermost list
 * may come in any order. Prints TAP, one line per section of the table.
 *
 * Exit status: 0; 1 if a section failed; 2 if nothing could be compared.
 */
#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "client.h"
#include "table.h"

struct tally {
	unsigned passed, failed;
};

/* Print the result of a section, with its differences as comments, and empty them. */
static void report(struct tally *tally, const char *version, const char *section,
                   struct buf *differences)
{
	_free_ char *text = differences->len ? buf_take(differences) : NULL;
	char *rest = text;

	if (text)
		tally->failed++;
	else
		tally->passed++;
	(void)printf("%s %u - %s: %s\n", text ? "not ok" : "ok",
	             tally->passed + tally->failed, version, section);
	while (rest)
		(void)printf("# %s\n", strsep(&rest, "\n"));
}

/* Add a request and what is wrong with its answer. */
static void add_difference(struct buf *differences, const struct row *row,
                           const char *what)
{
	_free_ char *text = mem_format("%s %s%s%s\n  %s", row->method, row->target,
	                               *row->body ? " " : "", row->body, what);

	buf_join(differences, "\n", text);
}

static void compare_row(const struct row *row, const struct answer *expected,
                        const struct reply *got, struct buf *differences)
{
	const bool same = answer_matches(expected, got);
	_free_ char *what = NULL;

	if (same != !row->differs) {
		what = row->differs
		               ? mem_format("no longer differs: %s", row->differs)
		               : mem_format("expected: %d %s %s\n  got:      %d %s %s",
		                            expected->status,
		                            expected->type ? expected->type : "none",
		                            expected->body, got->status,
		                            got->type ? got->type : "none", got->body);
		add_difference(differences, row, what);
	}
}

/* Compare all rows. Where a request has no answer, the later ones say nothing more. */
static void compare(const struct table *table, size_t v, const struct stub *stub,
                    struct tally *tally)
{
	_buf_ struct buf differences = {0};

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct row *row = &table->rows[i];
		const struct answer *own = &row->answers[v];
		struct reply got;
		struct err e;
		int r = stub_ask(stub, row->method, row->target, row->body, &got, &e);

		if (r < 0)
			add_difference(&differences, row, e.text);
		else
			compare_row(row, own->status ? own : &row->answers[0], &got,
			            &differences);
		reply_done(&got);
		if (r < 0 || i + 1 == table->n_rows || row->section != row[1].section)
			report(tally, versions[v], row->section, &differences);
		if (r < 0)
			return;
	}
}

static void run(const struct table *table, const char *program, size_t v,
                const char *settings, struct tally *tally)
{
	_buf_ struct buf failure = {0};
	struct stub stub;
	struct err e;

	if (stub_start(&stub, program, versions[v], settings, &e) < 0) {
		buf_add(&failure, e.text);
		report(tally, versions[v], "the stub starts", &failure);
	} else {
		compare(table, v, &stub, tally);
	}
	stub_stop(&stub);
}

static int compare_all(const struct table *table, const char *program)
{
	const char *settings = table_word(table, "settings", strlen("settings"));
	struct tally tally = {0};
	unsigned differ = 0;

	if (!settings) {
		(void)fprintf(stderr,
		              "api-recorded: no \"let\" line named \"settings\"\n");
		return 2;
	}
	for (size_t v = 0; v < VERSIONS; v++)
		run(table, program, v, settings, &tally);
	for (size_t i = 0; i < table->n_rows; i++)
		differ += table->rows[i].differs != NULL;
	(void)printf("1..%u\n", tally.passed + tally.failed);
	(void)printf("# %zu requests, %u differ\n", table->n_rows, differ);
	(void)printf("%u passed, %u failed, 0 skipped\n", tally.passed, tally.failed);
	return tally.failed > 0 || tally.passed == 0;
}

int main(int argc, char **argv)
{
	struct table table;
	struct err e;
	int status = 2;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: api-recorded API-STUB TABLE\n");
		return 2;
	}
	if (table_read(&table, argv[2], &e) < 0)
		(void)fprintf(stderr, "api-recorded: %s\n", e.text);
	else
		status = compare_all(&table, argv[1]);
	table_done(&table);
	return status;
}
