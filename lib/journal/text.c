/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/text.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "confine/parse.h"
#include "doc/json.h"
#include "doc/node.h"
#include "journal/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC   "hosttune-journal "
#define VERSION 1
/* Each record has at most this many members, its settings more. */
#define VALUES_MAX 200000

/* "hosttune-journal 1 0123456789abcdef" */
static char *head_of(const char *body, size_t len)
{
	return mem_format(MAGIC "%d %016" PRIx64, VERSION,
	                  hash_bytes(HASH_START, body, len));
}

/* --- writing -------------------------------------------------------------------------
 */

static void set_value(struct node *map, const char *key, const struct node *value)
{
	if (value)
		node_set(map, key, node_copy(value));
}

static struct node *record_node(const struct journal_record *r)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "kind", r->kind);
	node_set_text(n, "object", r->object);
	if (r->stored)
		node_set(n, "stored", node_new_bool(true));
	set_value(n, "previous", r->previous);
	set_value(n, "desired", r->desired);
	set_value(n, "instead", r->instead);
	return n;
}

static struct node *journal_node(const struct journal *j)
{
	struct node *n = node_new(NODE_MAP), *records = node_new(NODE_LIST);

	node_set_text(n, "boot", j->boot);
	node_set_text(n, "machine", j->machine);
	node_set(n, "time", node_new_uint((uint64_t)(j->time_s > 0 ? j->time_s : 0)));
	node_set_text(n, "command", j->command);
	node_set_text(n, "profile", j->profile);
	node_set_text(n, "state", journal_state_word(j->state));
	if (j->try_s) {
		node_set(n, "try", node_new_uint(j->try_s));
		node_set(n, "try_until_ms", node_new_uint((uint64_t)j->try_until_ms));
		if (j->tries)
			node_set(n, "tries", node_new_uint(j->tries));
	}
	for (size_t i = 0; i < j->n; i++)
		node_append(records, record_node(&j->records[i]));
	node_set(n, "records", records);
	return n;
}

char *journal_format(const struct journal *j)
{
	_node_ struct node *n = journal_node(j);
	_free_ char *text = node_json_format(n, true);
	_free_ char *head = head_of(text, strlen(text));

	return mem_join(head, "\n", text, "\n");
}

/* --- reading -------------------------------------------------------------------------
 */

static int damaged(struct err *e, const char *what)
{
	return err_set(e, -EBADMSG, "is damaged: %s", what);
}

/* Return the JSON text; NULL with `e` set. */
static const char *check_head(const char *text, size_t len, size_t *ret_len,
                              struct err *e)
{
	const char *end = memchr(text, '\n', len < 64 ? len : 64), *body;
	_free_ char *head = NULL, *expected = NULL;
	const size_t magic_len = strlen(MAGIC);
	unsigned version;

	if (!end || memchr(text, '\0', len) || (size_t)(end - text) < magic_len ||
	    memcmp(text, MAGIC, magic_len) != 0) {
		(void)err_set(e, -EBADMSG, "is not a journal of hosttune");
		return NULL;
	}
	head = mem_dup_n(text, (size_t)(end - text));
	if (sscanf(head + magic_len, "%9u", &version) == 1 && version != VERSION) {
		(void)err_set(e, -EPROTONOSUPPORT,
		              "has version %u, and this hosttune reads version %d",
		              version, VERSION);
		return NULL;
	}
	body = end + 1;
	*ret_len = len - (size_t)(body - text);
	if (*ret_len > 0)
		--*ret_len; /* the last newline */
	expected = head_of(body, *ret_len);
	if (strcmp(head, expected) != 0 || text[len - 1] != '\n') {
		(void)damaged(e, "its checksum is wrong");
		return NULL;
	}
	return body;
}

/* The text of a scalar member; NULL: it is missing, or no text. */
static const char *text_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR && !n->plain ? n->text : NULL;
}

static bool number_of(const struct node *map, const char *key, uint64_t *ret)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR && n->plain && num_u64(n->text, ret) == 0 &&
	       *ret <= INT64_MAX;
}

/* Whether a value of the host is one line, or absent. */
static bool is_line(const struct node *n)
{
	if (!n)
		return true;
	return n->type == NODE_SCALAR && !n->plain && journal_holds(n->text);
}

static struct node *copy_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n ? node_copy(n) : NULL;
}

static int parse_record(const struct node *n, struct journal *j, struct err *e)
{
	const char *kind = text_of(n, "kind"), *object = text_of(n, "object");
	const struct node *stored = node_get(n, "stored");
	struct journal_record r;

	if (!kind || !object || !*object || !is_line(node_get(n, "object")))
		return damaged(e, "a record has no object");
	if (!stored && !(is_line(node_get(n, "previous")) &&
	                 is_line(node_get(n, "desired")) && !node_get(n, "instead")))
		return damaged(e, "a value is no text of one line");
	if (journal_find(j, kind, object))
		return damaged(e, "an object has two records");
	r = (struct journal_record){.kind = mem_dup(kind),
	                            .object = mem_dup(object),
	                            .stored = stored,
	                            .previous = copy_of(n, "previous"),
	                            .desired = copy_of(n, "desired"),
	                            .instead = copy_of(n, "instead")};
	(void)journal_add(j, &r);
	return 0;
}

static bool parse_state(const char *word, enum journal_state *ret)
{
	for (enum journal_state s = JOURNAL_APPLYING; s <= JOURNAL_REVERTED; s++)
		if (word && strcmp(word, journal_state_word(s)) == 0) {
			*ret = s;
			return true;
		}
	return false;
}

static int parse_head(const struct node *n, struct journal *j, struct err *e)
{
	const char *boot = text_of(n, "boot"), *machine = text_of(n, "machine"),
		   *command = text_of(n, "command"), *profile = text_of(n, "profile");
	uint64_t time, try_s = 0, until = 0, tries = 0;

	if (!boot || !machine || !command || !profile || !number_of(n, "time", &time) ||
	    !parse_state(text_of(n, "state"), &j->state))
		return damaged(e, "a member is missing");
	if (node_get(n, "try") && (!number_of(n, "try", &try_s) || try_s > UINT32_MAX ||
	                           !number_of(n, "try_until_ms", &until)))
		return damaged(e, "try is no number");
	if (node_get(n, "tries") &&
	    (!number_of(n, "tries", &tries) || tries > UINT32_MAX || !try_s))
		return damaged(e, "tries is no number");
	j->boot = mem_dup(boot);
	j->machine = mem_dup(machine);
	j->command = mem_dup(command);
	j->profile = mem_dup(profile);
	j->time_s = (int64_t)time;
	j->try_s = (unsigned)try_s;
	j->tries = (unsigned)tries;
	j->try_until_ms = (int64_t)until;
	return 0;
}

int journal_parse(const char *text, size_t len, struct journal *ret, struct err *e)
{
	_journal_ struct journal j = {0};
	_node_ struct node *tree = NULL;
	const struct node *records;
	size_t body_len = 0;
	const char *body = check_head(text, len, &body_len, e);
	int r;

	if (!body)
		return e->code;
	/* also after the deadline: it says what was changed, and a trial what to restore
	 */
	tree = confined_json_parse_some(body, body_len, VALUES_MAX, (struct deadline){0},
	                                e);
	if (!tree)
		return err_wrap(e, "is damaged");
	r = parse_head(tree, &j, e);
	records = node_get(tree, "records");
	if (r == 0 &&
	    (!records || records->type != NODE_LIST || records->n > JOURNAL_RECORDS_MAX))
		r = damaged(e, "it has no list of records");
	for (size_t i = 0; r == 0 && i < records->n; i++)
		r = parse_record(records->items[i], &j, e);
	if (r < 0)
		return r;
	*ret = j;
	j = (struct journal){0};
	return 0;
}
