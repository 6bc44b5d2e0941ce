/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The loop, on a captured root, where no server runs. tests/vm/watch.sh tests the rest.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "test.h"
#include "tmproot.h"
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOON_MS 20000

static pid_t child;

static void line(const struct log *t, enum log_level level, const char *text)
{
	_free_ char *path = mem_format("%s/log", tmproot.outside);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	(void)t;
	(void)dprintf(fd, "%d %s;", (int)level, text);
	(void)close(fd);
}

static const struct log test_log = {.line = line, .most = LOG_DETAIL};

static int load(void *ctx, struct profile *ret)
{
	_free_ char *path = mem_format("%s/p.yaml", tmproot.outside);
	const char *names[] = {path};
	_diagnostics_ struct diagnostics diag = {0};
	struct facts facts = {.unknown = true};

	(void)ctx;
	if (profile_load(ret, names, 1, NULL, &facts, &diag) == 0)
		return 0;
	profile_done(ret);
	return -1;
}

static char *metrics(void *ctx, const struct watch *w)
{
	(void)ctx;
	return mem_format("reloads %d bad %d remediated %d diagnoses %d\n",
	                  (int)w->reloads, (int)w->bad_reloads,
	                  (int)w->remediation.remediated, (int)w->findings.diagnoses);
}

static char *npd(void *ctx, const struct watch *w, const char *failure)
{
	(void)ctx;
	(void)w;
	return mem_dup(failure ? "2 failed\n" : "1 found\n");
}

static int watch(const struct watch_options *o, struct err *e)
{
	struct watch_hooks hooks = {
		.load = load, .metrics = metrics, .npd = npd, .log = &test_log};

	return watch_run(&tmproot.host, o, &hooks, e);
}

static int setup(void **state)
{
	int r = tmproot_setup(state);

	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot_dir("/proc/net/rpc");
	return r;
}

static int teardown(void **state)
{
	if (child > 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	child = 0;
	return tmproot_teardown(state);
}

#define PROFILE(swappiness) \
	"version: 1\npersist: false\nsysctl: {vm.swappiness: " swappiness "}\n"

static void start(const struct watch_options *o)
{
	struct err e = {0};
	int r;

	child = fork();
	if (child > 0)
		return;
	r = watch(o, &e);
	_exit(r == 0 ? 0 : 1);
}

static bool has(const char *path, const char *part)
{
	return strstr(tmproot_read(path), part) != NULL;
}

static void wait_until(const char *path, const char *part)
{
	int64_t until = clock_ms() + SOON_MS;

	while (!has(path, part) && clock_ms() < until)
		(void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	assert_part(tmproot_read(path), part);
}

static int end(int signal)
{
	int status = -1;

	(void)kill(child, signal);
	(void)waitpid(child, &status, 0);
	child = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_life(void **state)
{
	_free_ char *file = mem_format("%s/m.prom", tmproot.outside);
	struct watch_options o = {
		.interval_s = 1, .audit_interval_s = 1, .metrics_file = file};

	(void)state;
	tmproot_write("../outside/p.yaml", PROFILE("10"));
	start(&o);
	wait_until("/proc/sys/vm/swappiness", "10");
	tmproot_write("/proc/sys/vm/swappiness", "70\n");
	wait_until("/proc/sys/vm/swappiness", "10");
	wait_until("../outside/m.prom", "remediated 2");

	tmproot_write("../outside/p.yaml", PROFILE("15"));
	(void)kill(child, SIGHUP);
	wait_until("/proc/sys/vm/swappiness", "15");
	wait_until("../outside/m.prom", "reloads 1 bad 0");
	tmproot_write("../outside/p.yaml", "version: 2\n");
	(void)kill(child, SIGHUP);
	wait_until("../outside/m.prom", "reloads 1 bad 1");
	tmproot_write("/proc/sys/vm/swappiness", "70\n");
	wait_until("/proc/sys/vm/swappiness", "15");
	assert_int_equal(end(SIGTERM), 0);
	assert_string_equal(tmproot_read("../outside/m.prom"), "(none)");
}

#define RULES                                                                               \
	"version: 1\nrules: [{name: Always, severity: warning, when: kernel >= 2.0, text: " \
	"is so, source: x, good: [{kernel: 5.15}], bad: [{kernel: 1.0}]}]\n"

/* The loop starts a diagnosis at its interval, and reads its result. */
static void test_diagnoses(void **state)
{
	_free_ char *file = mem_format("%s/m.prom", tmproot.outside);
	_free_ char *npd_file = mem_format("%s/npd", tmproot.outside);
	_free_ char *rules_file = mem_format("%s/rules.yaml", tmproot.outside);
	const char *rules[] = {rules_file, NULL};
	struct watch_options o = {
		.interval_s = 1, .diagnose_interval_s = 1, .metrics_file = file};

	(void)state;
	o.npd_file = npd_file;
	o.rules = rules;
	tmproot_write("../outside/rules.yaml", RULES);
	tmproot.host.kernel = num_version("5.15.1");
	tmproot_write("../outside/p.yaml", PROFILE("10"));
	start(&o);
	wait_until("../outside/log", "found KernelOld: ");
	wait_until("../outside/log", "found Always: ");
	wait_until("../outside/npd", "found");
	tmproot_write("../outside/rules.yaml", "version: 2\n");
	wait_until("../outside/npd", "failed");
	tmproot_write("../outside/rules.yaml", RULES);
	wait_until("../outside/npd", "found");
	wait_until("../outside/m.prom", "diagnoses 2");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_int_equal(end(SIGTERM), 0);
	assert_string_equal(tmproot_read("../outside/npd"), "(none)");
}

static void test_never(void **state)
{
	struct watch_options o = {.interval_s = 1};

	(void)state;
	tmproot_write("../outside/p.yaml",
	              "version: 1\npersist: false\nnfsd: {threads: 8}\n"
	              "sysctl: {vm.swappiness: 10}\n");
	start(&o);
	wait_until("../outside/log", "watching, 8 threads wanted");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_int_equal(end(SIGINT), 0);
}

static void test_no_use(void **state)
{
	struct watch_options o = {.interval_s = 1};
	struct err e = {0};

	(void)state;
	tmproot_write("../outside/p.yaml", PROFILE("10"));
	assert_int_equal(watch(&o, &e), -EINVAL);
	assert_part(e.text, "nothing to watch");
	tmproot_write("../outside/p.yaml", "version: 2\n");
	assert_int_equal(watch(&o, &e), -EINVAL);
	tmproot_write("../outside/p.yaml", PROFILE("10"));
	o.audit_interval_s = 1;
	o.listen = "nowhere";
	assert_int_equal(watch(&o, &e), -EINVAL);
	assert_part(e.text, "\"nowhere\": should be ADDRESS:PORT");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "from start to end", test_life);
	suite_test(&s, "diagnoses", test_diagnoses);
	suite_test(&s, "without audits", test_never);
	suite_test(&s, "unusable profile or option", test_no_use);
	return suite_run(&s);
}
