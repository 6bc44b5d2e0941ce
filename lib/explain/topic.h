/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EXPLAIN_TOPIC_H
#define EXPLAIN_TOPIC_H

/*
 * One sort of thing that can be explained, such as the reasons. A topic is a map: "topic"
 * (its sort), "name", "text" (what it is) and what else is known of it, as texts, lists
 * of texts, and lists of maps.
 */

struct node;

typedef void topic_fn(const char *name, const char *text, void *arg);

struct topic_sort {
	const char *name; /* "reason" */

	/* Call `fn` with the name of each, and what it is ("": known by type only). */
	void (*each)(topic_fn *fn, void *arg);

	/* Explain what `word` names, in any case; NULL: nothing. Owned by the caller. */
	struct node *(*describe)(const char *word);
};

extern const struct topic_sort topic_states, topic_reasons, topic_disk_reasons,
	topic_causes, topic_keys, topic_sysctls, topic_rules, topic_verdicts;

/* A topic with its first members. */
struct node *topic_new(const struct topic_sort *sort, const char *name, const char *text);

/* Set a member, unless the text is NULL or empty. */
void topic_set(struct node *topic, const char *key, const char *text);

/*
 * Set "profiles": where the built-in profiles set the value at a path of keys, ended by
 * NULL; of the items of a list, each. Each with its file, line, value and comment.
 */
void topic_set_profiles(struct node *topic, const char *const *path);

#endif
