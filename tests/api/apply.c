/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* After a commit: save the live settings and run the commands of the test. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api.h"
#include "store.h"
#include "util.h"

void api_save(const struct api *api)
{
	json_auto_t *settings =
		api_or_empty(store_branch(api->store, "settings", "settings."));
	cleanup_text char *fresh = NULL;

	if (!api->save)
		return;
	fresh = text_format("%s.new", api->save);
	if (json_dump_file(settings, fresh, JSON_INDENT(2) | JSON_SORT_KEYS) ||
	    rename(fresh, api->save))
		die("cannot write %s", api->save);
}

static void run(const struct api *api, int input)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (dup2(input, STDIN_FILENO) < 0 || setenv("STUB_SETTINGS", api->save, 1))
		_exit(127);
	execl("/bin/sh", "sh", "-c", api->on_apply, (char *)NULL);
	_exit(127);
}

/* A list of strings as "A B". */
static char *joined(json_t *names)
{
	struct buf text = {0};
	json_t *name;
	size_t i;

	buf_add(&text, "", 0);
	json_array_foreach(names, i, name) {
		buf_add(&text, " ", i ? 1 : 0);
		buf_add(&text, json_string_value(name), json_string_length(name));
	}
	return text.data;
}

static void run_storage(const struct api *api, const char *action, const char *device,
                        const char *names, int output)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0 ||
	    setenv("STUB_ACTION", action, 1) || setenv("STUB_DEVICE", device, 1) ||
	    setenv("STUB_NAMES", names, 1))
		_exit(127);
	execl("/bin/sh", "sh", "-c", api->on_storage, (char *)NULL);
	_exit(127);
}

char *api_do_storage(const struct api *api, const char *action, const char *device,
                     json_t *names)
{
	cleanup_text char *text = joined(names);
	struct buf said = {0};
	char chunk[512];
	int output, status = 0;
	ssize_t n;
	pid_t child;

	if (!api->on_storage)
		return NULL;
	output = memfd_create("storage", MFD_CLOEXEC);
	child = fork();
	if (output < 0 || child < 0)
		die("cannot run the storage command");
	if (child == 0)
		run_storage(api, action, device, text, output);
	waitpid(child, &status, 0);
	buf_add(&said, "", 0);
	lseek(output, 0, SEEK_SET);
	while ((n = read(output, chunk, sizeof(chunk))) > 0)
		buf_add(&said, chunk, (size_t)n);
	close(output);
	if (status != 0)
		return said.data;
	buf_done(&said);
	return NULL;
}

void api_apply(const struct api *api, const json_t *keys)
{
	cleanup_text char *text = json_dumps(keys, 0);
	size_t len = strlen(text);
	int input;
	pid_t child;

	if (!api->on_apply)
		return;
	input = memfd_create("changed-keys", MFD_CLOEXEC);
	if (input < 0 || write(input, text, len) != (ssize_t)len ||
	    lseek(input, 0, SEEK_SET))
		die("cannot pass the changed keys");
	/* Like the real applier: wait only for the fork. init adopts the rest. */
	child = fork();
	if (child < 0)
		die("cannot fork");
	if (child == 0) {
		if (fork() == 0)
			run(api, input);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	close(input);
}
