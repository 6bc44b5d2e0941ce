/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* usage: lab-tool COMMAND [ARG...]: see the comment of each command's file. */
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

volatile int stopped;

int64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void sleep_us(int64_t us)
{
	struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};

	(void)nanosleep(&t, NULL);
}

_Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "lab-tool: %s: %s\n", what, strerror(errno));
	exit(1);
}

long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end != text && !*end)
		return n;
	(void)fprintf(stderr, "lab-tool: \"%s\": not a number\n", text);
	exit(2);
}

static void on_term(int sig)
{
	(void)sig;
	stopped = 1;
}

void catch_term(void)
{
	struct sigaction action = {.sa_handler = on_term};

	(void)sigaction(SIGTERM, &action, NULL);
}

void times_add(struct times *t, int64_t us)
{
	if (t->n == t->size) {
		t->size = t->size ? 2 * t->size : 1024;
		t->us = realloc(t->us, t->size * sizeof(*t->us));
		if (!t->us)
			die("memory");
	}
	t->us[t->n++] = us;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void times_print(struct times *t)
{
	if (t->n == 0)
		return;
	qsort(t->us, t->n, sizeof(*t->us), compare);
	(void)printf("%s.p50 %lld\n", t->name, (long long)t->us[t->n / 2]);
	(void)printf("%s.p99 %lld\n", t->name, (long long)t->us[t->n * 99 / 100]);
	(void)printf("%s.max %lld\n", t->name, (long long)t->us[t->n - 1]);
}

uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static const struct {
	const char *name;
	command_fn *run;
	int args;
} commands[] = {
	{"files", tool_files, 5},       {"probe", tool_probe, 3},
	{"hold", tool_hold, 0},         {"gauge", tool_gauge, 1},
	{"copy", tool_copy, 3},         {"walk", tool_walk, 1},
	{"drain", tool_drain, 1},       {"serve", tool_serve, 1},
	{"send", tool_send, 4},         {"ask", tool_ask, 4},
	{"random", tool_random, 5},     {"memory", tool_memory, 1},
	{"transfer", tool_transfer, 5},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, argv[1]) == 0 &&
		    argc - 2 >= commands[i].args)
			return commands[i].run(argc - 1, argv + 1);
	(void)fputs("usage: lab-tool COMMAND [ARG...]: see tests/lab/tool\n", stderr);
	return 2;
}
