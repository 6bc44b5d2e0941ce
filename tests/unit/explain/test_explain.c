/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "explain/effect.h"
#include "explain/explain.h"

#include "doc/node.h"
#include "doc/yaml.h"
#include "profile/builtin.h"
#include "resource/kinds.h"
#include "sysctl/known/component.h"
#include "sysctl/known/known.h"
#include "sysctl/known/prose.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"
#include "test.h"

#include "base/mem.h"

static const char *part(const struct node *topic, const char *key)
{
	const struct node *n = node_get(topic, key);

	return n && n->text ? n->text : "";
}

static struct node *words(const char *word)
{
	return keep_node(explain_word(word));
}

/* What a word names: "reason LiveDiffers, sysctl vm.swappiness". */
static const char *names(const char *word)
{
	static char text[4096];
	size_t used = 0;

	text[0] = '\0';
	node_for_each (topic, words(word))
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s",
		                         used ? ", " : "", part(topic, "topic"),
		                         part(topic, "name"));
	return text;
}

static void test_words(void **state)
{
	static const char *const rows[][2] = {
		{"LiveDiffers", "reason LiveDiffers"},
		{"livediffers", "reason LiveDiffers"},
		{"DISKROOT", "reason of a drive DiskRoot"},
		{"Disk[RE]*t", "reason of a drive DiskRoot"},
		{"copycold", "reason of a baseline CopyCold"},
		{"MountSync", "reason of a baseline MountSync, rule MountSync"},
		{"SoftLockup", "rule SoftLockup"},
		{"softlockup", "rule SoftLockup"},
		{"WritebackStarvesCpus", "verdict WritebackStarvesCpus"},
		{"XfsUnknown*", "rule XfsUnknownFeatures"},
		{"vm.swappiness", "sysctl vm.swappiness"},
		{"VM.Swappiness", "sysctl vm.swappiness"},
		{"vm/swappiness", "sysctl vm.swappiness"},
		{"/proc/sys/vm/swappiness", "sysctl vm.swappiness"},
		{"swappiness", "sysctl vm.swappiness"},
		{"sysctl vm.swappiness", "sysctl vm.swappiness"},
		{"sysctl:vm.swappiness", "sysctl vm.swappiness"},
		{"sysctl:vm.swap*", "sysctl vm.swappiness"},
		{"mount data", "profile key storage"},
		{"nfsd:nfsd", "profile key nfsd"},
		{"vm.swap*", "sysctl vm.swappiness"},
		{"net/ipv4/conf/eth0.1/rp_filter",
	         "sysctl net.ipv4.conf.eth0/1.rp_filter"},
		{"net.ipv4.conf.ENI1.rp_filter", "sysctl net.ipv4.conf.ENI1.rp_filter"},
		{"net.ipv4.conf.*.rp_filter", "sysctl net.ipv4.conf.*.rp_filter"},
		{"net.ipv4.tcp_tw_recycle", "sysctl net.ipv4.tcp_tw_recycle"},
		{"net.nf_conntrack_max", "sysctl net.nf_conntrack_max"},
		{"storage", "profile key storage"},
		{"Storage.MKFS", "profile key storage.mkfs"},
		{"mkfs", "profile key storage.mkfs"},
		{"when", "profile key when"},
		{"net.ipv4.tcp_rmem[2]", "sysctl net.ipv4.tcp_rmem"},
		{"drift", "state drift"},
		{"failed", "state failed, reason Failed"},
		{"storage.mkfs.no", ""},
		{"", ""},
		{".", ""},
		{"*nothing*", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(names(rows[i][0]), rows[i][1]) != 0)
			fail_msg("%s: %s", rows[i][0], names(rows[i][0]));
}

static void test_near_words(void **state)
{
	static const char *const rows[][2] = {
		{"LiveDiffer", "LiveDiffers"},
		{"swapiness", "vm.swappiness"},
		{"vm.swapiness", "vm.swappiness"},
		{"storage.mkf", "storage.mkfs"},
		{"xxxxxxxxxxxx", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_text(keep_text(explain_near(rows[i][0])), rows[i][1]);
}

/* The topic of that sort among those that a word names; NULL: none. */
static const struct node *topic_of(const struct node *found, const char *sort)
{
	node_for_each (topic, found)
		if (strcmp(part(topic, "topic"), sort) == 0)
			return topic;
	return NULL;
}

static void test_each_listed_name_is_explained(void **state)
{
	const struct node *all = keep_node(explain_all());

	(void)state;
	assert_true(all->n > 1000);
	node_for_each (topic, all) {
		const char *name = part(topic, "name"), *sort = part(topic, "topic");
		const struct node *found = topic_of(words(name), sort);

		if (!found || strcmp(part(found, "name"), name) != 0)
			fail_msg("%s: %s", name, names(name));
		if (!*part(found, "source"))
			fail_msg("%s has no source", name);
		if (strcmp(sort, "sysctl") != 0 && !*part(topic, "text"))
			fail_msg("%s has no text", name);
		if (strcmp(sort, "profile key") == 0 && !*part(found, "type"))
			fail_msg("%s has no type", name);
	}
}

/* --- sysctls
 * ------------------------------------------------------------------------------- */

static bool is_checked(const char *key)
{
	_free_ char *unit = sysctl_relation_other_unit(key);

	return unit || sysctl_known_find(key) || sysctl_component_next(key, NULL) ||
	       sysctl_relation_limit(key, NULL) || sysctl_relation_refusal(key) ||
	       strcmp(sysctl_relation_primary(key), key) != 0;
}

static void test_checked_sysctls_have_words(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct sysctl_row *row = NULL; (row = sysctl_table_next(row)); n++)
		if (is_checked(row->key) && !sysctl_prose_find(row->key))
			fail_msg("%s is checked, but has no words in prose.def",
			         row->key);
	assert_true(n > 900);
}

static void test_sysctls_of_profiles_have_words(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct builtin *b = builtins(); b->name; b++) {
		const struct node *list = node_get(yaml(b->text), "sysctl");

		for (size_t i = 0; list && i < list->n; i++, n++)
			if (!sysctl_prose_find(list->items[i]->key))
				fail_msg("%s: %s has no words in prose.def", b->name,
				         list->items[i]->key);
	}
	assert_true(n > 30);
}

static void check_words(const char *key, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || text[len - 1] == '.' || text[len - 1] == ' ')
		fail_msg("%s: \"%s\"", key, text);
}

static void test_words_of_sysctls(void **state)
{
	(void)state;
	for (const struct sysctl_prose *p = NULL; (p = sysctl_prose_next(p));) {
		const struct sysctl_known *known = sysctl_known_find(p->key);

		check_words(p->key, p->what);
		check_words(p->key, p->why);
		if (sysctl_prose_find(p->key) != p)
			fail_msg("%s occurs twice, or is an alias", p->key);
		/* a misspelt key would never be shown */
		if (!sysctl_table_find(p->key) && !(known && known->deprecated) &&
		    !sysctl_relation_limit(p->key, NULL))
			fail_msg("no table has %s", p->key);
	}
}

static const struct node *only(const char *word)
{
	const struct node *found = words(word);

	assert_int_equal(found->n, 1);
	return found->items[0];
}

static void test_sysctl_facts(void **state)
{
	(void)state;
	assert_part(tree_text(only("vm.dirty_background_bytes")),
	            "{\"key\": \"vm.dirty_bytes\", \"how\": \"must be larger\"}");
	assert_part(
		tree_text(only("vm.dirty_bytes")),
		"{\"key\": \"vm.dirty_background_bytes\", \"how\": \"must be smaller\"}");
	assert_part(tree_text(only("vm.dirty_bytes")), "\"key\": \"vm.dirty_ratio\"");
	assert_part(tree_text(only("vm.overcommit_memory")),
	            "the kubelet requires 1 when it starts");
	assert_part(tree_text(only("net.netfilter.nf_conntrack_max")),
	            "\"module\": \"nf_conntrack\"");
	assert_part(tree_text(only("net.ipv4.ip_forward")),
	            "\"another name of the same value\"");
	assert_part(tree_text(only("net.core.somaxconn")), "the node only");
	assert_part(tree_text(only("kernel.unprivileged_bpf_disabled")), "\"refused\"");
	assert_part(tree_text(only("net.ipv4.tcp_tw_recycle")), "removed in Linux 4.12");
	assert_text(part(only("fs.dentry-state"), "type"), "read-only");
	assert_text(part(only("fs.dentry-state"), "set"), "");
}

/* --- profiles
 * ------------------------------------------------------------------------------- */

static const struct node *use_of(const char *word, const char *profile)
{
	node_for_each (use, node_get(only(word), "profiles"))
		if (strcmp(part(use, "profile"), profile) == 0)
			return use;
	fail_msg("%s is not in %s", word, profile);
	return NULL;
}

static void test_values_of_profiles(void **state)
{
	const struct node *use = use_of("vm.min_free_kbytes", "nfs-server");

	(void)state;
	assert_text(part(use, "value"),
	            "{min: \"= clamp(memory / 100, 64MiB, 2GiB) / 1KiB\"}");
	assert_part(part(use, "comment"),
	            "A reserve for ENA's receive buffers, which the");
	/* the block above belongs to both */
	assert_part(part(use_of("net.ipv4.tcp_wmem", "nfs-server"), "comment"),
	            "Maxima: TuneD profile");
	use = use_of("nfsd.threads", "incident-4307");
	assert_text(part(use, "value"), "8");
	assert_text(part(use, "comment"), "");
	assert_text(part(use_of("storage.options", "nfs-server"), "value"),
	            "[noatime, nodiratime]");
	assert_null(node_get(only("vm.panic_on_oom"), "profiles"));
}

/* That the profile's comment has a line of the key, of a section if that is not NULL. */
static void check_effect(const char *comment, const char *section, const char *key)
{
	char line[256];

	(void)snprintf(line, sizeof(line), "\n# %s%s%s: ", section ? section : "",
	               section ? "." : "", key);
	if (!strstr(comment, line))
		fail_msg("lib/explain/effect.def: no row of %s", line + 3);
}

static void check_effects(const char *comment, const struct node *section)
{
	if (strcmp(section->key, "modules") == 0) {
		check_effect(comment, NULL, "modules");
		return;
	}
	node_for_each (item, section) {
		if (section->type != NODE_LIST) {
			check_effect(comment,
			             strcmp(section->key, "sysctl") == 0 ? NULL
			                                                 : section->key,
			             item->key);
			continue;
		}
		node_for_each (member, item)
			check_effect(comment, section->key, member->key);
	}
}

/* Each value of each built-in profile was measured, or says why not. */
static void test_effects_of_profiles(void **state)
{
	static const char *const about[] = {"version", "name", "description", "include"};

	(void)state;
	for (const struct builtin *b = builtins(); b->name; b++) {
		_diagnostics_ struct diagnostics diag = {0};
		_node_ struct node *root =
			node_yaml_parse(b->text, strlen(b->text), b->file, &diag);
		_free_ char *comment = effects_comment(b->name);
		size_t i;

		assert_non_null(comment);
		node_for_each (section, root) {
			for (i = 0; i < 4 && strcmp(about[i], section->key) != 0; i++)
				;
			if (i == 4)
				check_effects(comment, section);
		}
	}
	assert_null(effects_comment("no-such-profile"));
}

/* An effect is a ratio of an experiment, or the reason why there is none. */
static void test_effects_of_keys(void **state)
{
	const struct node *topic = words("net.core.rmem_max")->items[0];
	const struct node *list = node_get(topic, "measured");

	(void)state;
	assert_non_null(list);
	assert_int_equal(list->n, 2);
	assert_non_null(strstr(list->items[0]->text, " times: "));
	assert_non_null(strstr(list->items[0]->text, "docs/effect.md, net-buffers)"));
	list = node_get(words("storage.label")->items[0], "measured");
	assert_non_null(strstr(list->items[0]->text, "source only: "));
	assert_null(node_get(words("kernel.panic")->items[0], "measured"));
}

static void test_words_of_keys(void **state)
{
	static const char *const rows[] = {
#define K(name, ...) name,
#include "explain/keys.def"
#undef K
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct node *key = topic_of(words(rows[i]), "profile key");

		assert_true(*part(key, "why"));
		assert_true(*part(key, "danger"));
	}
	for (const struct kind *const *k = kinds; *k; k++)
		if (!*part(topic_of(words((*k)->section), "profile key"), "why"))
			fail_msg("section %s has no words in keys.def", (*k)->section);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "words", test_words);
	suite_test(&s, "near words", test_near_words);
	suite_test(&s, "each listed name is explained",
	           test_each_listed_name_is_explained);
	suite_test(&s, "checked sysctls have words", test_checked_sysctls_have_words);
	suite_test(&s, "sysctls of profiles have words",
	           test_sysctls_of_profiles_have_words);
	suite_test(&s, "words of sysctls", test_words_of_sysctls);
	suite_test(&s, "facts of sysctls", test_sysctl_facts);
	suite_test(&s, "values of profiles", test_values_of_profiles);
	suite_test(&s, "effects of profiles", test_effects_of_profiles);
	suite_test(&s, "effects of keys", test_effects_of_keys);
	suite_test(&s, "words of keys", test_words_of_keys);
	return suite_run(&s);
}
