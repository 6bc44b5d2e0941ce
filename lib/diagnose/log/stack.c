/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/stack.h"

#include <ctype.h>
#include <string.h>

/* A report has registers, modules and at most some dozens of frames. */
#define RECORDS_MAX 160

/* All of it is written at once, unless the console is slow. */
#define USEC_MAX INT64_C(10000000)

/* What is behind a stack, or is another one. */
static const char *const ends[] = {"</TASK>", "---[ end trace", "------------[ cut here",
                                   "</NMI>"};

void stack_begin(struct stack *s, const struct log_record *report)
{
	*s = (struct stack){.open = true, .from = *report};
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/*
 * Find "function+0x12/0x34" in a record; not one that the kernel doubts: "? function".
 * Return: NULL if there is none.
 */
static const char *function_in(const char *text, size_t *ret_len)
{
	const char *plus = strstr(text, "+0x"), *start = plus;

	while (start && start > text && is_name(start[-1]))
		start--;
	if (!start || start == plus || (start - text >= 2 && start[-2] == '?'))
		return NULL;
	/* without suffixes of the compiler: ".isra.0" */
	*ret_len = strcspn(start, ".+");
	return start;
}

/* "Workqueue: writeback wb_workfn (flush-259:0)" */
static const char *work_in(const char *text, size_t *ret_len)
{
	static const char prefix[] = "Workqueue: ";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return NULL;
	text += strlen(prefix);
	text += strcspn(text, " ");
	text += *text == ' ';
	*ret_len = strcspn(text, " .");
	return text;
}

static bool is_end(const struct stack *s, const struct log_record *r)
{
	int64_t later;

	if (s->records > RECORDS_MAX || r->boot != s->from.boot ||
	    (log_time_between(&s->from.time, &r->time, &later) && later > USEC_MAX))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strstr(r->text, ends[i]))
			return true;
	return false;
}

void stack_add(struct stack *s, const struct stack_classes *classes,
               const struct log_record *record)
{
	const char *function;
	size_t len = 0;

	s->records++;
	if (is_end(s, record)) {
		s->open = false;
		return;
	}
	function = work_in(record->text, &len);
	if (!function)
		function = function_in(record->text, &len);
	if (!function)
		return;
	s->frames++;
	s->classes |= stack_classes_of(classes, function, len);
}
