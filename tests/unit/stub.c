/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "doc/json.h"
#include "doc/node.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t stub;
static char log_path[128];

static const char *find_stub(void)
{
	const char *given = getenv("HOSTTUNE_API_STUB"), *build = getenv("B");

	return given ? given
	             : keep_text(mem_format("%s/api-stub", build ? build : "build"));
}

void stub_start(const char *const *options)
{
	const char *path = find_stub(), *argv[16] = {"api-stub", "--log", log_path};
	int ends[2];
	size_t n = 3;
	char byte;

	if (access(path, X_OK) < 0)
		skip();
	(void)snprintf(log_path, sizeof(log_path), "%s/log", tmproot.outside);
	mem_set(&tmproot.host.api_socket, mem_format("%s/api.sock", tmproot.outside));
	for (; *options; options++)
		argv[n++] = *options;
	argv[n] = tmproot.host.api_socket;
	assert_return_code(pipe(ends), errno);
	stub = fork();
	if (stub == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execv(path, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
}

void stub_stop(void)
{
	if (stub > 0) {
		(void)kill(stub, SIGKILL);
		(void)waitpid(stub, NULL, 0);
	}
	stub = 0;
	mem_set(&tmproot.host.api_socket, NULL);
}

const char *stub_asked(void)
{
	return tmproot_read("../outside/log");
}

void stub_change(const char *json)
{
	struct err e = {0};
	_node_ struct node *tree = node_json_parse(json, strlen(json), &e);
	struct api *api;
	bool maybe;

	assert_int_equal(api_open(&tmproot.host, &api, &e), 0);
	assert_int_equal(api_change(&tmproot.host, api, tree, &maybe, &e), 0);
	api_free(api);
}
