/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Other values for all keys: the sweep of sysctl-sweep.sh, and which key moves which. */
#include "keys.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not part of the sweep: key, reason. */
static const char *const unswept[][2] = {
	{"kernel.max_rcu_stall_to_panic", "its own value, 0, cannot be written"},
	{"kernel.sched_energy_aware", "cannot be written on this machine"},
	{"kernel.nmi_watchdog", "cannot be written on this machine"},
	{"kernel.soft_watchdog", "changes with kernel.watchdog"},
	{"kernel.cad_pid", "reads 0 where its process is of another namespace"},
	{"kernel.tainted", "bits can only be added"},
	{"kernel.random.write_wakeup_threshold", "keeps its value, whatever is written"},
	{"kernel.random.urandom_min_reseed_secs", "keeps its value, whatever is written"},
	{"vm.nr_hugepages_mempolicy", "another name of vm.nr_hugepages"},
	{"vm.numa_zonelist_order", "keeps its value, whatever is written"},
	{"net.ipv4.tcp_fastopen_key", "a random key is drawn when it is first used"},
	{"vm.stat_refresh", "triggers an action"},
};

/* A slow machine has stalls: with other values they would end the guest, or hang it. */
static const char *const stalls[] = {
	"kernel.panic",
	"kernel.panic_on_oops",
	"kernel.panic_on_rcu_stall",
	"kernel.panic_on_warn",
	"kernel.hung_task_panic",
	"kernel.hung_task_timeout_secs",
	"kernel.softlockup_panic",
	"kernel.hardlockup_panic",
	"kernel.watchdog",
	"kernel.sched_rt_period_us",
	"kernel.sched_rt_runtime_us",
};

/* One of two keys that have the same value in different units is enough. */
static bool is_other_unit(const char *name)
{
	static const char *const of_neighbours[] = {
		".retrans_time", ".base_reachable_time", ".unres_qlen"};
	const char *neigh = strstr(name, ".neigh."), *last = strrchr(name, '.');

	for (size_t i = 0; neigh && i < ARRAY_SIZE(of_neighbours); i++)
		if (strcmp(last, of_neighbours[i]) == 0 &&
		    strchr(neigh + strlen(".neigh."), '.') == last)
			return true;
	last = strstr(name, ".route.gc_min_interval");
	return last && strcmp(last, ".route.gc_min_interval") == 0;
}

/* Whether the sweep writes the key. */
static bool is_swept(const struct key *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(unswept); i++)
		if (strcmp(unswept[i][0], k->name) == 0)
			return false;
	return (k->mode & 0222) && (k->mode & 0444) && !keys_is_moving(k->name) &&
	       !keys_is_untouched(k->name) && !is_other_unit(k->name);
}

/* --- the sweep -------------------------------------------------------------------------
 */

static void print_modules(void)
{
	FILE *in = fopen("/proc/modules", "re");
	_free_ char *line = NULL;
	_buf_ struct buf all = {0};
	size_t room = 0;

	while (in && getline(&line, &room, in) > 0) {
		line[strcspn(line, " ")] = '\0';
		buf_join(&all, ", ", line);
	}
	if (in)
		(void)fclose(in);
	(void)printf("modules: [%s]\n", all.text ? all.text : "");
}

/* Writing these resets others. */
static bool comes_first(const char *name)
{
	size_t len = strlen(name), n = strlen("forwarding");

	return strcmp(name, "net.ipv4.ip_forward") == 0 ||
	       (len >= n && strcmp(name + len - n, "forwarding") == 0);
}

static void print_value(const struct key *k)
{
	_free_ char *value = is_swept(k) ? keys_read(k->path) : NULL;
	_node_ struct node *text = value ? node_new_text(value) : NULL;
	_free_ char *quoted = text ? node_json_line(text) : NULL;

	if (quoted)
		(void)printf("  %s: %s\n", k->name, quoted);
}

int keys_profile(void)
{
	struct keys k;

	keys_list(&k);
	(void)puts("version: 1\npersist: false");
	print_modules();
	(void)puts("sysctl:");
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < k.n; i++)
			if (comes_first(k.list[i].name) == (first == 1))
				print_value(&k.list[i]);
	keys_done(&k);
	return 0;
}

/* The text with the word at `at` changed by `step`. Owned by the caller. */
static char *with_step(const char *now, size_t at, int step)
{
	_free_ char *copy = mem_dup(now);
	_buf_ struct buf b = {0};
	char *rest = copy, *word;

	for (size_t i = 0; (word = strsep(&rest, " ")); i++) {
		_free_ char *changed =
			keys_format(keys_number(word) + (i == at ? step : 0));

		buf_join(&b, " ", changed);
	}
	return buf_take(&b);
}

/* Give the key another value. Return: false if there is none. */
static bool change(const struct key *k, const char *now)
{
	static const int steps[] = {1, -1, 2, -2, 10, -10, 4096, 1000};

	if (!now || keys_is_untouched(k->name) || !keys_is_numbers(now))
		return false;
	for (size_t s = 0; s < ARRAY_SIZE(steps); s++)
		for (size_t i = 0; i < keys_count_words(now); i++) {
			_free_ char *text = with_step(now, i, steps[s]);

			if (keys_takes(k->path, text, text))
				return true;
		}
	return false;
}

static bool may_stall(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(stalls); i++)
		if (strcmp(stalls[i], name) == 0)
			return true;
	return false;
}

int keys_perturb(void)
{
	size_t changed = 0;
	struct keys k;

	keys_list(&k);
	for (size_t i = 0; i < k.n; i++) {
		_free_ char *now = NULL;

		if (!is_swept(&k.list[i]) || keys_is_own_only(k.list[i].name) ||
		    may_stall(k.list[i].name))
			continue;
		now = keys_read(k.list[i].path);
		changed += change(&k.list[i], now);
	}
	keys_done(&k);
	(void)printf("%zu\n", changed);
	return 0;
}

/* --- relations -------------------------------------------------------------------------
 */

/* "vm", "net.ipv4": keys of one group are compared. */
static size_t group_length(const char *name)
{
	size_t len = strcspn(name, ".");

	if (strncmp(name, "net.", 4) == 0)
		len += 1 + strcspn(name + 4, ".");
	return len;
}

/* List the keys of a group that have another value than before. Owned by the caller. */
static char *moved(const struct key *group, char **before, size_t n,
                   const struct key *but)
{
	_buf_ struct buf all = {0};

	for (size_t i = 0; i < n; i++) {
		_free_ char *now = &group[i] == but || keys_is_moving(group[i].name)
		                           ? NULL
		                           : keys_read(group[i].path);

		if (now && before[i] && strcmp(now, before[i]) != 0)
			buf_join(&all, " ", group[i].name);
	}
	return buf_take(&all);
}

static void print_relation(const struct key *group, char **before, size_t n, size_t at)
{
	const struct key *k = &group[at];
	_free_ char *moves = NULL, *stay = NULL;

	if (!before[at] || !(k->mode & 0222) || keys_is_own_only(k->name) ||
	    !change(k, before[at]))
		return;
	moves = moved(group, before, n, k);
	(void)keys_write(k->path, before[at]);
	stay = moved(group, before, n, NULL);
	if (*moves || *stay)
		(void)printf("%s moves: %s; and keeps moved: %s\n", k->name, moves, stay);
	for (size_t i = 0; *stay && i < n; i++)
		if (before[i])
			(void)keys_write(group[i].path, before[i]);
	(void)fflush(stdout);
}

static void print_group(const struct key *group, size_t n)
{
	char **before = mem_new(n, sizeof(*before));

	for (size_t i = 0; i < n; i++)
		before[i] = keys_read(group[i].path);
	for (size_t i = 0; i < n; i++)
		print_relation(group, before, n, i);
	for (size_t i = 0; i < n; i++)
		free(before[i]);
	free(before);
}

int keys_relations(void)
{
	struct keys k;

	keys_list(&k);
	for (size_t i = 0, n; i < k.n; i += n) {
		size_t len = group_length(k.list[i].name);

		for (n = 1; i + n < k.n && group_length(k.list[i + n].name) == len &&
		            strncmp(k.list[i].name, k.list[i + n].name, len) == 0;)
			n++;
		print_group(&k.list[i], n);
	}
	keys_done(&k);
	return 0;
}
