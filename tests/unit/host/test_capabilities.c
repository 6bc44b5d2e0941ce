/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Giving up capabilities, in a child each. Run by root, this shows what is kept; run by
 * others, only that nothing fails.
 */
#include "base/mem.h"
#include "host/process/capabilities.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT (CAPABILITY(SYS_ADMIN) | CAPABILITY(MKNOD) | CAPABILITY(CHECKPOINT_RESTORE))

/* A set of a process's status: "CapEff". */
static uint64_t set_of(const char *name)
{
	FILE *in = fopen("/proc/self/status", "re");
	char line[256];
	uint64_t set = UINT64_MAX;

	while (in && fgets(line, sizeof(line), in))
		if (strncmp(line, name, strlen(name)) == 0)
			set = strtoull(line + strlen(name) + 1, NULL, 16);
	if (in)
		(void)fclose(in);
	return set;
}

/* Run the check in a child, which gives up what it wants. */
static void in_child(bool (*check)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(check() ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool keeps_exactly(void)
{
	uint64_t before = capabilities_held(), bound = set_of("CapBnd:");
	bool may = before & CAPABILITY(SETPCAP);

	capabilities_limit(KEPT);
	return capabilities_held() == (before & KEPT) &&
	       set_of("CapPrm:") == (before & KEPT) &&
	       set_of("CapEff:") == (before & KEPT) && set_of("CapInh:") == 0 &&
	       set_of("CapAmb:") == 0 &&
	       set_of("CapBnd:") == (may ? bound & KEPT : bound);
}

static bool keeps_less(void)
{
	uint64_t before = capabilities_held(), bound = set_of("CapBnd:");
	bool may = before & CAPABILITY(SETPCAP);

	capabilities_limit(KEPT | CAPABILITY(SETPCAP));
	capabilities_limit(CAPABILITY(MKNOD));
	return capabilities_held() == (before & CAPABILITY(MKNOD)) &&
	       set_of("CapBnd:") == (may ? bound & CAPABILITY(MKNOD) : bound);
}

/* Without CAP_SETPCAP the bounding set stays, and what is gone stays gone. */
static bool gains_nothing(void)
{
	uint64_t before = capabilities_held();

	capabilities_permit(KEPT);
	capabilities_limit(UINT64_MAX);
	return capabilities_held() == (before & KEPT);
}

static bool ambient_goes(void)
{
	capabilities_limit(KEPT | CAPABILITY(SETPCAP));
	/* only what is inheritable may be ambient */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_MKNOD, 0, 0);
	capabilities_limit(0);
	return set_of("CapAmb:") == 0 && set_of("CapPrm:") == 0;
}

/* As hosttune does: no_new_privs, and a program that root runs. */
static bool program_gains_nothing(void)
{
	static const char script[] = "! grep -E '^Cap(Prm|Eff)' /proc/self/status | grep "
				     "-v 0000000008000000";
	uint64_t before = capabilities_held();

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	capabilities_permit(CAPABILITY(MKNOD));
	if (!(before & CAPABILITY(MKNOD)))
		return true;
	(void)execl("/bin/sh", "sh", "-c", script, (char *)NULL);
	return false;
}

static bool inspects(void)
{
	uint64_t all = capabilities_held();

	capabilities_limit(capabilities_to_inspect());
	if (all & CAPABILITY(SYS_PTRACE))
		return (capabilities_held() & CAPABILITY(SYS_PTRACE)) &&
		       !(capabilities_held() & CAPABILITY(SYS_BOOT));
	return capabilities_held() == all;
}

/* Without it, no capability must go: the kernel compares all of them. */
static bool inspects_without_ptrace(void)
{
	uint64_t held;

	capabilities_permit(~CAPABILITY(SYS_PTRACE));
	held = capabilities_held();
	capabilities_limit(capabilities_to_inspect());
	return capabilities_held() == held;
}

static const struct row {
	const char *name;
	bool (*check)(void);
} rows[] = {
	{"only what is kept, in each set", keeps_exactly},
	{"and then less", keeps_less},
	{"never more", gains_nothing},
	{"the ambient set", ambient_goes},
	{"a program that is run", program_gains_nothing},
	{"to inspect other processes", inspects},
	{"to inspect them without CAP_SYS_PTRACE", inspects_without_ptrace},
};

static void test_row(void **state)
{
	const struct row *row = *state;

	in_child(row->check);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	return suite_run(&s);
}
