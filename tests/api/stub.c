/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* api-stub - plays the API of a Bottlerocket host for tests. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
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
#include "server.h"
#include "store.h"
#include "util.h"

static const char usage[] =
	"Usage: api-stub [OPTION]... SOCKET\n"
	"Serve the API of a Bottlerocket host on a unix socket until SIGTERM.\n"
	"\n"
	"  --settings FILE   initial settings as JSON, in the form of GET /settings\n"
	"  --weak KEY        a setting that an update of the OS drops, such as\n"
	"                    settings.motd (repeatable); a commit of it makes it strong\n"
	"  --updated         the OS has just been updated\n"
	"  --os FILE         the answer to GET /os as JSON\n"
	"  --variant ID      variant_id in it\n"
	"  --disk PATH       an ephemeral disk, as in /dev/disk/ephemeral (repeatable)\n"
	"  --lockdown        the data store is out of reach\n"
	"  --log FILE        append METHOD TARGET STATUS BYTES for each request\n"
	"  --save FILE       write the live settings there after each commit\n"
	"  --on-apply CMD    run CMD after each apply, with the changed keys as a JSON\n"
	"                    array on stdin and STUB_SETTINGS naming the settings file\n"
	"  --core-kit VERSION\n"
	"                    core kit whose server this is: 3.1.1 (default), 6.0 (commits\n"
	"                    are checked), 10.8 (bind keeps what is mounted), 11.0 (bind\n"
	"                    without init does nothing), 12.3 and so on; or --kit\n"
	"  --on-storage CMD  run CMD for init and bind, which fail if it does: STUB_ACTION\n"
	"                    is init or bind, STUB_DEVICE what is to be mounted (bind),\n"
	"                    STUB_NAMES the disks or targets\n"
	"  --fault SPEC      METHOD PATH-PREFIX[#N]=KIND (repeatable); KIND is one of\n"
	"                    slow:MS drip:MS half close reset hang garbage endless badjson\n"
	"                    wrongtype[:JSON] status:CODE[:TEXT] huge:BYTES[:chunked]\n"
	"                    ones:BYTES restart\n"
	"  --daemonize       return as soon as the socket answers\n"
	"  --pid-file FILE   write the process id there\n"
	"  --help\n";

struct options {
	const char *socket;
	ino_t inode; /* of the socket */
	const char *settings;
	const char *os;
	const char *variant;
	const char *log;
	const char *pid_file;
	char *own_save; /* a file that only the apply command needs */
	bool daemonize;
	struct fault *faults;
	json_t *weak; /* names of settings */
	bool updated;
	struct api api;
};

static int read_kit(const char *text)
{
	int major, minor;

	if (sscanf(text, "%d.%d", &major, &minor) != 2 || minor > 99)
		die("--core-kit %s: must be MAJOR.MINOR", text);
	return major * 100 + minor;
}

static void read_option(struct options *options, int option)
{
	switch (option) {
	case 's': options->settings = optarg; break;
	case 'o': options->os = optarg; break;
	case 'w': json_array_append_new(options->weak, json_string(optarg)); break;
	case 'u': options->updated = true; break;
	case 'v': options->variant = optarg; break;
	case 'd': json_array_append_new(options->api.disks, json_string(optarg)); break;
	case 'L': options->api.lockdown = true; break;
	case 'l': options->log = optarg; break;
	case 'S': options->api.save = optarg; break;
	case 'a': options->api.on_apply = optarg; break;
	case 'k': options->api.kit = read_kit(optarg); break;
	case 'b': options->api.on_storage = optarg; break;
	case 'f': fault_add(&options->faults, optarg); break;
	case 'D': options->daemonize = true; break;
	case 'p': options->pid_file = optarg; break;
	case 'h': fputs(usage, stdout); exit(0);
	default: fputs(usage, stderr); exit(2);
	}
}

static void read_options(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{"settings", required_argument, NULL, 's'},
		{"weak", required_argument, NULL, 'w'},
		{"updated", no_argument, NULL, 'u'},
		{"os", required_argument, NULL, 'o'},
		{"variant", required_argument, NULL, 'v'},
		{"disk", required_argument, NULL, 'd'},
		{"lockdown", no_argument, NULL, 'L'},
		{"log", required_argument, NULL, 'l'},
		{"save", required_argument, NULL, 'S'},
		{"on-apply", required_argument, NULL, 'a'},
		{"core-kit", required_argument, NULL, 'k'},
		{"kit", required_argument, NULL, 'k'},
		{"on-storage", required_argument, NULL, 'b'},
		{"fault", required_argument, NULL, 'f'},
		{"daemonize", no_argument, NULL, 'D'},
		{"pid-file", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	options->api.disks = json_array();
	options->weak = json_array();
	options->api.kit = 301;
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		read_option(options, option);
	if (optind != argc - 1)
		read_option(options, '?');
	options->socket = argv[optind];
}

/* The built-in texts have apostrophes for quotes. */
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
		die("a name is not fit for a key");
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

/* From here on the end is a thing to read, not an interruption. */
static int catch_stop(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* The parent waits for a byte that only a child in working order sends. */
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

static void tell_ready(int ready)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (ready < 0) {
		puts("ready");
		fflush(stdout);
		return;
	}
	/* Let go of the terminal, or of the pipe of a shell's substitution. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			die("dup2 failed");
	if (write(ready, "", 1) != 1)
		die("nobody waits");
	close(ready);
	close(null);
}

static ino_t inode_of(const char *path)
{
	struct stat found;

	return lstat(path, &found) ? 0 : found.st_ino;
}

/* The pid file goes last: once it is gone, all is. */
static void clean_up(struct options *options, struct server *server)
{
	/* A successor may already have put its own socket there. */
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

	read_options(&options, argc, argv);
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
	tell_ready(ready);
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
