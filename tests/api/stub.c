/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* api-stub - the API of a Bottlerocket host, for tests. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "api.h"
#include "defaults.h"
#include "fault.h"
#include "http.h"
#include "model.h"
#include "options.h"
#include "server.h"
#include "store.h"
#include "util.h"

/* Built-in texts have apostrophes for quotes. */
static json_t *load_default(const char *text)
{
	cleanup_text char *json = text_copy(text);
	json_error_t error;
	json_t *value;

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(json, 0, &error);
	if (!value)
		die("built-in JSON: %s near %d", error.text, error.position);
	return value;
}

static json_t *load(const char *file, const char *text)
{
	json_error_t error;
	json_t *value;

	if (!file)
		return load_default(text);
	value = json_load_file(file, JSON_ALLOW_NUL, &error);
	if (!value)
		die("%s:%d: %s", file, error.line, error.text);
	return value;
}

static void fill_store(struct api *api, const char *settings_file)
{
	json_auto_t *raw = load(settings_file, default_settings);
	cleanup_text char *text = json_dumps(raw, JSON_COMPACT);
	cleanup_text char *why = NULL;
	json_auto_t *settings = model_parse(&settings_model, text, strlen(text), &why);
	json_auto_t *services = default_services();
	json_auto_t *files = default_configuration_files();

	if (!settings)
		die("%s: %s", settings_file ? settings_file : "settings", why);
	api->store = store_new();
	if (!store_load(api->store, settings, "settings") ||
	    !store_load(api->store, services, "services") ||
	    !store_load(api->store, files, "configuration-files"))
		die("a name is invalid in a key");
}

static void fill_weak(const struct options *options)
{
	struct store *store = options->api.store;
	json_t *key;
	size_t i;

	json_array_foreach(options->weak, i, key)
		store_weaken(store, json_string_value(key));
	if (options->updated)
		store_update(store);
}

static void prepare(struct options *options)
{
	struct api *api = &options->api;

	srand((unsigned int)(time(NULL) ^ getpid()));
	fill_store(api, options->settings);
	fill_weak(options);
	api->os = load(options->os, default_os);
	if (options->variant)
		json_object_set_new(api->os, "variant_id", json_string(options->variant));
	if (!api->on_apply)
		return;
	if (!api->save)
		api->save = options->own_save =
			text_format("%s.settings", options->socket);
	api_save(api);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		die("%s: path too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, 0660) || listen(fd, SOMAXCONN))
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* From here on a signal is something to read, not an interruption. */
static int catch_stop(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* The parent waits for a byte that the child sends once it serves. */
static int split_off(void)
{
	int ready[2];
	char byte;
	pid_t child;

	if (pipe2(ready, O_CLOEXEC))
		die("pipe failed");
	child = fork();
	if (child < 0)
		die("fork failed");
	if (child == 0) {
		close(ready[0]);
		setsid();
		return ready[1];
	}
	close(ready[1]);
	_exit(read(ready[0], &byte, 1) == 1 ? 0 : 1);
}

static void write_pid(const char *path)
{
	FILE *file;

	if (!path)
		return;
	file = fopen(path, "we");
	if (!file)
		die("%s: %s", path, strerror(errno));
	fprintf(file, "%d\n", (int)getpid());
	if (fclose(file))
		die("%s: %s", path, strerror(errno));
}

static void report_ready(int ready)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (ready < 0) {
		puts("ready");
		fflush(stdout);
		return;
	}
	/* Detach from the terminal, or from the pipe of a command substitution. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			die("dup2 failed");
	if (write(ready, "", 1) != 1)
		die("the parent is gone");
	close(ready);
	close(null);
}

static ino_t inode_of(const char *path)
{
	struct stat found;

	return lstat(path, &found) ? 0 : found.st_ino;
}

/* Remove the pid file last: once it is gone, everything is. */
static void clean_up(struct options *options, struct server *server)
{
	/* Another stub may already have created its socket there. */
	if (inode_of(options->socket) == options->inode)
		unlink(options->socket);
	if (options->own_save)
		unlink(options->own_save);
	free(options->own_save);
	if (server->log)
		fclose(server->log);
	fault_free(options->faults);
	store_free(options->api.store);
	json_decref(options->api.os);
	json_decref(options->api.disks);
	json_decref(options->weak);
	if (options->pid_file)
		unlink(options->pid_file);
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct server server = {.api = &options.api};
	int ready = -1;
	int listener;

	options_read(&options, argc, argv);
	if (options.daemonize)
		ready = split_off();
	prepare(&options);
	server.faults = options.faults;
	server.log = options.log ? fopen(options.log, "ae") : NULL;
	if (options.log && !server.log)
		die("%s: %s", options.log, strerror(errno));
	server.stop = catch_stop();
	listener = listen_at(options.socket);
	options.inode = inode_of(options.socket);
	write_pid(options.pid_file);
	report_ready(ready);
	while (server_run(&server, listener)) {
		close(listener);
		listener = listen_at(options.socket);
		options.inode = inode_of(options.socket);
	}
	close(listener);
	close(server.stop);
	clean_up(&options, &server);
	return 0;
}
