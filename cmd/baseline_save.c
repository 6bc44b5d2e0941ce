/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "baseline_run.h"
#include "complain.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/atomic_write.h"
#include "host/host.h"
#include "profile/profile.h"

#include <stdio.h>
#include <string.h>

static bool add_names(struct node *to, const char *option, const char **names,
                      const char *(*fault)(const char *name))
{
	for (; names && *names; names++) {
		const char *why = fault(*names);

		if (why) {
			complain("--%s \"%s\": %s", option, *names, why);
			return false;
		}
		node_set(to, *names, node_new_null());
	}
	return true;
}

/* The profiles after FILE. */
static enum exit_code add_profiles(struct baseline_wish *w, const struct options *o,
                                   const struct host *h)
{
	struct options given = *o;
	struct profile p;
	enum exit_code code;

	given.profiles += 2;
	given.n_profiles -= 2;
	if (given.n_profiles == 0) {
		if (!o->quiet)
			complain("baseline: no sysctls: name a PROFILE to "
			         "record those in it");
		return EXIT_IN_SYNC;
	}
	code = load_profiles(&p, &given, h);
	if (code == EXIT_IN_SYNC)
		baseline_wish_profile(w, &p);
	profile_done(&p);
	return code;
}

static void print_count(const struct node *n, const char *key, const char *one,
                        const char *many)
{
	const struct node *part = node_get(n, key);

	if (part && part->n > 0)
		(void)printf(", %zu %s", part->n, part->n == 1 ? one : many);
}

static void print_saved(const struct node *n, const char *file)
{
	size_t missing = baseline_count_missing(n);

	(void)printf("%s: kernel", file);
	print_count(n, "mounts", "mount", "mounts");
	print_count(n, "drives", "drive", "drives");
	print_count(n, "sysctls", "sysctl", "sysctls");
	print_count(n, "pods", "pod", "pods");
	print_count(n, "files", "file", "files");
	if (node_get(n, "probe"))
		(void)fputs(", copy probe", stdout);
	if (missing > 0)
		(void)printf("; %zu %s not be read", missing,
		             missing == 1 ? "value could" : "values could");
	(void)putchar('\n');
}

static enum exit_code save_write(const struct node *n, const char *file, bool quiet)
{
	_free_ char *json = node_json_format(n, true);
	_free_ char *text = mem_format("%s\n", json);
	struct err e = {0};

	if (strcmp(file, "-") == 0) {
		(void)fputs(text, stdout);
		return EXIT_IN_SYNC;
	}
	if (atomic_write_durable(file, text, &e) < 0) {
		complain("baseline: %s", e.text);
		return EXIT_FAILED;
	}
	if (!quiet)
		print_saved(n, file);
	return EXIT_IN_SYNC;
}

/* Report what was asked for by name, and cannot be recorded. */
static enum exit_code check_named(const struct node *n)
{
	const struct node *why = node_get(node_get(n, "probe"), "missing");

	node_for_each (pod, node_get(n, "pods"))
		if (pod->type == NODE_SCALAR)
			complain("baseline: pod %s: does not run on this node", pod->key);
	if (!why)
		return EXIT_IN_SYNC;
	complain("--probe: %s", why->text);
	return EXIT_FAILED;
}

static enum exit_code save_taken(const struct options *o, struct host *h,
                                 const struct baseline_wish *w)
{
	_node_ struct node *n = baseline_read(o, h, w);
	enum exit_code code = baseline_ended(h), named;

	if (code != EXIT_IN_SYNC) {
		complain("baseline: %s: nothing was saved", deadline_reason(h->deadline));
		return code;
	}
	named = check_named(n);
	code = save_write(n, o->profiles[1], o->quiet);
	return code == EXIT_IN_SYNC ? named : code;
}

static enum exit_code save_wished(const struct options *o, struct baseline_wish *w)
{
	struct host h;
	enum exit_code code = baseline_open(&h, o);

	if (code != EXIT_IN_SYNC)
		return code;
	code = add_profiles(w, o, &h);
	if (code == EXIT_IN_SYNC)
		code = save_taken(o, &h, w);
	close_host(&h);
	return code;
}

enum exit_code baseline_save(const struct options *o)
{
	_cleanup_(baseline_wish_done) struct baseline_wish w = baseline_wish_new();
	const char *file = o->profiles[1];
	struct err e = {0};

	if (o->value[OPTION_TOLERANCE])
		return baseline_refuse("save", "--tolerance is for compare");
	if (o->n_outputs > 0)
		return baseline_refuse("save", "--output is for compare: FILE is JSON");
	if (strcmp(file, "-") != 0 && atomic_write_check(file, &e) < 0) {
		complain("baseline save \"%s\": %s", file, e.text);
		return EXIT_INVALID;
	}
	if (!add_names(w.pods, "pod", o->pods, baseline_pod_fault) ||
	    !add_names(w.files, "file", o->files, baseline_path_fault))
		return EXIT_INVALID;
	return save_wished(o, &w);
}
