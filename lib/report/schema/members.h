/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_SCHEMA_MEMBERS_H
#define REPORT_SCHEMA_MEMBERS_H

/*
 * The members of an object of JSON as a table, and what JSON Schema says of them. Further
 * members are allowed: within a version, members and words are added, and none changes
 * its meaning.
 */

struct node;

enum member_flags {
	MEMBER_OPTIONAL = 1 << 0, /* may be missing */
	MEMBER_NULLABLE = 1 << 1, /* null: unknown, or none */
};

struct member {
	const char *name; /* NULL ends the list */
	const char *type; /* of JSON Schema */
	unsigned flags;
	const char *doc;
};

/* Make the schema of an object. Owned by the caller. */
struct node *members_schema(const struct member *m);

/* Get the schema of a member of an object's schema; borrowed. */
struct node *members_get(struct node *object, const char *name);

/*
 * Replace the schema of a member by that of an object; its description stays.
 * Return: it, borrowed.
 */
struct node *members_set_object(struct node *object, const char *name,
                                const struct member *members);

/* Add a word to those that a member may have; NULL: null. */
void members_allow(struct node *object, const char *name, const char *word);

#endif
