/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_SCHEMA_FIELD_H
#define REPORT_SCHEMA_FIELD_H

/*
 * JSON Schema of the fields of a profile. Schemas are owned by the caller; `doc` is their
 * description, or NULL.
 *
 * A keyword ignores values of another type: "minimum" is for numbers, "pattern" for
 * texts. So a size is one schema without alternatives, and an editor prints one error for
 * it.
 */

struct field;
struct node;

/* A value of a field. */
struct node *schema_field(const struct field *f);

/* A value of a JSON type, a list, and an object that accepts only the keys added to it.
 */
struct node *schema_typed(const char *type, const char *doc);
struct node *schema_list(struct node *items, const char *doc);
struct node *schema_closed(const char *doc);

/*
 * A text, also if YAML reads it as another type since it is unquoted. `pattern` NULL: not
 * empty.
 */
struct node *schema_text(const char *pattern, const char *doc);

/* An object with these fields alone; and fields added to an object. */
struct node *schema_fields(const struct field *fields, const char *doc);
void schema_add_fields(struct node *object, const struct field *fields);
struct node *schema_properties(struct node *object);

/* Append an alternative, or a key, to the list `key` of a schema. */
void schema_append(struct node *map, const char *key, struct node *item);

#endif
