/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as a journal: it is read, or refused with a reason. What is read is written
 * and read again without a difference. A text without a head gets one that fits, so that
 * the records are reached.
 */
#include "fuzz.h"

#include "base/hash.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "journal/text.h"

#include <inttypes.h>
#include <string.h>

static void check(const char *text, size_t len)
{
	_journal_ struct journal j = {0}, again = {0};
	_free_ char *first = NULL, *second = NULL;
	struct err e = {0};

	if (journal_parse(text, len, &j, &e) < 0) {
		assert(e.code < 0 && *e.text);
		return;
	}
	first = journal_format(&j);
	assert(journal_parse(first, strlen(first), &again, &e) == 0);
	second = journal_format(&again);
	assert(strcmp(first, second) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	_free_ char *whole = mem_format("hosttune-journal 1 %016" PRIx64 "\n%s\n",
	                                hash_bytes(HASH_START, text, strlen(text)), text);

	check((const char *)data, size);
	check(whole, strlen(whole));
	return 0;
}
