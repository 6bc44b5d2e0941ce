/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/steer.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "network/index.h"

#include <errno.h>
#include <string.h>

/* --- the profile -----------------------------------------------------------------------
 */

bool steer_parse(struct resource *r, const struct steering *what, const struct node *item,
                 struct diagnostics *diag)
{
	struct steer *s = steer_of(r);

	s->what = what;
	if (!fields_any(r->kind->fields, item))
		return false;
	net_item_parse(&s->item, item, what->name, false, diag);
	fields_parse(r->kind->fields, item, s, diag);
	r->spec.want = mem_dup(s->how);
	return true;
}

/* --- looking ---------------------------------------------------------------------------
 */

static const char *off_line(const struct steering *s)
{
	return s->mask ? STEERING_NONE : "0";
}

static int find_target(struct steer *s, const struct host *h,
                       int (*target)(struct steer *s, const struct host *h, char **ret,
                                     struct err *e),
                       struct err *e)
{
	char *line = NULL;
	int r = 0;

	s->no_interrupts = s->no_table = false;
	mem_set(&s->offline, NULL);
	if (strcmp(s->how, "off") == 0)
		line = mem_dup(off_line(s->what));
	else
		r = target(s, h, &line, e);
	mem_set(&s->target, line);
	return r;
}

int steer_observe(struct resource *r, const struct host *h,
                  int (*target)(struct steer *s, const struct host *h, char **ret,
                                struct err *e),
                  struct err *e)
{
	struct steer *s = steer_of(r);
	int code = net_item_look(&s->item, h, e);

	if (code <= 0)
		return code;
	code = steering_read(h, s->what, s->item.interface, &r->seen.now, e);
	if (code == 0)
		code = find_target(s, h, target, e);
	return net_item_seen(&s->item, code);
}

char *steer_files(const struct resource *r, const struct host *h)
{
	const struct steer *s = steer_of_const(r);
	_free_ char *dir = net_item_dir(&s->item, h);

	return dir ? steering_files(h, s->what, s->item.interface, dir) : NULL;
}

/* A table of flows is a sysctl. */
static void diff_same(const struct steer *s, struct change *ret)
{
	if (!s->no_table)
		return;
	change_set(ret, STATE_OK, REASON_NO_FLOW_TABLE,
	           "%s: has no effect while net.core.rps_sock_flow_entries is 0",
	           s->item.interface);
	change_remedy(ret, "add net.core.rps_sock_flow_entries: 32768 to sysctl");
}

void steer_diff(const struct resource *r, struct change *ret)
{
	const struct steer *s = steer_of_const(r);
	_free_ char *command = NULL;

	if (s->item.fault == -ENODEV)
		net_item_diff_absent(&s->item, ret);
	else if (s->item.fault)
		net_item_diff_unsupported(&s->item, s->what->name, ret);
	else if (s->no_interrupts)
		net_item_diff_unsupported(&s->item, "interrupts", ret);
	else if (s->offline)
		change_set(ret, STATE_FAILED, REASON_NO_SUCH_CPU,
		           "%s: this node has no CPU %s", s->item.interface, s->offline);
	else if (strcmp(r->seen.now, s->target) == 0)
		diff_same(s, ret);
	else {
		command = steering_command(s->what, s->item.interface, s->target);
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS,
		           "%s: is %s, should be %s", s->item.interface, r->seen.now,
		           s->target);
		change_remedy(ret, "%s", command);
	}
}

void steer_differences(const struct resource *r, struct differences *ret)
{
	const struct steer *s = steer_of_const(r);

	if (!s->item.fault && s->target)
		difference_add(ret, NULL, mem_dup(r->seen.now), mem_dup(s->target));
}

/* --- writing ---------------------------------------------------------------------------
 */

int steer_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                struct err *e)
{
	struct steer *s = steer_of(r);
	int code = net_item_check(&s->item, h, e);

	if (code == 0)
		code = steering_write(h, s->what, s->item.interface, s->target, e);
	*ret_reason = net_item_reason(code, *ret_reason);
	return code;
}

/* An interface that is gone has nothing to restore. */
int steer_revert(struct resource *r, struct host *h, struct err *e)
{
	struct steer *s = steer_of(r);
	int code = net_item_check(&s->item, h, e);

	if (code == 0)
		code = steering_write(h, s->what, s->item.interface, r->seen.had, e);
	return code == -ENODEV ? 0 : code;
}

bool steer_capture(const struct resource *r, const struct host *h, struct node *section,
                   struct diagnostics *diag)
{
	const struct steer *s = steer_of_const(r);
	const char *now = r->seen.now, *word = now;

	(void)h;
	if (s->item.fault || !now)
		return false;
	if (s->target && !s->no_interrupts && strcmp(now, s->target) == 0)
		word = s->how;
	else if (strcmp(now, off_line(s->what)) == 0)
		word = "off";
	else if (strchr(now, ' ') || s->what->direction[0] == 't' || !s->what->mask) {
		diag_note(diag, r->spec.at, "%s %s: is %s", s->what->name, r->name, now);
		return true;
	}
	node_set(net_item_captured(section, &s->item), s->what->name,
	         node_new_word(word));
	return true;
}

void steer_done(struct resource *r)
{
	net_item_done(r);
	mem_set(&steer_of(r)->target, NULL);
	mem_set(&steer_of(r)->offline, NULL);
}

/* --- revert: "eth0:2 rps" and a line
 * ----------------------------------------------------
 */

/* Split an object. Return: 0; as net_index_name(). *ret_name is owned. */
static int steer_split(const struct host *h, const char *object,
                       const struct steering **ret, char **ret_name, struct err *e)
{
	static const struct steering *const all[] = {&steering_rps, &steering_xps,
	                                             &steering_rfs};
	const char *blank = strchr(object, ' ');
	_free_ char *word = mem_dup_n(object, blank ? (size_t)(blank - object) : 0);

	*ret = NULL;
	for (size_t i = 0; blank && i < ARRAY_SIZE(all); i++)
		if (strcmp(blank + 1, all[i]->name) == 0) {
			*ret = all[i];
			return net_index_name(h, word, ret_name, e);
		}
	return err_set(e, -EINVAL, "\"%s\": is no steering of an interface", object);
}

static void steer_undo_list(const struct resource *r, const struct host *h,
                            struct undo_values *ret)
{
	const struct steer *s = steer_of_const(r);
	_free_ char *word = net_index_word(s->item.interface, s->item.index);

	(void)h;
	undo_add(ret, mem_format("%s %s", word, s->what->name), mem_dup(r->seen.now),
	         mem_dup(s->target));
}

static int steer_undo_read(const struct host *h, const char *object, char **ret_value,
                           struct err *e)
{
	_free_ char *name = NULL;
	const struct steering *what = NULL;
	int r = steer_split(h, object, &what, &name, e);

	*ret_value = NULL;
	if (r == 0)
		r = steering_read(h, what, name, ret_value, e);
	return r == -ENODEV ? 0 : r;
}

static int steer_undo_write(struct host *h, const char *object, const char *value,
                            struct err *e)
{
	_free_ char *name = NULL;
	const struct steering *what = NULL;
	int r = steer_split(h, object, &what, &name, e);

	if (r < 0)
		return r;
	if (!steering_is_line(what, value))
		return err_set(e, -EINVAL, "\"%s\": is no value of %s", value, object);
	return steering_write(h, what, name, value, e);
}

static bool steer_undo_overlaps(const char *a, const char *b)
{
	size_t len_a = strcspn(a, " "), len_b = strcspn(b, " ");
	_free_ char *of_a = mem_dup_n(a, len_a), *of_b = mem_dup_n(b, len_b);

	return strcmp(a + len_a, b + len_b) == 0 && net_index_is_same(of_a, of_b);
}

static char *steer_undo_command(const struct host *h, const char *object,
                                const char *value)
{
	_free_ char *name = NULL;
	const struct steering *what = NULL;
	struct err ignored;

	return steer_split(h, object, &what, &name, &ignored) == 0 &&
	                       steering_is_line(what, value)
	               ? steering_command(what, name, value)
	               : NULL;
}

const struct undo steer_undo = {
	.list = steer_undo_list,
	.read = steer_undo_read,
	.write = steer_undo_write,
	.overlaps = steer_undo_overlaps,
	.command = steer_undo_command,
};
