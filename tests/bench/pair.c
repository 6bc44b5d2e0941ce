/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * pair ROUNDS COMMAND [ARG...] [-- COMMAND [ARG...]]... : time commands in turn, A B C
 * C B A A B C ..., so that other load and the content of caches affect all of them
 * equally. COMMAND [ARG...] --or COMMAND [ARG...]: one in the one round, one in the next,
 * as to set a value and another one.
 *
 * Prints a line for each: median wall time in ms, median processor time in ms (user and
 * system, with its children), median over the rounds of the ratio of processor times to
 * the first command, peak memory in KiB, lower and upper quartile of the ratio. A command
 * is an absolute path; its output is discarded. It fails if it is killed or exits with
 * more than EXIT_MAX=n (0): then pair ends.
 *
 * The peak of a child counts from fork on: link this program statically, and its own
 * small size is lost in the command's.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX   12
#define ROUNDS_MAX     10000
#define WARM_UP_ROUNDS 5

struct command {
	char **argv, **other; /* other: for each second round; or NULL */
	double wall_ms[ROUNDS_MAX], cpu_ms[ROUNDS_MAX], ratio[ROUNDS_MAX];
	long peak_kib;
};

static struct command commands[COMMANDS_MAX];
static int exit_max;

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double timeval_ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static __attribute__((noreturn)) void become(char **argv, int null)
{
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	(void)dup2(null, STDERR_FILENO);
	(void)execv(argv[0], argv);
	_exit(127);
}

/* Run C once and record its cost as that of round I, except in the warm-up. */
static int run(struct command *c, int i, int null)
{
	double start_ms = now_ms();
	struct rusage used;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		become(c->other && i % 2 ? c->other : c->argv, null);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0) {
		perror("pair: start a command");
		return -1;
	}
	if (i >= 0) {
		c->wall_ms[i] = now_ms() - start_ms;
		c->cpu_ms[i] = timeval_ms(used.ru_utime) + timeval_ms(used.ru_stime);
	}
	if (used.ru_maxrss > c->peak_kib)
		c->peak_kib = used.ru_maxrss;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= exit_max)
		return 0;
	(void)fprintf(stderr, "pair: %s: wait status %#x\n", c->argv[0],
	              (unsigned)status);
	return -1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void split_alternatives(struct command *c)
{
	for (char **word = c->argv; *word; word++) {
		if (strcmp(*word, "--or") != 0)
			continue;
		*word = NULL;
		c->other = word + 1;
		return;
	}
}

/* Cut argv at each "--". Return: how many commands, 0 if there is none or too many. */
static int split(char **argv)
{
	int n = 0;

	while (*argv && n < COMMANDS_MAX) {
		commands[n++].argv = argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (*argv)
			*argv++ = NULL;
		split_alternatives(&commands[n - 1]);
	}
	return *argv ? 0 : n;
}

static void print_results(int n, int rounds)
{
	for (int c = 0; c < n; c++)
		for (int i = 0; i < rounds; i++)
			commands[c].ratio[i] =
				commands[c].cpu_ms[i] / commands[0].cpu_ms[i];
	/* only now: a median sorts */
	for (struct command *c = commands; c < commands + n; c++) {
		double ratio = median(c->ratio, rounds);

		(void)printf("%.3f %.3f %.2f %ld %.2f %.2f\n", median(c->wall_ms, rounds),
		             median(c->cpu_ms, rounds), ratio, c->peak_kib,
		             c->ratio[rounds / 4], c->ratio[rounds * 3 / 4]);
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0;
	int n = argc > 2 ? split(argv + 2) : 0;
	const char *max = getenv("EXIT_MAX");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (n == 0 || rounds < 1 || rounds > ROUNDS_MAX || null < 0) {
		(void)fputs("usage: pair ROUNDS COMMAND [ARG...] [-- COMMAND...]...\n",
		            stderr);
		return 2;
	}
	exit_max = max ? atoi(max) : 0;
	for (int i = -WARM_UP_ROUNDS; i < rounds; i++)
		for (int c = 0; c < n; c++)
			if (run(&commands[i % 2 ? n - 1 - c : c], i, null) < 0)
				return 1;
	print_results(n, rounds);
	return 0;
}
