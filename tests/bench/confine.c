/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * confine ROUNDS: parse a small profile here and apart, in turn, and print the median
 * wall and processor times of each in microseconds.
 */
#include "confine/confine.h"
#include "base/diagnostics.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define ROUNDS_MAX 10000

static double wall_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double cpu_us(void)
{
	double sum = 0;

	for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) {
		struct rusage u;

		(void)getrusage(who, &u);
		sum += (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
		       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
	}
	return sum;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *list, size_t n)
{
	qsort(list, n, sizeof(*list), compare);
	return list[n / 2];
}

int main(int argc, char **argv)
{
	static const char text[] = "version: 1\nsysctl: {vm.swappiness: 10}\n";
	static double wall[2][ROUNDS_MAX], cpu[2][ROUNDS_MAX];
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;

	if (rounds == 0 || rounds > ROUNDS_MAX)
		return 2;
	confine_begin();
	for (size_t i = 0; i < 2 * rounds; i++) {
		struct diagnostics diag = {0};
		double w = wall_us(), c = cpu_us();
		struct node *n =
			i % 2 ? confined_yaml_parse(text, strlen(text), "p.yaml",
		                                    (struct deadline){0}, &diag)
			      : node_yaml_parse(text, strlen(text), "p.yaml", &diag);

		wall[i % 2][i / 2] = wall_us() - w;
		cpu[i % 2][i / 2] = cpu_us() - c;
		if (!n)
			return 1;
		node_free(n);
	}
	for (size_t i = 0; i < 2; i++)
		(void)printf("%.0f %.0f\n", median(wall[i], rounds),
		             median(cpu[i], rounds));
	return 0;
}
