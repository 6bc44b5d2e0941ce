/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

/*
 * Explain words that users meet: reasons, sysctls and keys of profiles, from the tables
 * that the checks read. Needs no host.
 */

struct node;

/*
 * Explain a word, in any case: the name of a topic, its last part ("swappiness"), or a
 * pattern with * and ?. It may follow its kind, as in reports: "sysctl vm.swappiness".
 *
 * Return: a list of topics (explain/topic.h), empty if the word names none; owned by the
 * caller.
 */
struct node *explain_word(const char *word);

/* The name most similar to a word that names nothing; NULL: none. Owned by the caller. */
char *explain_near(const char *word);

/* List all topics, only with their sort, name and text. Owned by the caller. */
struct node *explain_all(void);

#endif
