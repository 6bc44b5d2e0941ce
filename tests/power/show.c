/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * show: print what this process was started with: descriptors, environment, umask,
 * limits. Installed below a root as the tool that hosttune runs, it appends that to
 * /shown.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FDS_MAX 4096

static void print_limit(FILE *out, const char *name, struct rlimit limit)
{
	if (limit.rlim_cur == RLIM_INFINITY)
		(void)fprintf(out, "%s unlimited\n", name);
	else
		(void)fprintf(out, "%s %llu\n", name, (unsigned long long)limit.rlim_cur);
}

int main(int argc, char **argv)
{
	FILE *out = argc > 1 ? fopen("/shown", "ae") : stdout;
	struct rlimit core = {0}, as = {0};

	if (!out)
		return 1;
	(void)fprintf(out, "run");
	for (int i = 0; i < argc; i++)
		(void)fprintf(out, " %s", argv[i]);
	(void)fprintf(out, "\n");
	for (int fd = 0; fd < FDS_MAX; fd++)
		if (fcntl(fd, F_GETFD) >= 0 && fd != fileno(out))
			(void)fprintf(out, "fd %d\n", fd);
	for (char **variable = environ; *variable; variable++)
		(void)fprintf(out, "env %s\n", *variable);
	(void)getrlimit(RLIMIT_CORE, &core);
	print_limit(out, "core", core);
	(void)getrlimit(RLIMIT_AS, &as);
	print_limit(out, "as", as);
	(void)fprintf(out, "umask %03o\n", umask(0));
	(void)fprintf(out, "no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	return fclose(out) == 0 ? 0 : 1;
}
