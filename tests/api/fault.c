/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault_kind.h"

/* "NAME", "NAME:TEXT", "NAME:NUMBER" or "NAME:NUMBER:TEXT". */
static bool read_kind(struct fault *fault, const char *spec)
{
	const char *colon = strchrnul(spec, ':');
	const char *rest = *colon ? colon + 1 : NULL;
	char *end;

	fault->kind = kind_find(spec, (size_t)(colon - spec));
	if (!fault->kind || (fault->kind->has_number && !rest))
		return false;
	if (fault->kind->has_number) {
		fault->number = strtoul(rest, &end, 10);
		if (end == rest || (*end && *end != ':'))
			return false;
		rest = *end ? end + 1 : NULL;
	}
	fault->text = rest ? text_copy(rest) : NULL;
	return true;
}

/* The path may contain equal signs: the one before a kind separates. */
static bool read_spec(struct fault *fault, const char *spec)
{
	const char *space = strchr(spec, ' ');
	const char *equal = space;
	char *number;

	if (!space)
		return false;
	do {
		equal = strchr(equal + 1, '=');
		if (!equal)
			return false;
	} while (!read_kind(fault, equal + 1));
	fault->method = text_format("%.*s", (int)(space - spec), spec);
	fault->prefix = text_format("%.*s", (int)(equal - space - 1), space + 1);
	number = strrchr(fault->prefix, '#');
	if (number) {
		*number = '\0';
		fault->only = strtoul(number + 1, NULL, 10);
	}
	return *fault->prefix == '/';
}

void fault_add(struct fault **list, const char *spec)
{
	struct fault *fault = calloc(1, sizeof(*fault));

	if (!fault || !read_spec(fault, spec))
		die("bad fault: %s", spec);
	while (*list)
		list = &(*list)->next;
	*list = fault;
}

void fault_free(struct fault *list)
{
	while (list) {
		struct fault *next = list->next;

		free(list->method);
		free(list->prefix);
		free(list->text);
		free(list);
		list = next;
	}
}

const struct fault *fault_find(struct fault *list, const char *method, const char *target)
{
	const struct fault *found = NULL;

	for (struct fault *fault = list; fault; fault = fault->next) {
		if (strcmp(fault->method, "*") != 0 && strcmp(fault->method, method) != 0)
			continue;
		if (!begins(target, fault->prefix))
			continue;
		fault->seen++;
		if (!found && (!fault->only || fault->only == fault->seen))
			found = fault;
	}
	return found;
}

bool fault_forge(const struct fault *fault, struct reply *reply)
{
	if (!fault || !fault->kind->forge)
		return false;
	fault->kind->forge(fault, reply);
	return true;
}

enum fate fault_send(const struct fault *fault, const struct out *out,
                     const struct buf *answer, enum fate keep)
{
	if (fault && fault->kind->send)
		return fault->kind->send(fault, out, answer, keep);
	return out_send(out, answer->data, answer->len) ? keep : FATE_CLOSE;
}
